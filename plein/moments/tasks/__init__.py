# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of contact moments. A job carries ids only; it enters as the user who asked for it, or whom it is for."""

from plein.moments.tasks.everyday import (
    ask_administrators,
    enqueue_import,
    enqueue_scan,
    enqueue_undo,
    import_mail,
    plan_further,
    revive_imports,
    scan_mail,
    tell_reminders,
    undo_import,
)
from plein.moments.tasks.hearing import enqueue_visit, visit_connection, visit_due
from plein.moments.tasks.recognising import (
    enqueue_brought_in,
    enqueue_changed,
    enqueue_learning,
    enqueue_reading_again,
    enqueue_recorded,
    enqueue_written,
    learn,
    learn_all,
    recognise_all,
    recognise_moments,
    recognise_since,
)

__all__ = [
    "ask_administrators",
    "enqueue_brought_in",
    "enqueue_changed",
    "enqueue_import",
    "enqueue_learning",
    "enqueue_reading_again",
    "enqueue_recorded",
    "enqueue_scan",
    "enqueue_undo",
    "enqueue_visit",
    "enqueue_written",
    "import_mail",
    "learn",
    "learn_all",
    "plan_further",
    "recognise_all",
    "recognise_moments",
    "recognise_since",
    "revive_imports",
    "scan_mail",
    "tell_reminders",
    "undo_import",
    "visit_connection",
    "visit_due",
]
