# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of this domain: what changed here is written back to calendars and address books elsewhere."""

import logging
from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from plein.channels.connecting import NotUsable
from plein.channels.events import VisitEnded
from plein.channels.live import Trouble
from plein.channels.models import Connection
from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.dav.actions.elsewhere import take_in as take_in
from plein.dav.writing_back import DAV, is_wanted, write_back
from plein.trust.seats import NoSeat, user_of_job
from plein.trust.secret_box import Unopenable

logger = logging.getLogger(__name__)
QUEUE = "hearing"


@app.task(name="dav.write_back", queue=QUEUE, pass_context=True)
def write_changes_back(context: JobContext, *, workspace: int, user: str, connection: str) -> None:
    """Write to one server what changed here since both sides had it in common."""
    refresh_connection()
    try:
        write_back(user_of_job(user), workspace, UUID(connection), should_stop=context.should_abort)
    except (Trouble, NotUsable, Unopenable, NoSeat, Connection.DoesNotExist) as reason:
        # The next visit says what is wrong, and what was not written is written after it.
        logger.info("writing back to %s: %s", connection, reason)


def enqueue_writing_back(event: VisitEnded) -> None:
    """React to a visit that went well: the server can be reached now."""
    if event.connector != DAV or not is_wanted():
        return
    job = write_changes_back.configure(
        queueing_lock=f"write back {event.connection_id}", lock=f"visit {event.connection_id}"
    )
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(connection=str(event.connection_id), **job_context())
