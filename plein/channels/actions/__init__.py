# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with channels: bring mail in, and say through which server mail goes out."""

from plein.channels.actions.addresses import (
    close_drop_box,
    drop_address,
    drop_alias,
    open_drop_box,
    prove_alias,
    send_proof,
    want_alias,
)
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
from plein.channels.actions.hubs import heed_hub, note_hub
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
    "close_drop_box",
    "drop_address",
    "drop_alias",
    "heed_hub",
    "look_first",
    "look_into",
    "note_hub",
    "open_drop_box",
    "pause_connection",
    "pause_import",
    "plan_import",
    "prove_alias",
    "remove_connection",
    "remove_mail_server",
    "resume_connection",
    "resume_import",
    "send_proof",
    "set_connection",
    "set_mail_server",
    "start_hearing",
    "start_import",
    "stay_removed",
    "try_mail_server",
    "undo_import",
    "visit_now",
    "want_alias",
]
