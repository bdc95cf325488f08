# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listening to connections in the queue: each one that is due gets a visit, one at a time."""

import logging
from contextlib import closing, suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from plein.channels import actions
from plein.channels.connecting import way_out
from plein.channels.events import HearingWanted
from plein.channels.live import Trouble
from plein.channels.models import Connection
from plein.channels.websub import Told, ask_hub, asking, not_asked, wants_telling
from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.moments.hearing.lease import AtWork
from plein.moments.hearing.queues import AGAIN, QUEUE
from plein.moments.hearing.visitor import Visitor
from plein.moments.queries.hearing import due_connections
from plein.trust.seats import NoSeat, entered, user_of_job

logger = logging.getLogger(__name__)


@app.task(name="moments.visit_connection", queue=QUEUE, pass_context=True)
def visit_connection(context: JobContext, *, workspace: int, user: str, connection: str) -> None:
    """Hear what is new at one connection."""
    refresh_connection()
    visitor = Visitor(user_of_job(user), workspace, UUID(connection), should_stop=context.should_abort)
    try:
        if context.job.queue == QUEUE and _stands_aside(visitor):
            return
        visitor.visit()
        _ask_to_be_told(visitor)
    except (AtWork, NoSeat, Connection.DoesNotExist) as reason:
        logger.info("connection %s: %s", connection, reason)


def _stands_aside(visitor: Visitor) -> bool:
    """Let a visit wait apart when the last one went wrong: this one may take long too."""
    with entered(visitor.user, visitor.workspace, door="worker"):
        went_wrong = Connection.objects.filter(id=visitor.connection_id, failures__gt=0).exists()
        if went_wrong:
            _enqueue(visitor.connection_id, AGAIN, **job_context())
    return went_wrong


def _ask_to_be_told(visitor: Visitor) -> None:
    """Ask the hub of a feed that has one to tell us its news, for the first time or again."""
    told = Told(visitor.workspace, visitor.user.id, visitor.connection_id)
    with entered(visitor.user, visitor.workspace, door="worker") as actor:
        found = Connection.objects.get(id=visitor.connection_id)
        if not wants_telling(found):
            return
        noted = asking(found)
        actions.note_hub(actor=actor, connection=found, noted=noted)
    try:
        with closing(way_out(found)) as net:
            ask_hub(noted, told, net)
    except Trouble as trouble:
        logger.info("the hub of %s: %s", visitor.connection_id, trouble)
        with entered(visitor.user, visitor.workspace, door="worker") as actor:
            found = Connection.objects.get(id=visitor.connection_id)
            actions.note_hub(actor=actor, connection=found, noted=not_asked(found, str(trouble)))


@app.periodic(cron="* * * * * */10")
@app.task(name="moments.visit_due", queueing_lock="visit_due", pass_context=False)
def visit_due(timestamp: int) -> None:
    """Every ten seconds: send somebody to each connection that is due and that nobody is on the way to."""
    del timestamp
    refresh_connection()
    for workspace, user, connection in due_connections():
        _enqueue(connection, QUEUE, workspace=workspace, user=str(user))


def enqueue_visit(event: HearingWanted) -> None:
    """React to a connection that was started or asked after."""
    _enqueue(event.connection_id, QUEUE, **job_context())


def _enqueue(connection: UUID, queue: str, **whose: Any) -> None:
    job = visit_connection.configure(queue=queue, queueing_lock=f"visit {connection}", lock=f"visit {connection}")
    # The savepoint: somebody on the way already must not undo what the caller wrote.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(connection=str(connection), **whose)
