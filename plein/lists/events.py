# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class BulkResumed(Event):
    """An act on many rows begins, or goes on, in the background."""

    run_id: UUID


@dataclass(frozen=True, slots=True)
class UndoAsked(Event):
    """An operation with many changes is to be turned back in the background."""

    operation_id: UUID
    anyway: tuple[tuple[UUID, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BulkEnded(Event):
    """An act on many rows that ran in the background is over: whoever began it may be told."""

    run_id: UUID
    seat_id: UUID
