# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings the appointments of a calendar file in: each once, and what the file says otherwise of one that is here.

Everything runs inside the operation of whoever calls. The same file again changes nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from plein.channels.connectors.icalfeed.parse import Written
from plein.core.ids import now
from plein.dav.actions.appointments import followed, new_event
from plein.dav.differing import change_as_told, told_once
from plein.dav.guests import Guests, guests_in
from plein.dav.ics import Sent, read_object
from plein.dav.lines import BadText
from plein.dav.near import BACK, brought_near
from plein.dav.present import appointments_known, sequence_in, sequence_of
from plein.dav.refusals import NotTaken
from plein.moments.models import Moment
from plein.moments.repeats import BadRule
from plein.moments.vocabulary import State
from plein.trust.circles import UnknownCircle
from plein.trust.permissions import permit
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

logger = logging.getLogger(__name__)
NEW, CHANGED, SAME, PAST, REFUSED = "new", "changed", "same", "past", "refused"
OUTCOMES = (NEW, CHANGED, SAME, PAST, REFUSED)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of an appointment of a file, and why when it is not plain."""

    uid: str
    title: str
    starts: str
    becomes: str
    reason: str = ""
    moment_id: UUID | None = None

    @property
    def starts_at(self) -> date | datetime | None:
        """When it begins: a day, or a time in UTC."""
        if not self.starts:
            return None
        if "T" not in self.starts:
            return datetime.strptime(self.starts, "%Y%m%d").replace(tzinfo=UTC).date()
        return datetime.strptime(self.starts, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@dataclass
class Bringer:
    """Brings appointments of one file in, for whom its owner chose."""

    actor: Entrance
    circle: str = ""
    guests: Guests = field(init=False)

    def __post_init__(self) -> None:
        self.guests = Guests(self.circle)

    def bring(self, some: Sequence[Written]) -> list[Brought]:
        """What became of each, in their order: one that cannot be read does not stop the others."""
        permit(self.actor, "import")
        known = appointments_known([one.uid for one in some])
        return [self._one(one, known.get(one.uid)) for one in some]

    def _one(self, written: Written, moment: Moment | None) -> Brought:
        title, starts = "", ""
        try:
            with transaction.atomic():
                sent = told_once(read_object(written.text, zone_of(self.actor.user)))
                title, starts = sent.title, sent.ours()["starts"]
                becomes, reason, found = self._taken(written, sent, moment)
        except (BadText, NotTaken, BadRule) as trouble:
            return Brought(written.uid, title, starts, REFUSED, str(trouble))
        except (OperationalError, InterfaceError, IntegrityError, UnknownCircle):
            raise
        except Exception:
            # Whatever is wrong with one appointment, the others come in.
            logger.exception("appointment of a calendar file")
            return Brought(written.uid, title, starts, REFUSED, _("This appointment could not be taken in."))
        return Brought(written.uid, title, starts, becomes, reason, found.id if found else None)

    def _taken(self, written: Written, sent: Sent, moment: Moment | None) -> tuple[str, str, Moment | None]:
        if sent.times is None:
            raise NotTaken(_("This appointment does not say when it begins."))
        unfollowed = bool(sent.rule) and not followed(sent)
        reason = _("It repeats in a way that Plein does not follow: only its first time is here.") if unfollowed else ""
        if moment is None:
            return self._new(written, sent, reason)
        if sequence_in(written.text) < sequence_of(moment):
            return SAME, _("What is here is newer."), moment
        return (CHANGED if change_as_told(self.actor, moment, sent) else SAME), reason, moment

    def _new(self, written: Written, sent: Sent, reason: str) -> tuple[str, str, Moment | None]:
        zone = zone_of(self.actor.user)
        near = brought_near(sent, now().astimezone(zone).date() - BACK, zone)
        if near is None:
            return PAST, _("This series ended longer than a month ago."), None
        moment = new_event(self.actor, near, self.circle, self.guests.parts(guests_in(written.text)))
        kept: dict[str, Any] = {"calendar_uid": written.uid[:300]}
        if near.is_cancelled:
            kept["state"] = State.CANCELLED
        Moment.objects.filter(id=moment.id).update(**kept)
        return NEW, reason, moment
