# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with channels: bring mail in, and say through which server mail goes out."""

from plein.channels.actions.connections import (
    HearingWishes,
    add_connection,
    look_first,
    look_into,
    pause_connection,
    remove_connection,
    resume_connection,
    set_connection,
    start_hearing,
    stay_removed,
    visit_now,
)
from plein.channels.actions.imports import (
    CannotImport,
    Wishes,
    cancel_import,
    pause_import,
    plan_import,
    resume_import,
    start_import,
    undo_import,
)
from plein.channels.actions.mail_server import (
    CannotUse,
    ServerFacts,
    remove_mail_server,
    set_mail_server,
    try_mail_server,
)

__all__ = [
    "CannotImport",
    "CannotUse",
    "HearingWishes",
    "ServerFacts",
    "Wishes",
    "add_connection",
    "cancel_import",
    "look_first",
    "look_into",
    "pause_connection",
    "pause_import",
    "plan_import",
    "remove_connection",
    "remove_mail_server",
    "resume_connection",
    "resume_import",
    "set_connection",
    "set_mail_server",
    "start_hearing",
    "start_import",
    "stay_removed",
    "try_mail_server",
    "undo_import",
    "visit_now",
]
