# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with a telephone: say which is theirs, note a call; and what happens when one rings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from plein.core import web_client
from plein.core.audit import audit
from plein.core.ids import new_id, now
from plein.core.isolation import workspace_id
from plein.core.outside import NotAllowed
from plein.hooks.events import CallRings
from plein.moments.actions import Part, edit_moment, record_moment
from plein.moments.models import Moment
from plein.moments.vocabulary import Direction, MomentKind
from plein.telephone.models import Exchange, Line
from plein.telephone.queries import number_of, our_country, seats_called, unnoted_call
from plein.telephone.refusals import CannotCall
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

MOST_NUMBERS, LONGEST_CALL = 10, 24 * 60
PLACE = "{number}"
#: A ring is of use while it rings, and as a list of today.
KEPT = "2 days"
_RING = """
INSERT INTO telephone_ring (id, workspace_id, circle_id, seat_id, key, number, rang_at)
SELECT told.id, %s, %s, told.seat, %s, %s, %s FROM unnest(%s::uuid[], %s::uuid[]) AS told (id, seat)
    ON CONFLICT (workspace_id, seat_id, key) DO NOTHING
"""
_CLEAR = """
DELETE FROM telephone_ring WHERE workspace_id = %s AND circle_id = %s AND rang_at < now() - %s::interval
"""


@dataclass(frozen=True, slots=True)
class CallNote:
    """A call as somebody notes it; `relation_id` is empty when nobody knows who it was."""

    number: str
    relation_id: UUID | None = None
    direction: str = str(Direction.INBOUND)
    minutes: int | None = None
    text: str = ""
    circle: str = ""


def note_call(*, actor: Entrance, note: CallNote, moment_id: UUID | None = None) -> Moment:
    """Note a call, on the contact moment that the exchange made of it when there is one; raises CannotCall."""
    permit(actor, "write")
    if note.direction not in (Direction.INBOUND, Direction.OUTBOUND):
        raise CannotCall(_("Say who called whom."), "direction")
    if note.minutes is not None and not 0 <= note.minutes <= LONGEST_CALL:
        raise CannotCall(_("Write how many minutes it took, or leave it empty."), "minutes")
    number, shown = number_of(note.number)
    if note.relation_id is None and not number:
        raise CannotCall(_("Say with whom it was: a number, or somebody."), "relation")
    took = timedelta(minutes=note.minutes) if note.minutes else None
    made = unnoted_call(number)
    if made is not None:
        changes: dict[str, object] = {"text": note.text}
        if took is not None:
            changes["ends_at"] = made.occurred_at + took
        return edit_moment(actor=actor, moment=made, changes=changes, based_on=made.version)
    began = now() - (took or timedelta())
    role = "from" if note.direction == Direction.INBOUND else "to"
    return record_moment(
        actor=actor,
        kind=MomentKind.CALL,
        participants=[Part(note.relation_id, role, heard_name="" if note.relation_id else shown)],
        direction=note.direction,
        occurred_at=began,
        ends_at=began + took if took else None,
        text=note.text,
        circle=note.circle,
        moment_id=moment_id,
    )


def set_line(*, actor: Entrance, numbers: Iterable[str], hears_rest: bool) -> Line:
    """Say at which numbers one is called, and whether one hears of calls for nobody else; raises CannotCall."""
    permit(actor, "write")
    country = our_country()
    known = list(dict.fromkeys(number_of(one, country)[0] for one in numbers if one.strip()))
    if "" in known or len(known) > MOST_NUMBERS:
        raise CannotCall(_("Write at most ten numbers or extensions, one on each line."), "numbers")
    line, _made = Line.objects.update_or_create(
        seat_id=actor.seat_id, defaults={"numbers": known, "hears_rest": hears_rest}
    )
    return line


def set_exchange(*, actor: Entrance, address: str) -> None:
    """Say by which address the company's exchange calls; nothing for none. Raises CannotCall."""
    permit(actor, "manage")
    wanted = address.strip()
    if wanted:
        try:
            parts = web_client.split(wanted.replace(PLACE, "0"))
        except NotAllowed as trouble:
            raise CannotCall(str(trouble), "address") from trouble
        if PLACE not in wanted or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"\\]", wanted):
            words = _("Write a web address in which {number} stands where the number comes.")
            raise CannotCall(words, "address")
        Exchange.objects.update_or_create(defaults={"address": wanted})
    else:
        Exchange.objects.all().delete()
    audit("set_exchange", kind="setting")


def receive_call(event: CallRings) -> None:
    """Tell whoever is called that a call comes in, in the circle of what the exchange tells."""
    ours, _shown = number_of(event.called)
    seats = sorted(seats_called(ours if ours.startswith("+") else "", re.sub(r"\D", "", event.called)))
    if not seats:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [workspace_id(), event.circle_id, KEPT])
        ids, key = [new_id() for _one in seats], event.delivery_id
        cursor.execute(_RING, [workspace_id(), event.circle_id, key, event.number[:40], now(), ids, seats])
