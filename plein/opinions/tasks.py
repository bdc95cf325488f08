# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking in the queue: soon after texts were read, and each hour what was left for want of budget or of an answer."""

from contextlib import suppress
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from plein.core.connections import refresh_connection
from plein.core.isolation import workspace_id
from plein.moments.events import MomentsRecognised
from plein.opinions.events import EndpointChosen
from plein.opinions.queries import endpoint
from plein.opinions.turn import run_for
from plein.trust.models import Role, Seat
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered, user_of_job

__all__ = ["EndpointChosen", "ask_left", "ask_unsure", "enqueue_asking"]
QUEUE = "opinions"
PATIENT = RetryStrategy(max_attempts=10, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})
#: So long one waits for what else is read.
WAIT = 20
#: And so long one asks before others have their turn, in seconds.
AT_A_STRETCH = 60.0


@app.task(name="opinions.ask_unsure", queue=QUEUE, retry=PATIENT, pass_context=True, priority=-3)
def ask_unsure(context: JobContext, *, workspace: int, user: str) -> None:
    """Ask about the texts of a company that Plein is not sure of."""
    refresh_connection()
    until = monotonic() + AT_A_STRETCH
    run_for(user_of_job(user), workspace, lambda: context.should_abort() or monotonic() > until)
    if monotonic() > until and not context.should_abort():
        # Others wait too: whoever looks after a model that takes its time steps back in the row.
        _defer(workspace, user)


@app.periodic(cron="7 * * * *")
@app.task(name="opinions.ask_left", queue=QUEUE, queueing_lock="ask_left", pass_context=False)
def ask_left(timestamp: int) -> None:
    """Each hour: ask on where texts were left."""
    del timestamp
    refresh_connection()
    for seat in every_seat():
        if seat.role == Role.OWNER and seat.is_active and seat.user.is_active:
            with suppress(NoSeat), entered(seat.user, seat.workspace_id, door="worker"):
                _enqueue()


def enqueue_asking(event: MomentsRecognised | EndpointChosen) -> None:
    """React to texts that were read, and to a language model that may be asked: without one nothing happens."""
    del event
    _enqueue()


def _enqueue() -> None:
    found = endpoint()
    if found is None or found.agreed_by_id is None:
        return
    user = Seat.objects.filter(id=found.agreed_by_id).values_list("user_id", flat=True).first()
    if user is None:
        return
    _defer(workspace_id(), str(user))


def _defer(workspace: int, user: str) -> None:
    name = f"opinions {workspace}"
    job = ask_unsure.configure(priority=-3, queueing_lock=name, lock=name, schedule_in={"seconds": WAIT})
    # The savepoint: one that waits already must not undo what was kept.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(workspace=workspace, user=user)
