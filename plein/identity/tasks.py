# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of identity: how common names are, counted each night, and comparing the whole book.

A job carries ids only; it enters as the user who asked for it.
"""

import logging
from contextlib import suppress
from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.leases import AtWork
from plein.identity.actions import measure_names
from plein.identity.book.running import Runner
from plein.identity.events import BookAsked
from plein.identity.models import BookRun
from plein.trust.models import Role
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered, user_of_job

__all__ = ["BookAsked", "compare_book", "enqueue_book"]

logger = logging.getLogger(__name__)
#: The database went away, or the worker is being stopped: another one goes on, an hour long at most.
PATIENT = RetryStrategy(
    max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError, JobAborted}
)


@app.task(name="identity.compare_book", queue="bulk", retry=PATIENT, pass_context=True)
def compare_book(context: JobContext, *, workspace: int, user: str, run_id: str) -> None:
    """Compare the whole book, from where it stopped."""
    refresh_connection()
    runner = Runner(user_of_job(user), workspace, UUID(run_id), should_stop=context.should_abort)
    try:
        runner.carry_out()
    except (AtWork, NoSeat, BookRun.DoesNotExist) as reason:
        logger.info("comparing of the book %s: %s", run_id, reason)
    if context.should_abort():
        raise JobAborted


def enqueue_book(event: BookAsked) -> None:
    """React to the book being compared."""
    compare_book.defer(run_id=str(event.run_id), **job_context())


@app.periodic(cron="20 3 * * *")
@app.task(name="identity.measure_names", queueing_lock="measure_names", pass_context=False)
def measure_each_night(timestamp: int) -> None:
    """In every workspace, as one of its owners: what is counted is what everyone there sees."""
    del timestamp
    refresh_connection()
    owners = {
        seat.workspace_id: seat.user
        for seat in every_seat()
        if seat.is_active and seat.user.is_active and seat.role == Role.OWNER
    }
    for workspace, owner in owners.items():
        with suppress(NoSeat), entered(owner, workspace, door="worker") as actor:
            measure_names(actor=actor)
