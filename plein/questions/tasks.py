# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of questions to the square. A job carries ids only, and enters as who asked or as who is asked."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from plein.core.connections import refresh_connection
from plein.questions import actions
from plein.questions.actions import take_back_answer, take_back_outside, take_back_question
from plein.questions.events import ColleagueAsked, QuestionAnswered, QuestionPassed, RingAsked, TurnOver
from plein.questions.models import Answer, Turn
from plein.trust.letters import whole_address
from plein.trust.seats import NoSeat, entered, user_of_job

__all__ = [
    "ColleagueAsked",
    "QuestionAnswered",
    "QuestionPassed",
    "RingAsked",
    "TurnOver",
    "enqueue_end",
    "enqueue_news",
    "enqueue_next_ring",
    "enqueue_turn",
    "enqueue_widening",
    "give_turn",
    "take_back_answer",
    "take_back_outside",
    "take_back_question",
    "take_turn_away",
    "tell_of_answer",
    "widen",
]
PATIENT = RetryStrategy(max_attempts=20, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})
#: A job that is planned for a time comes a little after it, so that it is there.
AFTER = timedelta(seconds=5)


@app.task(name="questions.give_turn", retry=PATIENT)
def give_turn(*, workspace: int, user: str, turn: str) -> None:
    """Put it on the list of the colleague who is asked, after their quiet hours."""
    refresh_connection()
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        found = Turn.objects.filter(id=UUID(turn)).select_related("question__seat__user").first()
        if found is None or not actor.can_write:
            return
        address = whole_address(reverse("questions:question", args=[found.question_id]))
        later = actions.give_turn(actor=actor, turn=found, address=address)
        if later is not None:
            give_turn.configure(schedule_at=later + AFTER).defer(workspace=workspace, user=user, turn=turn)


@app.task(name="questions.take_turn_away", retry=PATIENT)
def take_turn_away(*, workspace: int, user: str, turn: str) -> None:
    """Take it off that list."""
    refresh_connection()
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        found = Turn.objects.filter(id=UUID(turn)).select_related("question").first()
        if found is not None and actor.can_write:
            actions.take_turn_away(actor=actor, turn=found)


@app.task(name="questions.widen", retry=PATIENT)
def widen(*, workspace: int, user: str, question: str, ring: int, is_passed: bool = False) -> None:
    """Ask the next ring, when this one passed it on or did not answer."""
    refresh_connection()
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        if actor.can_write:
            actions.widen_question(actor=actor, question_id=UUID(question), ring=ring, is_passed=is_passed)


@app.task(name="questions.tell_of_answer", retry=PATIENT)
def tell_of_answer(*, workspace: int, user: str, answer: str) -> None:
    """Tell who asked."""
    refresh_connection()
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        found = Answer.objects.filter(id=UUID(answer)).first()
        if found is not None:
            actions.tell_of_answer(actor=actor, answer=found)


def enqueue_turn(event: ColleagueAsked) -> None:
    """Give it to them, and take it off their list when its time is over."""
    user, turn = str(event.user_id), str(event.turn_id)
    give_turn.defer(workspace=event.workspace, user=user, turn=turn)
    later = take_turn_away.configure(schedule_at=event.until + AFTER)
    later.defer(workspace=event.workspace, user=user, turn=turn)


def enqueue_end(event: TurnOver) -> None:
    """Take it off their list."""
    take_turn_away.defer(workspace=event.workspace, user=str(event.user_id), turn=str(event.turn_id))


def enqueue_next_ring(event: RingAsked) -> None:
    """Ask the next ring when its time comes."""
    later = widen.configure(schedule_at=event.until + AFTER)
    later.defer(workspace=event.workspace, user=str(event.user_id), question=str(event.question_id), ring=event.ring)


def enqueue_widening(event: QuestionPassed) -> None:
    """Ask the next ring now."""
    widen.defer(
        workspace=event.workspace,
        user=str(event.user_id),
        question=str(event.question_id),
        ring=event.ring,
        is_passed=True,
    )


def enqueue_news(event: QuestionAnswered) -> None:
    """Tell who asked."""
    tell_of_answer.defer(workspace=event.workspace, user=str(event.user_id), answer=str(event.answer_id))
