# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every write a user sees belongs to an operation; from its recorded changes come history, audit and undo."""

from plein.core.operations.conflict import EditConflict, save_edit
from plein.core.operations.history import (
    ChangeLine,
    RemovedRecord,
    Wanted,
    changes_about,
    look_at,
    recent_operations,
    recycle_bin,
    recycle_page,
)
from plein.core.operations.outlook import Chosen, Conflict, Outlook, conflicts_of, outlook
from plein.core.operations.recording import UNDO_DAYS, begin, operation
from plein.core.operations.undo import CannotUndo, UndoResult, preview_undo, undo, when_turned_back

__all__ = [
    "UNDO_DAYS",
    "CannotUndo",
    "ChangeLine",
    "Chosen",
    "Conflict",
    "EditConflict",
    "Outlook",
    "RemovedRecord",
    "UndoResult",
    "Wanted",
    "begin",
    "changes_about",
    "conflicts_of",
    "look_at",
    "operation",
    "outlook",
    "preview_undo",
    "recent_operations",
    "recycle_bin",
    "recycle_page",
    "save_edit",
    "undo",
    "when_turned_back",
]
