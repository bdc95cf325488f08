# SPDX-License-Identifier: AGPL-3.0-or-later
"""Address books and calendars as files that are taken along: the cards and appointments that devices get, in one file.

Each is written while its list is read, so that a file of any size takes the memory of its largest batch.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plein.dav.card_photos import OLD, picture_of
from plein.dav.cards import Facts, Value, write_card
from plein.dav.ics_text import write_head, write_part, write_tail
from plein.dav.queries.agenda import events_in
from plein.dav.queries.book import facts_of
from plein.lists.export.streaming import Shape
from plein.moments.models import Participant
from plein.moments.vocabulary import MomentKind, State
from plein.relations.models import Relation
from plein.relations.vocabulary import RelationKind
from plein.trust.seats import Entrance

#: Cards hold pictures, so fewer of them are made at once.
CARDS_AT_ONCE, EVENTS_AT_ONCE = 200, 500


class CardWriter:
    """Writes relations as one vCard after another, in the version that every program reads."""

    def begin(self, columns: Sequence[Any]) -> bytes:
        del columns
        return b""

    def write(self, ids: Sequence[UUID], rows: Iterable[Any]) -> bytes:
        del rows
        found = Relation.objects.in_bulk(list(ids))
        relations = [found[one] for one in ids if one in found]
        facts = facts_of(relations, with_every_work=True)
        pairs = zip(facts, relations, strict=True)
        return "".join(write_card(_placed(one, relation), OLD, None, picture_of) for one, relation in pairs).encode()

    def end(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        """There is nothing to tidy up."""


def _placed(facts: Facts, relation: Relation) -> Facts:
    """With the town where somebody is, when no address says it first: in a card it is one without a street."""
    town = next((one.parts[2] for one in facts.values if one.group == "postal"), "")
    if relation.place and relation.place != town:
        facts.values.insert(1, Value("postal", "", parts=("", "", relation.place, relation.country)))
    return facts


class CalendarWriter:
    """Writes appointments as one calendar; every time of a series is an appointment of its own."""

    def __init__(self) -> None:
        self.uids: set[str] = set()

    def begin(self, columns: Sequence[Any]) -> bytes:
        del columns
        return write_head(_("Agenda")).encode()

    def write(self, ids: Sequence[UUID], rows: Iterable[Any]) -> bytes:
        del rows
        parts = []
        for facts in events_in(ids, timezone.get_current_timezone()):
            # What came with one identifier and stands here twice would be taken for one appointment.
            own = replace(facts, uid=str(facts.id)) if facts.uid in self.uids else facts
            self.uids.add(own.uid)
            parts.append(write_part(own))
        return "".join(parts).encode()

    def end(self) -> Iterator[bytes]:
        yield write_tail().encode()

    def close(self) -> None:
        """There is nothing to tidy up."""


CARDS = Shape("vcard", CardWriter, batch=CARDS_AT_ONCE, media_type="text/vcard; charset=utf-8", ending="vcf")
APPOINTMENTS = Shape(
    "ical",
    CalendarWriter,
    only=Q(kind__in=(MomentKind.VISIT, MomentKind.MEETING)) | Q(state__in=(State.PLANNED, State.CANCELLED)),
    batch=EVENTS_AT_ONCE,
    media_type="text/calendar; charset=utf-8",
    ending="ics",
)
#: The kinds of list whose records a card can be of.
HAVE_CARDS = (RelationKind.PERSON.value, RelationKind.ORGANIZATION.value)


def agenda_of(actor: Entrance) -> Shape:
    """The appointments in the agenda of a colleague: those they take part in, or noted when no colleague does."""
    ours = Participant.objects.filter(moment_id=OuterRef("id"), relation__seat__isnull=False)
    mine = Exists(ours.filter(relation__seat_id=actor.seat_id))
    only = APPOINTMENTS.only & ~Q(state=State.CANCELLED) & (Q(mine) | Q(~Exists(ours), recorded_by_id=actor.seat_id))
    return replace(APPOINTMENTS, only=only)
