# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job that removes the files of somebody who was erased. It may run twice, and stop anywhere, without harm."""

import logging
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.erasure.actions import finish_erasure, never_back
from plein.erasure.events import PersonErased
from plein.erasure.models import Erasure
from plein.trust.seats import NoSeat, entered, user_of_job

__all__ = ["enqueue_finish", "finish", "never_back"]
logger = logging.getLogger(__name__)
PATIENT = RetryStrategy(max_attempts=20, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})


@app.task(name="erasure.finish", retry=PATIENT)
def finish(*, workspace: int, user: str, erasure_id: str) -> None:
    """Remove the files of an erasure."""
    refresh_connection()
    try:
        with entered(user_of_job(user), workspace, door="worker") as actor:
            finish_erasure(actor=actor, erasure=Erasure.objects.get(id=UUID(erasure_id)))
    except (NoSeat, PermissionDenied, Erasure.DoesNotExist) as reason:
        logger.warning("the files of erasure %s: %s", erasure_id, reason)


def enqueue_finish(event: PersonErased) -> None:
    """React to somebody who was erased."""
    finish.defer(erasure_id=str(event.erasure_id), **job_context())
