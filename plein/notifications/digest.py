# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mail that gathers what a colleague has not read: written with the rights of the moment it is sent."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from plein.channels.post import Letter, Mailbox, PostOffice, PostRefused, PostUncertain, post_office
from plein.core.ids import now
from plein.notifications.models import Notification
from plein.notifications.queries.lines import Line, lines_of, mine
from plein.notifications.queries.preferences import preference_of
from plein.notifications.vocabulary import Channel
from plein.notifications.wording import ShownLine, shown
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

logger = logging.getLogger(__name__)
MOST = 40


@dataclass(frozen=True, slots=True)
class Digest:
    """What a colleague is to read in one mail."""

    lines: list[Line]
    more: int


def gather(actor: Entrance) -> Digest:
    """What is unread, was not mailed yet, is wanted by mail, and may still be seen."""
    waiting = mine(actor.seat_id, preference_of(actor.seat_id), Channel.MAIL)
    waiting = waiting.filter(read_at__isnull=True, mailed_at__isnull=True)
    keys = list(waiting.order_by("-line_at", "-line").values_list("line_at", "line").distinct()[: MOST * 5])
    return Digest(lines_of(waiting, [line for _at, line in keys[:MOST]]), max(0, len(keys) - MOST))


def letter(actor: Entrance, digest: Digest) -> Letter:
    """The mail itself, in the language and by the clock of its reader."""
    with translation.override(actor.user.language), timezone.override(zone_of(actor.user)):
        lines = [shown(line) for line in digest.lines]
        count = len(lines) + digest.more
        context = {
            "lines": lines,
            "more": digest.more,
            "name": actor.user.name,
            "workspace": actor.workspace_name,
            "home": settings.PLEIN_URL.rstrip("/"),
            "language": actor.user.language,
        }
        return Letter(
            to=(Mailbox(actor.user.email, actor.user.name),),
            subject=_subject(lines, count),
            text=render_to_string("notifications/digest.txt", context),
            html=render_to_string("notifications/digest.html", context),
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )


def _subject(lines: list[ShownLine], count: int) -> str:
    """One thing says what it is; several are counted. What was written stays inside the mail."""
    if count == 1:
        return lines[0].sentence
    return ngettext("%(count)s thing you have not read", "%(count)s things you have not read", count) % {"count": count}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail that is noted as sent and has yet to leave: what takes the note back is its moment."""

    office: PostOffice
    letter: Letter
    noted_at: datetime


def prepare(actor: Entrance) -> Prepared | None:
    """Write the mail and note what is in it as mailed; None when there is nothing to send, or it stays here."""
    preference = preference_of(actor.seat_id)
    digest = Digest([], 0) if preference.is_paused else gather(actor)
    if not digest.lines:
        return None
    mail, office, moment = letter(actor, digest), post_office(), now()
    waiting = mine(actor.seat_id, preference, Channel.MAIL)
    waiting.filter(mailed_at__isnull=True, read_at__isnull=True).update(mailed_at=moment)
    if office.server is None:
        office.post(mail)
        return None
    return Prepared(office, mail, moment)


def hand_over(prepared: Prepared) -> bool:
    """Let the mail leave, while no transaction waits for it; False when it may be tried again later.

    A server that breaks off in the middle may have taken it: it is not sent twice.
    """
    try:
        prepared.office.post(prepared.letter)
    except PostUncertain as trouble:
        logger.warning("nobody knows whether a mail was taken: %s", trouble)
    except PostRefused as refusal:
        logger.warning("a mail was not taken: %s", refusal)
        return refusal.permanent
    return True


def take_back(actor: Entrance, noted_at: datetime) -> None:
    """The mail did not leave: what was in it is for the next one."""
    Notification.objects.filter(seat_id=actor.seat_id, mailed_at=noted_at).update(mailed_at=None)
