# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom we invite by mail to an appointment of ours: who takes part, at which address, what they were told last."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from plein.consent.queries import may_send
from plein.core.audit import audit_look
from plein.core.ids import now
from plein.moments.models import Delivery, Guest, Moment, Participant, Planning
from plein.moments.queries.occasions import Occasion, occasion_of
from plein.moments.vocabulary import Answer, DeliveryState, ParticipantRole, State
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.relations.queries import listed_addresses
from plein.relations.vocabulary import ContactKind


class Standing(StrEnum):
    """What of an appointment somebody is still to be told."""

    NEW = "new"  # not invited yet
    BEHIND = "behind"  # invited, and it is otherwise by now
    OFF = "off"  # invited, and it does not concern them any more
    TOLD = "told"  # invited, and they know how it is
    CALLED_OFF = "called_off"  # told that they need not come
    UNREACHABLE = "unreachable"  # no address


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody who takes part or did, the address at which they are invited, and what they know."""

    name: str
    standing: Standing
    relation: Relation | None = None
    point: ContactPoint | None = None
    is_ours: bool = False
    answer: str = ""
    told_at: datetime | None = None
    delivery: str = ""
    guest: Guest | None = None
    #: Days of a series on which they do not take part, and whether that is all they do not know.
    away: tuple[date, ...] = ()
    is_only_away: bool = False
    #: Why nothing may be sent to them, in a sentence.
    trouble: str = ""

    @property
    def is_to_tell(self) -> bool:
        """Whether there is something they do not know, and nothing in the way of telling it."""
        return self.standing in (Standing.NEW, Standing.BEHIND, Standing.OFF) and not self.trouble

    @property
    def answer_words(self) -> str:
        """What they answered, in words."""
        return str(Answer(self.answer).label) if self.answer else ""

    @property
    def delivery_words(self) -> str:
        """How far the mail to them is, in words, while it is not simply sent."""
        return str(DeliveryState(self.delivery).label) if self.delivery not in ("", DeliveryState.SENT) else ""


def guests_invited(occasion: Occasion) -> list[Guest]:
    """Everybody who was ever invited to it, the first first."""
    about = Q(series=occasion.series) if occasion.series else Q(moment=occasion.moment)
    delivery = Delivery.objects.filter(moment_id=OuterRef("letter_id")).values("state")[:1]
    found = Guest.objects.filter(about).annotate(delivery=Subquery(delivery))
    return list(found.select_related("contact_point").order_by("id"))


def guests_of(occasion: Occasion, *, with_grounds: bool = True) -> list[GuestLine]:
    """Who takes part in an appointment and who was invited to it, each with what they know of it.

    Without grounds it is not looked up whether anything may be sent to them.
    """
    parts = list(
        Participant.objects.filter(moment=occasion.moment)
        .exclude(role=ParticipantRole.FOR)
        .select_related("relation", "contact_point")
        .order_by("id")
    )
    guests = {one.contact_point_id: one for one in guests_invited(occasion)}
    links = _links(one.relation_id for one in parts)
    others = _own_days(occasion) if guests else {}
    lines: list[GuestLine] = []
    for part in parts:
        if part.relation is None and part.contact_point is None:
            continue
        point = _point(part, links, guests)
        guest = guests.pop(point.id, None) if point else None
        name = part.relation.name if part.relation else part.heard_name or str(part.contact_point)
        line = GuestLine(name, Standing.UNREACHABLE, part.relation, point, part.is_ours, part.answer)
        who = part.relation_id or part.contact_point_id
        line = replace(line, away=tuple(day for day, there in others.items() if who not in there))
        lines.append(_standing(line, guest, occasion) if point else line)
    for guest in guests.values():
        is_over = guest.is_called_off
        line = GuestLine(str(guest.contact_point), Standing.CALLED_OFF if is_over else Standing.OFF, None)
        lines.append(
            replace(line, point=guest.contact_point, guest=guest, told_at=guest.told_at, delivery=_delivery_of(guest))
        )
    audit_look("relation", [one.relation for one in lines if one.relation], how="list")
    return _with_troubles(lines) if with_grounds else lines


def _links(relations: Iterable[UUID | None]) -> dict[UUID, list[ContactPoint]]:
    rows = ContactPointLink.objects.filter(
        relation_id__in=[one for one in relations if one],
        revoked_at__isnull=True,
        contact_point__kind=ContactKind.EMAIL,
    )
    found: dict[UUID, list[ContactPoint]] = {}
    for link in rows.select_related("contact_point").order_by("-is_primary", "id"):
        found.setdefault(link.relation_id, []).append(link.contact_point)
    return found


def _point(part: Participant, links: dict[UUID, list[ContactPoint]], guests: dict[UUID, Guest]) -> ContactPoint | None:
    """The address at which they were invited, else the one by which they were heard, else their first."""
    own: list[ContactPoint] = links.get(part.relation_id, []) if part.relation_id else []
    if part.contact_point is not None and part.contact_point.kind == ContactKind.EMAIL:
        own = [part.contact_point, *own]
    return next((one for one in own if one.id in guests), None) or next(iter(own), None)


def _standing(line: GuestLine, guest: Guest | None, occasion: Occasion) -> GuestLine:
    if guest is None or (guest.is_called_off and not occasion.is_cancelled):
        return replace(line, standing=Standing.CALLED_OFF if occasion.is_cancelled else Standing.NEW, guest=guest)
    if guest.is_called_off:
        standing = Standing.CALLED_OFF
    elif occasion.is_cancelled:
        standing = Standing.OFF
    else:
        standing = Standing.TOLD if guest.told in _as_known(line, occasion) else Standing.BEHIND
    is_only_away = standing == Standing.BEHIND and bool(line.away) and guest.told == occasion.fingerprint
    line = replace(line, standing=standing, guest=guest, is_only_away=is_only_away)
    return replace(line, told_at=guest.told_at, delivery=_delivery_of(guest))


def _as_known(line: GuestLine, occasion: Occasion) -> set[str]:
    """How it may stand with somebody who knows it: of days that are over they need not hear any more."""
    today = timezone.localtime(now(), occasion.zone).date()
    over = [day for day in line.away if day < today]
    to_come = line.away[len(over) :]
    return {occasion.without([*over[:count], *to_come]).fingerprint for count in range(len(over) + 1)}


def _own_days(occasion: Occasion) -> dict[date, set[UUID | None]]:
    """Who takes part on the days of a series that were changed by themselves, the first first."""
    if occasion.series is None:
        return {}
    rows = Planning.objects.filter(series=occasion.series, is_own=True, slot__isnull=False)
    rows = rows.exclude(moment__state=State.CANCELLED).order_by("slot", "id")
    own = {moment: day for moment, day in rows.values_list("moment_id", "slot") if day is not None}
    found: dict[date, set[UUID | None]] = {day: set() for day in own.values()}
    parts = Participant.objects.filter(moment_id__in=list(own)).exclude(role=ParticipantRole.FOR)
    for moment, relation, point in parts.values_list("moment_id", "relation_id", "contact_point_id"):
        found[own[moment]] |= {relation, point}
    return found


def _delivery_of(guest: Guest) -> str:
    """How far the mail is that told them; asked along by `guests_invited`."""
    return getattr(guest, "delivery", "") or ""


def _with_troubles(lines: list[GuestLine]) -> list[GuestLine]:
    values = [one.point.value for one in lines if one.point]
    words = {value: one.words for value, one in listed_addresses(values).items()}
    words |= {value: one.words for value, one in may_send(values).items() if value not in words} if values else {}
    return [replace(one, trouble=words.get(one.point.value, "")) if one.point else one for one in lines]


def has_guests(moment_id: UUID) -> bool:
    """Whether somebody was invited by mail to an appointment, or to the series it is one of."""
    series = Planning.objects.filter(moment_id=moment_id, series__isnull=False).values("series_id")
    return Guest.objects.filter(Q(moment_id=moment_id) | Q(series_id__in=series)).exists()


def has_untold(moment_id: UUID) -> bool:
    """Whether somebody who was invited does not know how an appointment is by now."""
    if not has_guests(moment_id):
        return False
    moment: Moment = Moment.objects.select_related("recorded_by__user").get(id=moment_id)
    lines = guests_of(occasion_of(moment), with_grounds=False)
    return any(one.is_to_tell and one.standing != Standing.NEW for one in lines)


def latest_of(series_id: UUID) -> UUID | None:
    """The last appointment of a series as it is, from which its guests can be told."""
    rows = Planning.objects.filter(series_id=series_id).order_by("-slot", "-id")
    return rows.values_list("moment_id", flat=True).first()


def awaited(moment_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these appointments to which somebody thinks they are invited."""
    found = Guest.objects.filter(moment_id__in=list(moment_ids), is_called_off=False, moment__state=State.PLANNED)
    return set(found.values_list("moment_id", flat=True))
