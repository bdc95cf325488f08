# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class ColleagueAsked(Event):
    """A colleague is asked a question; `user_id` is theirs."""

    workspace: int
    user_id: UUID
    turn_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class TurnOver(Event):
    """A colleague need not answer any more."""

    workspace: int
    user_id: UUID
    turn_id: UUID


@dataclass(frozen=True, slots=True)
class RingAsked(Event):
    """A ring of people was asked; at `until` the next one is, without an answer. `user_id` is of who asked."""

    workspace: int
    user_id: UUID
    question_id: UUID
    ring: int
    until: datetime


@dataclass(frozen=True, slots=True)
class QuestionPassed(Event):
    """Somebody of a ring has it asked further; `user_id` is of who asked."""

    workspace: int
    user_id: UUID
    question_id: UUID
    ring: int


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Event):
    """Somebody answered; `user_id` is of who asked."""

    workspace: int
    user_id: UUID
    answer_id: UUID
