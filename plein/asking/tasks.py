# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of requests for introductions. A job carries ids only, and enters as who asked or as who is asked."""

from contextlib import suppress
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.urls import reverse
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from plein.asking import actions
from plein.asking.actions import link_in_mail, take_back_request
from plein.asking.events import ColleagueAsked, LetterReady, RequestMoved, TurnOver
from plein.asking.models import IntroductionRequest, Turn
from plein.asking.places import answered_at
from plein.asking.queries.keeper import calls, clear, overdue
from plein.asking.vocabulary import LINK
from plein.channels.letters import Letter
from plein.channels.post import PostRefused, PostUncertain, post
from plein.core.connections import refresh_connection
from plein.core.events import publish
from plein.core.isolation import Context, workspace_context
from plein.trust.letters import whole_address
from plein.trust.seats import NoSeat, entered, user_of_job

__all__ = [
    "LINK",
    "ColleagueAsked",
    "LetterReady",
    "RequestMoved",
    "TurnOver",
    "answered_at",
    "enqueue_end",
    "enqueue_letter",
    "enqueue_next",
    "enqueue_turn",
    "expire",
    "give_turn",
    "go_on",
    "link_in_mail",
    "post_letter",
    "take_back_request",
    "take_turn_away",
]
PATIENT = RetryStrategy(max_attempts=20, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})
#: A letter that was refused for now is tried so often, within a day; nobody has it in between.
TRIES = 6


class NotTaken(RuntimeError):
    """The mail server did not take a letter just now; the job is tried again."""


@app.task(name="asking.go_on", retry=PATIENT)
def go_on(*, workspace: int, user: str, request: str) -> None:
    """Ask the next person, or tell what came of it."""
    refresh_connection()
    asker = user_of_job(user)
    with suppress(NoSeat), entered(asker, workspace, door="worker") as actor:
        found = IntroductionRequest.objects.filter(id=UUID(request)).select_related("target").first()
        if found is None or not actor.can_write:
            return
        later = actions.ask_next(actor=actor, request=found) if found.is_underway else None
        if later is not None:
            go_on.configure(schedule_at=later.at).defer(workspace=workspace, user=user, request=request)
        actions.finish_request(actor=actor, request=found)


@app.task(name="asking.give_turn", retry=PATIENT)
def give_turn(*, workspace: int, user: str, turn: str) -> None:
    """Put it on the list of the colleague who is asked."""
    refresh_connection()
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        found = Turn.objects.filter(id=UUID(turn)).select_related("target", "asker__user").first()
        if found is not None and actor.can_write:
            address = whole_address(reverse("asking:turn", args=[found.id]))
            actions.give_turn(actor=actor, turn=found, address=address)


@app.task(name="asking.take_turn_away", retry=PATIENT)
def take_turn_away(*, workspace: int, user: str, turn: str) -> None:
    """Take it off that list."""
    refresh_connection()
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        found = Turn.objects.filter(id=UUID(turn)).first()
        if found is not None and actor.can_write:
            actions.take_turn_away(actor=actor, turn=found)


@app.task(
    name="asking.post_letter",
    retry=RetryStrategy(
        max_attempts=TRIES,
        wait=60,
        exponential_wait=6,
        retry_exceptions={OperationalError, InterfaceError, NotTaken},
    ),
    pass_context=True,
)
def post_letter(context: JobContext, *, workspace: int, user: str, turn: str) -> None:
    """Send the letter to somebody from outside, once. Each step is a transaction of its own."""
    refresh_connection()
    asker, turn_id = user_of_job(user), UUID(turn)
    with suppress(NoSeat):
        with entered(asker, workspace, door="worker") as actor:
            leaving = actions.begin_letter(actor=actor, turn_id=turn_id)
        if leaving is None:
            return
        letter = Letter(to=(leaving.to,), subject=leaving.subject, text=leaving.text, is_secret=True)
        try:
            with entered(asker, workspace, door="worker"):
                post(letter)
        except PostUncertain:
            # Perhaps it is there. It is not sent again; without an answer the request ends by itself.
            return
        except PostRefused as refusal:
            with entered(asker, workspace, door="worker") as actor:
                actions.retry_letter(actor=actor, turn_id=turn_id)
                if refusal.permanent or context.job.attempts + 1 >= TRIES:
                    actions.stop_turn(actor=actor, turn_id=turn_id)
                    return
            raise NotTaken from refusal
        with entered(asker, workspace, door="worker") as actor:
            actions.end_letter(actor=actor, turn_id=turn_id)


@app.periodic(cron="17 * * * *")
@app.task(name="asking.expire", queueing_lock="expire_requests", pass_context=False)
def expire(timestamp: int) -> None:
    """Each hour: end what waited long enough, and let go of what ended a year ago."""
    del timestamp
    refresh_connection()
    for workspace in overdue():
        with workspace_context(Context(workspace_id=workspace, door="worker")):
            for told in list(calls("SELECT plein_asking_expire()")):
                asker, request = told.id("user"), told.id("request")
                asked, turn = told.id("asked"), told.id("turn")
                if asker and request:
                    publish(RequestMoved(workspace, asker, request))
                if asked and turn:
                    publish(TurnOver(workspace, asked, turn))
            clear()


def enqueue_turn(event: ColleagueAsked) -> None:
    """Give it to them."""
    give_turn.defer(workspace=event.workspace, user=str(event.user_id), turn=str(event.turn_id))


def enqueue_end(event: TurnOver) -> None:
    """Take it off their list."""
    take_turn_away.defer(workspace=event.workspace, user=str(event.user_id), turn=str(event.turn_id))


def enqueue_next(event: RequestMoved) -> None:
    """Let it go on."""
    go_on.defer(workspace=event.workspace, user=str(event.user_id), request=str(event.request_id))


def enqueue_letter(event: LetterReady) -> None:
    """Have it sent."""
    post_letter.defer(workspace=event.workspace, user=str(event.user_id), turn=str(event.turn_id))
