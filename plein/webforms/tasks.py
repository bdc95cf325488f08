# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of forms. A job carries ids only, and enters as whoever looks after the form."""

from contextlib import suppress
from uuid import UUID

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.ids import now
from plein.core.isolation import Context, no_workspace, workspace_context
from plein.trust.seats import NoSeat, entered, user_of_job
from plein.webforms.actions import NotTaken, mail_link
from plein.webforms.events import FormConfirmed, FormFilled
from plein.webforms.models import FormAddress, Submission

__all__ = ["FormConfirmed", "FormFilled", "clear_over", "enqueue_mail", "send_link"]
QUEUE = "mail"
#: A mail server that is away for a day loses nobody's form.
PATIENT = RetryStrategy(
    max_attempts=60, wait=60, linear_wait=60, retry_exceptions={NotTaken, OperationalError, InterfaceError}
)


@app.task(name="webforms.send_link", queue=QUEUE, retry=PATIENT)
def send_link(*, workspace: int, user: str, submission: str) -> None:
    """Send the mail with the link; when the address had one within the hour, come back later."""
    refresh_connection()
    later = None
    with suppress(NoSeat), entered(user_of_job(user), workspace, door="worker") as actor:
        if actor.can_write:
            later = mail_link(actor=actor, submission_id=UUID(submission))
    if later is not None:
        with no_workspace("a mail that goes later"):
            send_link.configure(schedule_at=later).defer(workspace=workspace, user=user, submission=submission)


@app.periodic(cron="35 * * * *")
@app.task(name="webforms.clear_over", queueing_lock="clear_forms", pass_context=False)
def clear_over(timestamp: int) -> None:
    """Each hour: let go of what was filled in and not confirmed in time, and of what was settled as long ago."""
    del timestamp
    refresh_connection()
    with no_workspace("where forms are"):
        places = set(FormAddress.objects.values_list("into_workspace", "circle"))
    for workspace, circle in sorted(places):
        with workspace_context(Context(workspace_id=workspace, circles=(circle,), door="worker")):
            Submission.objects.filter(expires_at__lt=now()).delete()


def enqueue_mail(event: FormFilled) -> None:
    """Have the mail sent; the same work for every address."""
    send_link.defer(submission=str(event.submission_id), **job_context())
