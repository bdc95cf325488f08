# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class ColleagueAsked(Event):
    """A colleague is asked for an introduction; `user_id` is theirs."""

    workspace: int
    user_id: UUID
    turn_id: UUID


@dataclass(frozen=True, slots=True)
class TurnOver(Event):
    """A colleague need not answer any more."""

    workspace: int
    user_id: UUID
    turn_id: UUID


@dataclass(frozen=True, slots=True)
class RequestMoved(Event):
    """A request was passed on, made or ended; `user_id` is of who asked."""

    workspace: int
    user_id: UUID
    request_id: UUID


@dataclass(frozen=True, slots=True)
class LetterReady(Event):
    """A letter of the house waits for somebody from outside; `user_id` is of who asked."""

    workspace: int
    user_id: UUID
    turn_id: UUID
