# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of this domain: bringing mail in, telling reminders, planning further ahead.

A job carries ids only; it enters as the user who asked for it, or as the one whom it is for.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from plein.channels.events import ImportPlanned, ImportResumed, ImportTurnedBack
from plein.channels.models import MailImport
from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.ids import now
from plein.core.operations import CannotUndo, undo
from plein.moments.actions import asking, extend_series, reminders
from plein.moments.actions.series import AHEAD
from plein.moments.archives.runner import worker_for
from plein.moments.intake.lease import AtWork
from plein.moments.intake.trouble import carry_out
from plein.moments.models import Series
from plein.moments.queries.reminders import who_is_to_be_reminded, who_plans_further
from plein.trust.models import Role
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat, entered, user_of_job

logger = logging.getLogger(__name__)
QUEUE = "imports"
#: A worker that was not heard for this long is gone; a living one says every three seconds that it lives.
SILENT_SECONDS = 10
#: The database went away: wait for it, an hour at most.
PATIENT = RetryStrategy(
    max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError, JobAborted}
)


@app.task(name="moments.scan_mail", queue=QUEUE, retry=PATIENT, pass_context=True)
def scan_mail(context: JobContext, *, workspace: int, user: str, import_id: str) -> None:
    """Look what is in a store of mail."""
    _work(context, workspace, user, import_id, scan_only=True)


@app.task(name="moments.import_mail", queue=QUEUE, retry=PATIENT, pass_context=True)
def import_mail(context: JobContext, *, workspace: int, user: str, import_id: str) -> None:
    """Write a store of mail, from where it stopped."""
    _work(context, workspace, user, import_id, scan_only=False)


@app.task(name="moments.undo_import", queue=QUEUE, retry=PATIENT)
def undo_import(*, workspace: int, user: str, import_id: str) -> None:
    """Turn back everything that an import brought, in one transaction."""
    refresh_connection()
    with entered(user_of_job(user), workspace, door="worker"):
        planned = MailImport.objects.select_for_update().get(id=import_id)
        if planned.operation_id is None:
            return
        try:
            with transaction.atomic():
                result = undo(planned.operation_id)
            facts = {"undo": "done", "left": result.left_alone}
        except CannotUndo as error:
            facts = {"undo": "done" if error.reason in ("undone", "unknown") else error.reason}
        MailImport.objects.filter(id=import_id).update(counts={**planned.counts, **facts})


@app.periodic(cron="* * * * * */5")
@app.task(name="moments.revive_imports", queue=QUEUE, queueing_lock="revive_imports", pass_context=True)
async def revive_imports(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died to another one; the lease keeps a slow one from writing along."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENT_SECONDS):
        logger.warning("job %s of a worker that is gone is tried again", job.id)
        await manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(name="moments.tell_reminders", queueing_lock="tell_reminders", pass_context=False)
def tell_reminders(timestamp: int) -> None:
    """Each minute: tell everybody whose reminder has come."""
    del timestamp
    refresh_connection()
    for workspace, user in who_is_to_be_reminded():
        with suppress(NoSeat), entered(user_of_job(str(user)), workspace, door="worker") as actor:
            reminders.tell_reminders(actor=actor)


@app.periodic(cron="20 3 * * *")
@app.task(name="moments.plan_further", queueing_lock="plan_further", pass_context=False)
def plan_further(timestamp: int) -> None:
    """Each night: make the appointments that a series has within a year, where some are lacking."""
    del timestamp
    refresh_connection()
    until = (now() + AHEAD).date() - timedelta(days=30)
    for workspace, user in who_plans_further(until):
        with suppress(NoSeat), entered(user_of_job(str(user)), workspace, door="worker") as actor:
            for series in Series.objects.filter(made_until__lt=until):
                extend_series(actor=actor, series=series)


@app.periodic(cron="40 5 * * *")
@app.task(name="moments.ask_about_retention", queueing_lock="ask_about_retention", pass_context=False)
def ask_administrators(timestamp: int) -> None:
    """Each morning: ask administrators, once a month, about what was kept long enough."""
    del timestamp
    refresh_connection()
    for seat in every_seat():
        if seat.is_active and seat.user.is_active and seat.role in (Role.OWNER, Role.ADMINISTRATOR):
            with (
                suppress(NoSeat),
                translation.override(seat.user.language),
                entered(seat.user, seat.workspace_id, door="worker") as actor,
            ):
                asking.ask_about_retention(actor=actor)


def enqueue_scan(event: ImportPlanned) -> None:
    """React to a new import."""
    scan_mail.defer(import_id=str(event.import_id), **job_context())


def enqueue_import(event: ImportResumed) -> None:
    """React to an import that starts or goes on."""
    import_mail.defer(import_id=str(event.import_id), **job_context())


def enqueue_undo(event: ImportTurnedBack) -> None:
    """React to an import that is to be undone."""
    undo_import.defer(import_id=str(event.import_id), **job_context())


def _work(context: JobContext, workspace: int, user: str, import_id: str, *, scan_only: bool) -> None:
    refresh_connection()
    by = user_of_job(user)
    try:
        runner = worker_for(by, workspace, UUID(import_id), should_stop=context.should_abort)
        carry_out(runner, scan_only=scan_only)
    except (AtWork, NoSeat, MailImport.DoesNotExist) as reason:
        logger.info("import %s: %s", import_id, reason)
    if context.should_abort():
        # The worker is being stopped: the next one goes on from here.
        raise JobAborted
