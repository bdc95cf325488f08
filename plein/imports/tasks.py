# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of address books. A job carries ids only; it enters as the user who asked for it.

They wait in the queue of all imports, where the jobs of a worker that died are given to another one.
"""

import logging
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.leases import AtWork
from plein.core.operations import CannotUndo
from plein.imports import carrying
from plein.imports.events import BookChosen as BookChosen
from plein.imports.events import BookResumed as BookResumed
from plein.imports.events import BookTurnedBack as BookTurnedBack
from plein.imports.models import ContactImport
from plein.trust.actions import undo_operation
from plein.trust.seats import NoSeat, entered, user_of_job

logger = logging.getLogger(__name__)
QUEUE = "imports"
#: The database went away: wait for it, an hour at most.
PATIENT = RetryStrategy(
    max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError, JobAborted}
)


@app.task(name="imports.look_ahead", queue=QUEUE, retry=PATIENT)
def look_ahead(*, workspace: int, user: str, import_id: str) -> None:
    """Look what would become of an address book."""
    refresh_connection()
    try:
        carrying.look_ahead(user_of_job(user), workspace, UUID(import_id))
    except (NoSeat, ContactImport.DoesNotExist) as reason:
        logger.info("address book %s: %s", import_id, reason)


@app.task(name="imports.bring_in", queue=QUEUE, retry=PATIENT, pass_context=True)
def bring_in(context: JobContext, *, workspace: int, user: str, import_id: str) -> None:
    """Bring an address book in, from where it stopped."""
    refresh_connection()
    try:
        carrying.bring_in(user_of_job(user), workspace, UUID(import_id), context.should_abort)
    except (AtWork, NoSeat, ContactImport.DoesNotExist) as reason:
        logger.info("address book %s: %s", import_id, reason)
    if context.should_abort():
        # The worker is being stopped: the next one goes on from here.
        raise JobAborted


@app.task(name="imports.undo_book", queue=QUEUE, retry=PATIENT)
def undo_book(*, workspace: int, user: str, import_id: str) -> None:
    """Turn back everything that an address book brought, in one transaction."""
    refresh_connection()
    with entered(user_of_job(user), workspace, door="worker") as actor:
        planned: ContactImport = ContactImport.objects.select_for_update().get(id=import_id)
        if planned.operation_id is None:
            return
        try:
            with transaction.atomic():
                result = undo_operation(actor=actor, operation_id=planned.operation_id)
            facts = {"undo": "done", "left": result.left_alone}
        except (CannotUndo, PermissionDenied) as refusal:
            facts = {"undo": "done" if str(refusal) in ("undone", "unknown") else str(refusal)}
        ContactImport.objects.filter(id=import_id).update(counts={**planned.counts, **facts})


def enqueue_look(event: BookChosen) -> None:
    """React to a book of which somebody wants to know what would become of it."""
    look_ahead.defer(import_id=str(event.import_id), **job_context())


def enqueue_bringing(event: BookResumed) -> None:
    """React to a book that begins to come in, or goes on."""
    bring_in.defer(import_id=str(event.import_id), **job_context())


def enqueue_undo(event: BookTurnedBack) -> None:
    """React to a book that is to be turned back."""
    undo_book.defer(import_id=str(event.import_id), **job_context())
