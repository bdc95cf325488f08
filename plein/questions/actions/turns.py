# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking people of a ring: each once, and nobody too often."""

from collections.abc import Iterable
from uuid import UUID

from plein.core.events import publish
from plein.core.isolation import workspace_id
from plein.questions.events import ColleagueAsked, TurnOver
from plein.questions.models import Asked, Question
from plein.questions.queries.keeper import ASKED, call
from plein.relations.models import Relation
from plein.trust.circles import circle_of_people, only_me


def open_turn(question: Question, person: Relation, ring: int, previous: str = "", remark: str = "") -> str:
    """Ask one person; what came of it. A job puts it on their list, in their name."""
    circle = circle_of_people([person.seat_id] if person.seat_id else [])
    statement = "SELECT plein_questions_turn(%s, %s, %s, %s, %s, %s)"
    [told] = call(statement, question.id, person.id, circle, ring, previous, remark)
    if told["outcome"] == ASKED:
        publish(ColleagueAsked(workspace_id(), UUID(told["user"]), UUID(told["turn"]), question.expires_at))
    return str(told["outcome"])


def ask_ring(question: Question, people: Iterable[Relation], ring: int) -> list[Relation]:
    """Ask these people as a ring of a question of one's own; those who were asked."""
    asked = [one for one in people if open_turn(question, one, ring) == ASKED]
    for one in asked:
        Asked.objects.create(question=question, person=one, ring=ring, own_circle_id=only_me())
    return asked


def close_turns(question_id: UUID) -> None:
    """Nobody need answer a question of one's own any more."""
    for told in call("SELECT plein_questions_close(%s)", question_id):
        publish(TurnOver(workspace_id(), UUID(told["user"]), UUID(told["turn"])))
