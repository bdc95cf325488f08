# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recognition in the queue: what was just written well and at once; what mail brought in lightly first, then well; and
each night whatever was left, or another model looked at.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, JobAborted

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.ids import now
from plein.moments.actions.learning import learn_from_corrections
from plein.moments.actions.topics import suggest_topics
from plein.moments.events import (
    EnoughSaid,
    MailBroughtIn,
    MomentRecorded,
    ReadOtherwise,
    TextChanged,
    TextsWritten,
    TopicsChanged,
)
from plein.moments.queries.learned import learned_versions, said_since
from plein.moments.recogniser import Recogniser
from plein.recognition.model import LIGHT, STANDARD
from plein.trust.models import Role
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered, user_of_job

logger = logging.getLogger(__name__)
QUEUE = "recognition"
PATIENT = RetryStrategy(
    max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError, JobAborted}
)
#: What is older than this is looked at again only for another model, not for what a company taught.
RECENT = timedelta(days=90)
#: What came since then is read again at once when something was learned.
LATELY = timedelta(days=7)
#: So long one waits for what else is named.
WAIT = 30
MANAGERS = (Role.OWNER, Role.ADMINISTRATOR)


@app.task(name="moments.recognise_moments", queue=QUEUE, retry=PATIENT, pass_context=True)
def recognise_moments(context: JobContext, *, workspace: int, user: str, moments: list[str]) -> None:
    """Look at the texts of these moments."""
    wanted = [UUID(one) for one in moments]
    _turn(context, workspace, user).run(tier=STANDARD, moments=wanted)


@app.task(name="moments.recognise_since", queue=QUEUE, retry=PATIENT, pass_context=True, priority=-1)
def recognise_since(context: JobContext, *, workspace: int, user: str, after: str, tier: str) -> None:
    """Look at all that came after a place: lightly, and then once more and better."""
    refresh_connection()
    try:
        _turn(context, workspace, user).run(tier=tier, after=UUID(after))
    except NoSeat:
        return
    if context.should_abort():
        # The worker is being stopped: the next one goes on with what still waits.
        raise JobAborted
    if tier == LIGHT:
        better = recognise_since.configure(priority=-2)
        better.defer(workspace=workspace, user=user, after=after, tier=STANDARD)


@app.periodic(cron="10 2 * * *")
@app.task(name="moments.recognise_all", queue=QUEUE, queueing_lock="recognise_all", pass_context=True)
def recognise_all(context: JobContext, timestamp: int) -> None:
    """Each night: look at what nobody looked at yet, or another model did; as everybody, each at what they may see."""
    del timestamp
    refresh_connection()
    recent = floor_of(now().timestamp() - RECENT.total_seconds())
    for seat in every_seat():
        if seat.is_active and seat.user.is_active and not context.should_abort():
            turn = Recogniser(seat.user, seat.workspace_id, should_stop=context.should_abort)
            with suppress(NoSeat):
                turn.run(tier=STANDARD, after=recent)
                turn.run(tier=STANDARD, until=recent, is_old=True)


@app.task(name="moments.learn", queue=QUEUE, retry=PATIENT, pass_context=False)
def learn(*, workspace: int) -> None:
    """Learn from what was said in a company, as somebody who manages it."""
    refresh_connection()
    for seat in every_seat():
        if seat.workspace_id == workspace and seat.is_active and seat.user.is_active and seat.role in MANAGERS:
            with suppress(NoSeat), entered(seat.user, workspace, door="worker") as actor:
                learn_from_corrections(actor=actor)
                return


@app.periodic(cron="40 1 * * *")
@app.task(name="moments.learn_all", queue=QUEUE, queueing_lock="learn_all", pass_context=False)
def learn_all(timestamp: int) -> None:
    """Each night: learn where something was said since the last time."""
    del timestamp
    refresh_connection()
    told: set[int] = set()
    for seat in every_seat():
        if seat.workspace_id in told or not (seat.is_active and seat.user.is_active and seat.role in MANAGERS):
            continue
        with suppress(NoSeat), entered(seat.user, seat.workspace_id, door="worker") as actor:
            told.add(seat.workspace_id)
            if said_since(next(iter(learned_versions()), None)):
                learn_from_corrections(actor=actor)


@app.periodic(cron="30 4 * * *")
@app.task(name="moments.suggest_all", queue=QUEUE, queueing_lock="suggest_all", pass_context=False)
def suggest_all(timestamp: int) -> None:
    """Each night, when all was read: look for texts that are alike and have no topic."""
    del timestamp
    refresh_connection()
    told: set[int] = set()
    for seat in every_seat():
        if seat.workspace_id in told or not (seat.is_active and seat.user.is_active and seat.role in MANAGERS):
            continue
        with suppress(NoSeat), entered(seat.user, seat.workspace_id, door="worker") as actor:
            told.add(seat.workspace_id)
            suggest_topics(actor=actor)


def floor_of(seconds: float) -> UUID:
    """The least id that something made at this time has."""
    return UUID(int=max(int(seconds * 1000), 0) << 80)


def enqueue_recorded(event: MomentRecorded) -> None:
    """React to a moment that somebody recorded."""
    recognise_moments.defer(moments=[str(event.moment_id)], **job_context())


def enqueue_changed(event: TextChanged) -> None:
    """React to a text that was written anew."""
    recognise_moments.defer(moments=[str(event.moment_id)], **job_context())


def enqueue_written(event: TextsWritten) -> None:
    """React to texts that came past the actions."""
    if event.moment_ids:
        recognise_moments.configure(priority=-1).defer(moments=list(map(str, event.moment_ids)), **job_context())


def enqueue_brought_in(event: MailBroughtIn) -> None:
    """React to mail that was brought in."""
    recognise_since.defer(after=str(event.import_id), tier=LIGHT, **job_context())


def enqueue_learning(event: EnoughSaid) -> None:
    """React to so many corrections that there is something to learn."""
    del event
    learn.defer(workspace=job_context()["workspace"])


def enqueue_reading_again(event: ReadOtherwise) -> None:
    """React to another choice of what was learned: what came lately is read again soon, the rest at night."""
    del event
    after = floor_of(now().timestamp() - LATELY.total_seconds())
    recognise_since.configure(priority=-2).defer(after=str(after), tier=STANDARD, **job_context())


def enqueue_topics(event: TopicsChanged) -> None:
    """React to other topics: what came in three months is read again, once for all that is named meanwhile."""
    del event
    after, wanted = floor_of(now().timestamp() - RECENT.total_seconds()), job_context()
    try:
        with transaction.atomic():
            waiting = recognise_since.configure(
                priority=-2, queueing_lock=f"topics:{wanted['workspace']}", schedule_in={"seconds": WAIT}
            )
            waiting.defer(after=str(after), tier=STANDARD, **wanted)
    except AlreadyEnqueued:
        logger.debug("the topics of workspace %s wait to be looked for already", wanted["workspace"])


def _turn(context: JobContext, workspace: int, user: str) -> Recogniser:
    refresh_connection()
    return Recogniser(user_of_job(user), workspace, should_stop=context.should_abort)
