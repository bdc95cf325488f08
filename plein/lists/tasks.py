# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of lists. A job carries ids only; it enters as the user who asked for it."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.leases import AtWork
from plein.core.operations import CannotUndo, Chosen
from plein.lists.bulk.actions import note_not_undone, note_undone
from plein.lists.bulk.models import BulkRun
from plein.lists.bulk.runner import Runner
from plein.lists.events import BulkResumed as BulkResumed
from plein.lists.events import UndoAsked as UndoAsked
from plein.trust.actions import undo_operation
from plein.trust.seats import NoSeat, entered, user_of_job

logger = logging.getLogger(__name__)
QUEUE = "bulk"
#: A worker that was not heard for this long is gone; a living one says every three seconds that it lives.
SILENT_SECONDS = 10
#: The database went away: wait for it, an hour at most.
PATIENT = RetryStrategy(
    max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError, JobAborted}
)


@app.task(name="lists.change_many", queue=QUEUE, retry=PATIENT, pass_context=True)
def change_many(context: JobContext, *, workspace: int, user: str, run_id: str) -> None:
    """Carry an act on many rows through, from where it stopped."""
    refresh_connection()
    runner = Runner(user_of_job(user), workspace, UUID(run_id), should_stop=context.should_abort)
    try:
        runner.carry_out()
    except (AtWork, NoSeat, BulkRun.DoesNotExist) as reason:
        logger.info("change of many %s: %s", run_id, reason)
    if context.should_abort():
        # The worker is being stopped: the next one goes on from here.
        raise JobAborted


@app.task(name="lists.undo_operation", queue=QUEUE, retry=PATIENT)
def undo(*, workspace: int, user: str, operation_id: str, anyway: Sequence[Sequence[Any]] = ()) -> None:
    """Turn an operation back, in one transaction."""
    refresh_connection()
    who = user_of_job(user)
    with entered(who, workspace, door="worker") as actor, translation.override(who.language):
        try:
            with transaction.atomic():
                chosen = [Chosen(UUID(row), last) for row, last in anyway]
                result = undo_operation(actor=actor, operation_id=UUID(operation_id), anyway=chosen)
                note_undone(UUID(operation_id), result)
        except (CannotUndo, PermissionDenied) as reason:
            logger.info("undo of %s: %s", operation_id, reason)
            if str(reason) != "undone":
                note_not_undone(UUID(operation_id), _("It could not be turned back."))


@app.periodic(cron="* * * * * */5")
@app.task(name="lists.revive", queue=QUEUE, queueing_lock="revive_bulk", pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died to another one; the lease keeps a slow one from writing along."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENT_SECONDS):
        logger.warning("job %s of a worker that is gone is tried again", job.id)
        await manager.retry_job(job)


def enqueue_change(event: BulkResumed) -> None:
    """React to an act on many rows that begins or goes on."""
    change_many.defer(run_id=str(event.run_id), **job_context())


def enqueue_undo(event: UndoAsked) -> None:
    """React to an operation that is to be turned back."""
    anyway = [[str(row), last] for row, last in event.anyway]
    undo.defer(operation_id=str(event.operation_id), anyway=anyway, **job_context())
