# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs that deliver mail. A job carries ids only; it enters as the user who wrote the mail."""

import logging
import time
from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import timezone, translation
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from plein.channels.live import Trouble
from plein.channels.post import Posted, PostRefused, PostUncertain
from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.moments.events import GuestsWanted
from plein.outbox import actions
from plein.outbox.actions import Underway, offer_filling, offer_own_page, take_back, take_back_invitations
from plein.outbox.events import MailQueued, MailRefused, MailSent, MailUncertain
from plein.trust.models import User
from plein.trust.seats import Entrance, NoSeat, entered, user_of_job

__all__ = [
    "MailQueued",
    "MailRefused",
    "MailSent",
    "MailUncertain",
    "deliver",
    "enqueue_delivery",
    "offer_filling",
    "offer_own_page",
    "revive_mail",
    "take_back",
    "take_back_invitations",
    "tell_wanted",
]
logger = logging.getLogger(__name__)
QUEUE = "mail"
#: A worker that was not heard for this long is gone.
SILENT_SECONDS = 15
#: The database went away: wait for it, an hour at most. What the mail server says is no reason to try again here.
PATIENT = RetryStrategy(max_attempts=40, wait=5, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})
#: So often the end of a delivery is written down when the database is away just then.
INSISTENCE = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)


class NotOurs(Exception):
    """Somebody took the mail back, or another worker has it."""


@app.task(name="outbox.deliver", queue=QUEUE, retry=PATIENT)
def deliver(*, workspace: int, user: str, mail_id: str) -> None:
    """Let a mail leave, if it is still to."""
    refresh_connection()
    writer = user_of_job(user)
    with translation.override(writer.language):
        try:
            Delivery(writer, workspace).carry_out(UUID(mail_id))
        except (NoSeat, NotOurs) as reason:
            logger.info("mail %s: %s", mail_id, type(reason).__name__)


class Delivery:
    """One attempt at one mail, as its writer."""

    def __init__(self, writer: User, workspace: int) -> None:
        self.writer, self.workspace = writer, workspace

    def carry_out(self, mail_id: UUID) -> None:
        """Begin, hand over, write down what came of it."""
        with entered(self.writer, self.workspace, door="worker") as actor:
            underway = actions.begin_delivery(actor=actor, mail_id=mail_id)
            if underway is None:
                return
            if underway.stays:
                self._sink(actor, underway)
                return
        self._hand_over(underway)

    def _sink(self, actor: Entrance, underway: Underway) -> None:
        """Without a mail server all of it is one transaction: nothing leaves."""
        if actions.mark_sending(actor=actor, underway=underway):
            posted = underway.hand_over(None)
            actions.end_delivery(actor=actor, underway=underway, posted=posted)

    def _hand_over(self, underway: Underway) -> None:
        def before_data() -> None:
            with entered(self.writer, self.workspace, door="worker") as actor:
                if not actions.mark_sending(actor=actor, underway=underway):
                    raise NotOurs

        try:
            posted = underway.hand_over(before_data)
        except PostRefused as refusal:
            problem = refusal
            self._insist(lambda actor: actions.fail_delivery(actor=actor, underway=underway, refusal=problem))
        except PostUncertain as doubt:
            words = doubt.words
            self._insist(lambda actor: actions.give_up(actor=actor, underway=underway, words=words))
        else:
            self._insist(lambda actor: actions.end_delivery(actor=actor, underway=underway, posted=posted))
            self._keep_copy(underway, posted)

    def _keep_copy(self, underway: Underway, posted: Posted) -> None:
        """Put what left through the writer's own account into its folder of sent mail; that it left is sure by now."""
        if underway.keep is None:
            return
        try:
            underway.keep(posted.message_id, posted.data)
        except Trouble as trouble:
            words = str(trouble)
            logger.warning("no copy of mail %s in the folder of sent mail", underway.mail_id)
            self._insist(lambda actor: actions.note_no_copy(actor=actor, underway=underway, words=words))

    def _insist(self, write: Callable[[Entrance], None]) -> None:
        """Write down what is known; it is worth waiting a little for the database."""
        for place, pause in enumerate(INSISTENCE):
            time.sleep(pause)
            try:
                refresh_connection()
                with entered(self.writer, self.workspace, door="worker") as actor:
                    write(actor)
            except (OperationalError, InterfaceError):
                if place == len(INSISTENCE) - 1:
                    raise
            else:
                return


@app.periodic(cron="* * * * * */10")
@app.task(name="outbox.revive_mail", queue=QUEUE, queueing_lock="revive_mail", pass_context=True)
async def revive_mail(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died to another one; a mail that was leaving becomes uncertain there."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=SILENT_SECONDS):
        logger.warning("job %s of a worker that is gone is tried again", job.id)
        await manager.retry_job(job)


def enqueue_delivery(event: MailQueued) -> None:
    """React to a mail that is to leave."""
    job = deliver.configure(schedule_at=event.at.astimezone(timezone.get_current_timezone()))
    job.defer(mail_id=str(event.mail_id), **job_context())


def tell_wanted(event: GuestsWanted) -> None:
    """Write to the guests in the operation of whoever wants it, so that a refusal keeps all of it from happening."""
    actions.tell_whoever_is_to_know(actor=event.actor, moment_id=event.moment_id)
