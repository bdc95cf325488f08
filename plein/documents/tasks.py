# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files are read in the queue: what just came soon, and each night whatever was left."""

from contextlib import suppress
from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.documents.reading import FileReader
from plein.moments.events import FilesAttached, MomentRecorded, MomentsBroughtIn
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, user_of_job

QUEUE = "documents"
PATIENT = RetryStrategy(
    max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError, JobAborted}
)


@app.task(name="documents.read_files", queue=QUEUE, retry=PATIENT, pass_context=True, priority=-1)
def read_files(context: JobContext, *, workspace: int, user: str, after: str, until: str) -> None:
    """Read the files of the moments between two."""
    refresh_connection()
    with suppress(NoSeat):
        FileReader(user_of_job(user), workspace, context.should_abort).run(after=UUID(after), until=UUID(until))
    if context.should_abort():
        # The worker is being stopped: the next one goes on with what still waits.
        raise JobAborted


@app.periodic(cron="40 2 * * *")
@app.task(name="documents.read_all", queue=QUEUE, queueing_lock="read_all_files", pass_context=True)
def read_all(context: JobContext, timestamp: int) -> None:
    """Each night: read what nobody read yet, or an earlier reader did; as everybody, each what they may see."""
    del timestamp
    refresh_connection()
    for seat in every_seat():
        if seat.is_active and seat.user.is_active and not context.should_abort():
            with suppress(NoSeat):
                FileReader(seat.user, seat.workspace_id, context.should_abort).run()


def enqueue_recorded(event: MomentRecorded) -> None:
    """React to a moment that somebody recorded: files may have come with it."""
    _enqueue(event.moment_id, event.moment_id)


def enqueue_attached(event: FilesAttached) -> None:
    """React to files that somebody attached."""
    _enqueue(event.moment_id, event.moment_id)


def enqueue_brought_in(event: MomentsBroughtIn) -> None:
    """React to moments that came in together."""
    if event.moment_ids:
        _enqueue(min(event.moment_ids), max(event.moment_ids))


def _enqueue(after: UUID, until: UUID) -> None:
    read_files.defer(after=str(after), until=str(until), **job_context())
