# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job that makes the cells of a field with many values. It may run twice, and stop anywhere, without harm."""

import logging
from time import sleep
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.metadata.actions.indexing import START, done, fill_batch, is_done, mark, values_models
from plein.metadata.events import FieldAskedFor
from plein.metadata.models import Field
from plein.trust.models import User
from plein.trust.seats import NoSeat, entered, user_of_job

logger = logging.getLogger(__name__)
__all__ = ["FieldAskedFor", "enqueue_filling", "fill_cells"]
PATIENT = RetryStrategy(max_attempts=20, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})
#: So often, and so many seconds apart, we look whether no writer is at work that knows nothing of the field yet.
ATTEMPTS, PAUSE = 120, 0.5


class Busy(OperationalError):
    """Writers were at work all the time; the job is tried again later."""


@app.task(name="metadata.fill_cells", retry=PATIENT)
def fill_cells(*, workspace: int, user: str, field_id: str) -> None:
    """Make the cells of a field, some thousands at a time, each in a transaction of its own."""
    refresh_connection()
    who = user_of_job(user)
    try:
        _fill(who, workspace, UUID(field_id))
    except (NoSeat, Field.DoesNotExist) as reason:
        logger.info("cells of field %s: %s", field_id, reason)


def _fill(who: User, workspace: int, field_id: UUID) -> None:
    for _attempt in range(ATTEMPTS):
        with entered(who, workspace, door="worker"):
            field = Field.objects.get(id=field_id)
            if is_done(field):
                return
            if mark(field):
                break
        sleep(PAUSE)
    else:
        raise Busy(f"writers were at work all the time: {field_id}")
    for model in values_models():
        last: UUID | None = START
        while last is not None:
            with entered(who, workspace, door="worker"):
                last = fill_batch(field, model, last)
    with entered(who, workspace, door="worker"):
        done(field)


def enqueue_filling(event: FieldAskedFor) -> None:
    """React to a field that is asked for the first time."""
    try:
        with transaction.atomic():
            waiting = fill_cells.configure(queueing_lock=f"cells:{event.field_id}")
            waiting.defer(field_id=str(event.field_id), **job_context())
    except AlreadyEnqueued:
        logger.debug("cells of field %s are waiting to be made already", event.field_id)
