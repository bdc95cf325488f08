# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs of this domain: letters with a way in.

Their arguments are ids and what is sealed: an address or a way in never lies readable in the queue.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from plein.core.audit.heads import keep_head
from plein.core.audit.shortening import KEPT_AT_LEAST, DoesNotFit, shorten
from plein.core.audit.verifying import chains
from plein.core.connections import refresh_connection
from plein.core.events import job_context
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust import letters, secret_box
from plein.trust.actions import make_one_time_link, was_made_within
from plein.trust.events import ColleagueRenamed, Invited, ResetWanted, SeatGiven, SecondFactorRemoved
from plein.trust.models import Seat, User
from plein.trust.queries import find_user, home_of
from plein.trust.seats import NoSeat, entered

__all__ = [
    "ColleagueRenamed",
    "Invited",
    "ResetWanted",
    "SeatGiven",
    "SecondFactorRemoved",
    "enqueue_invitation",
    "enqueue_removed_factor",
    "enqueue_reset",
    "keep_audit_log",
    "letters",
    "send_invitation",
    "send_removed_factor",
    "send_reset",
]
logger = logging.getLogger(__name__)
#: Somebody who asks again and again gets one letter a minute.
SPACE_BETWEEN = timedelta(minutes=1)
PATIENT = RetryStrategy(max_attempts=5, wait=20, linear_wait=20, retry_exceptions={OperationalError, InterfaceError})
RESET = "reset"


@app.task(name="trust.send_reset", retry=PATIENT)
def send_reset(*, sealed: str) -> None:
    """Send a link to whoever has this address, if anybody has, through the mail server of where they came first.

    A later workspace does not carry it: whoever runs its mail server could read their way into the others.
    """
    user = find_user(secret_box.unseal(RESET, sealed.encode()))
    home = home_of(user) if user is not None and user.is_active else None
    if user is None or home is None:
        return
    with suppress(NoSeat), entered(user, home, door="worker"):
        if was_made_within(user=user, purpose=RESET, age=SPACE_BETWEEN) or not letters.can_send():
            return
        letters.send(letters.reset_letter(user, make_one_time_link(user=user, purpose=RESET)))


@app.task(name="trust.send_invitation", retry=PATIENT)
def send_invitation(*, workspace: int, user: str, seat: str, sealed: str) -> None:
    """Send an invitation, as the one who invites."""
    with no_workspace("who invites"):
        inviter = User.objects.get(id=user)
    with suppress(NoSeat), entered(inviter, workspace, door="worker") as actor:
        invited = Seat.objects.select_related("user").filter(id=UUID(seat), is_active=True).first()
        if invited is None:
            return
        path = secret_box.unseal(f"invitation:{seat}", sealed.encode()) or None
        letter = letters.invitation_letter(
            invited.user, inviter=inviter.name, workspace=actor.workspace_name, path=path
        )
        letters.send(letter)


@app.task(name="trust.send_removed_factor", retry=PATIENT)
def send_removed_factor(*, workspace: int, user: str, seat: str) -> None:
    """Tell a colleague that their second step was taken away, and by whom."""
    with no_workspace("who removed it"):
        remover = User.objects.get(id=user)
    with suppress(NoSeat), entered(remover, workspace, door="worker") as actor:
        found = Seat.objects.select_related("user").filter(id=UUID(seat)).first()
        if found is not None:
            letters.send(letters.removed_factor_letter(found.user, by=remover.name, workspace=actor.workspace_name))


@app.periodic(cron="10 2 * * *")
@app.task(name="trust.keep_audit_log", queueing_lock="keep_audit_log", pass_context=False)
def keep_audit_log(timestamp: int) -> None:
    """Each night: seal the end of every log, and take away what is too old to be kept."""
    del timestamp
    refresh_connection()
    before = now() - max(timedelta(days=settings.PLEIN_AUDIT_DAYS), KEPT_AT_LEAST)
    for workspace in chains():
        keep_head(workspace)
        if settings.PLEIN_AUDIT_DAYS:
            try:
                shorten(workspace, before)
            except DoesNotFit as refused:
                logger.error("the audit log of workspace %s does not fit: %s", workspace, refused)


def enqueue_reset(event: ResetWanted) -> None:
    """Have the letter sent; the same work for every address."""
    send_reset.defer(sealed=event.sealed)


def enqueue_invitation(event: Invited) -> None:
    """Have the letter sent when there is a mail server."""
    send_invitation.defer(**job_context(), seat=str(event.seat_id), sealed=event.sealed)


def enqueue_removed_factor(event: SecondFactorRemoved) -> None:
    """Have the letter sent when there is a mail server."""
    send_removed_factor.defer(**job_context(), seat=str(event.seat_id))
