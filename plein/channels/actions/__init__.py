# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with channels: bring mail in, and say through which server mail goes out."""

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
    "ServerFacts",
    "Wishes",
    "cancel_import",
    "pause_import",
    "plan_import",
    "remove_mail_server",
    "resume_import",
    "set_mail_server",
    "start_import",
    "try_mail_server",
    "undo_import",
]
