# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person or organization with everything its page shows."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from plein.core.audit import audit_look
from plein.core.ids import now
from plein.core.isolation import current, default_circle_id
from plein.metadata.queries import values_within
from plein.relations.models import (
    ContactPointLink,
    Favourite,
    Follow,
    ImportantDate,
    Interest,
    Membership,
    Relation,
    RelationValues,
    Tagging,
    Tie,
)
from plein.relations.networks import NETWORKS, profile_address
from plein.relations.slots import columns, is_moment
from plein.relations.vocabulary import ContactKind, DateKind, Source, TieKind, TieOutcome
from plein.trust.circles import describe

#: The side pane shows this many people of an organization; the list shows the rest.
MEMBERS_SHOWN = 8
#: So many ties are read of a relation, and so many shown.
MOST_TIES, TIES_SHOWN = 100, 40
DAY_ICONS = {"birthday": "cake", "anniversary": "flag", "contract": "file-text", "other": "calendar-event"}


@dataclass(frozen=True, slots=True)
class Role:
    """A membership seen from one of its sides; `other` is whoever stands on the far side."""

    id: UUID
    other: Relation
    role: str
    department: str
    starts_on: date | None
    ends_on: date | None
    source: str = ""
    moment_id: UUID | None = None

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on < now().date()

    @property
    def from_where(self) -> str:
        """Where we have it from, when a program brought it in."""
        return str(Source(self.source).label) if self.source in (Source.MAIL, Source.IMPORT) else ""

    @property
    def is_to_come(self) -> bool:
        return self.starts_on is not None and self.starts_on > now().date()


@dataclass(frozen=True, slots=True)
class TieLine:
    """A tie as it reads from the relation on whose page it stands."""

    id: UUID
    other: Relation
    kind: str
    words: str
    starts_on: date | None
    ends_on: date | None
    note: str
    may_ask_over: bool
    may_introduce: bool | None
    is_outgoing: bool
    outcome: Any = ""
    value: Decimal | None = None

    @property
    def outcome_words(self) -> str:
        """What came of it, in words."""
        return str(TieOutcome(self.outcome).label) if self.outcome else ""

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on < now().date()


@dataclass(frozen=True, slots=True)
class Advice:
    """Who brought us whom and who advised whom, seen from one of them; what was brought in all, as far as one sees."""

    brought: list[TieLine]
    brought_by: list[TieLine]
    advised: list[TieLine]
    advised_by: list[TieLine]
    count: int = 0
    customers: int = 0
    value: Decimal = Decimal(0)

    def __bool__(self) -> bool:
        return bool(self.brought or self.brought_by or self.advised or self.advised_by)


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point of a relation, with where it leads and where we have it from."""

    link: ContactPointLink

    @property
    def kind(self) -> str:
        return str(self.link.contact_point.kind)

    @property
    def words(self) -> str:
        return str(self.link.contact_point)

    @property
    def href(self) -> str:
        """Where a click on it goes."""
        point = self.link.contact_point
        match point.kind:
            case ContactKind.EMAIL:
                return f"mailto:{point.value}"
            case ContactKind.PHONE:
                return f"tel:{point.value}"
            case ContactKind.URL:
                return str(point.value)
            case ContactKind.HANDLE:
                return profile_address(point.network, point.value)
        return ""

    @property
    def icon(self) -> str:
        point = self.link.contact_point
        if point.kind == ContactKind.HANDLE:
            return NETWORKS[point.network].icon if point.network in NETWORKS else "at"
        icons: dict[str, str] = {"email": "mail", "phone": "phone", "url": "world", "postal": "map-pin"}
        return icons[point.kind]

    @property
    def is_named(self) -> bool:
        """Whether its name says more than its sign."""
        return bool(self.link.label) or self.kind == ContactKind.HANDLE

    @property
    def name(self) -> str:
        """What to call it: its label, its network, or its kind."""
        point = self.link.contact_point
        if self.link.label:
            return str(self.link.label)
        if point.kind == ContactKind.HANDLE and point.network in NETWORKS:
            return NETWORKS[point.network].label
        return str(ContactKind(point.kind).label)


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day that matters."""

    id: str
    words: str
    on: date
    note: str
    icon: str = "calendar-event"
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class RelationPicture:
    """All that the page of one relation shows of our own domain."""

    relation: Relation
    is_favourite: bool
    is_following: bool
    owner_person_id: UUID | None
    roles: list[Role]
    past_roles: list[Role]
    has_more_roles: bool
    ties: list[TieLine]
    advice: Advice
    points: list[Point]
    revoked: list[Point]
    tags: list[dict[str, str]] = field(default_factory=list)
    interests: list[dict[str, str]] = field(default_factory=list)
    dates: list[DayLine] = field(default_factory=list)
    circle_words: str = ""
    is_hidden_from_some: bool = False

    @property
    def main_role(self) -> Role | None:
        """The role one would mention first."""
        return next((role for role in self.roles if not role.is_to_come), None) or next(iter(self.roles), None)

    def first_point(self, kind: str) -> Point | None:
        return next((point for point in self.points if point.kind == kind), None)

    @property
    def email(self) -> Point | None:
        return self.first_point(ContactKind.EMAIL)

    @property
    def phone(self) -> Point | None:
        return self.first_point(ContactKind.PHONE)


def relation_of(relation_id: UUID) -> Relation | None:
    """One relation with the little lists that hang on it, in one query."""
    return whole_relations([relation_id]).get(relation_id)


def whole_relations(ids: list[UUID]) -> dict[UUID, Relation]:
    """The same of several."""
    own = {"relation_id": OuterRef("id")}
    tags = Tagging.objects.filter(**own).order_by("tag__name")
    interests = Interest.objects.filter(**own).order_by("-noted_at")
    days = ImportantDate.objects.filter(**own).order_by("on")
    colleague = Relation.objects.filter(seat_id=OuterRef("owner_id")).values("id")[:1]
    found = (
        Relation.objects.filter(id__in=ids)
        .select_related("owner__user")
        .annotate(
            favourite=Exists(Favourite.objects.filter(seat=current().seat_id, **own)),
            following=Exists(Follow.objects.filter(seat=current().seat_id, **own)),
            owner_person_id=Subquery(colleague),
            tag_list=ArraySubquery(tags.values(found=JSONObject(id="tag_id", name="tag__name", colour="tag__colour"))),
            interest_list=ArraySubquery(interests.values(found=JSONObject(id="id", text="text", source="source"))),
            own_fields=values_within(RelationValues),
            date_list=ArraySubquery(days.values(found=JSONObject(id="id", kind="kind", on="on", note="note"))),
            **{name: column() for name, column in columns.items()},
        )
    )
    return {one.id: one for one in found}


def _roles(relation: Relation) -> list[Role]:
    side, far = ("person", "organization") if relation.is_person else ("organization", "person")
    found: QuerySet[Membership] = Membership.objects.filter(**{side: relation}).select_related(far)
    shown = found.order_by(
        F("ends_on").desc(nulls_first=True), F("starts_on").desc(nulls_last=True), f"{far}__sort_name"
    )
    if not relation.is_person:
        shown = shown[: 3 * MEMBERS_SHOWN]
    return [role_of(one, getattr(one, far), with_moment=relation.is_person) for one in shown]


def role_of(one: Membership, other: Relation, *, with_moment: bool = True) -> Role:
    """A membership as it stands on the page of one of its sides."""
    heard_in = one.moment_id if with_moment and one.moment_id and is_moment(one.moment_id) else None
    return Role(one.id, other, one.role, one.department, one.starts_on, one.ends_on, one.source, heard_in)


def line_of(tie: Tie, other: Relation, *, is_outgoing: bool) -> TieLine:
    """A tie as it reads from one of its ends."""
    return TieLine(
        id=tie.id,
        other=other,
        kind=tie.kind,
        words=tie.words(is_outgoing=is_outgoing),
        starts_on=tie.starts_on,
        ends_on=tie.ends_on,
        note=tie.note,
        may_ask_over=tie.may_ask_over,
        may_introduce=tie.may_introduce,
        is_outgoing=is_outgoing,
        outcome=tie.outcome,
        value=tie.value,
    )


def _advice(relation: Relation, lines: list[TieLine]) -> Advice:
    """The advice among the ties of somebody. What they brought the database adds up only when there may be more."""
    shown = lines[:TIES_SHOWN]
    told = Advice(
        brought=[one for one in shown if one.kind == TieKind.REFERRED_BY and not one.is_outgoing],
        brought_by=[one for one in shown if one.kind == TieKind.REFERRED_BY and one.is_outgoing],
        advised=[one for one in shown if one.kind == TieKind.ADVISED and one.is_outgoing],
        advised_by=[one for one in shown if one.kind == TieKind.ADVISED and not one.is_outgoing],
    )
    if len(lines) < MOST_TIES:
        brought = [one for one in lines if one.kind == TieKind.REFERRED_BY and not one.is_outgoing]
        customers = [one for one in brought if one.outcome == TieOutcome.CUSTOMER]
        value = sum((one.value or Decimal(0) for one in brought if one.outcome != TieOutcome.NO), Decimal(0))
        return replace(told, count=len(brought), customers=len(customers), value=value)
    found = Tie.objects.filter(other=relation, kind=TieKind.REFERRED_BY).aggregate(
        count=Count("id"),
        customers=Count("id", filter=Q(outcome=TieOutcome.CUSTOMER)),
        value=Sum("value", filter=~Q(outcome=TieOutcome.NO)),
    )
    return replace(told, **(found | {"value": found["value"] or Decimal(0)}))


def _ties(relation: Relation) -> list[TieLine]:
    found = (
        Tie.objects.filter(Q(one=relation) | Q(other=relation))
        .select_related("one", "other", "type")
        .order_by("-id")[:MOST_TIES]
    )
    lines = []
    for tie in found:
        is_outgoing = tie.one_id == relation.id
        other = tie.other if is_outgoing else tie.one
        lines.append(line_of(tie, other, is_outgoing=is_outgoing))
    order = {kind: place for place, kind in enumerate(TieKind.values)}
    last = len(order)
    return sorted(lines, key=lambda line: (line.is_over, order.get(line.kind, last), line.kind, line.other.sort_name))


def _points(relation: Relation) -> list[ContactPointLink]:
    order = list(ContactKind.values)
    links = ContactPointLink.objects.filter(relation=relation).select_related("contact_point")
    return sorted(
        links.order_by("id")[:60],
        key=lambda link: (order.index(link.contact_point.kind), not link.is_primary, link.id),
    )


def _day(one: dict[str, str]) -> DayLine:
    """A day, called by its kind; a day of no known kind is called by what was noted with it."""
    words, note = str(DateKind(one["kind"]).label), one["note"]
    if one["kind"] == DateKind.OTHER and note:
        words, note = note, ""
    return DayLine(one["id"], words, date.fromisoformat(one["on"]), note, DAY_ICONS[one["kind"]], one["kind"])


def picture_of(relation: Any) -> RelationPicture:
    """Everything our own domain knows of a relation that `relation_of` found."""
    audit_look("relation", [relation])
    roles, known = _roles(relation), _ties(relation)
    ties, advice = known[:TIES_SHOWN], _advice(relation, known)
    audit_look("relation", [*(one.other for one in roles), *(one.other for one in ties)], how="list")
    present = sorted((role for role in roles if not role.is_over), key=lambda role: role.is_to_come)
    links = _points(relation)
    is_open = relation.circle_id == default_circle_id()
    return RelationPicture(
        relation=relation,
        is_favourite=relation.favourite,
        is_following=relation.following,
        owner_person_id=relation.owner_person_id,
        roles=present if relation.is_person else present[:MEMBERS_SHOWN],
        past_roles=[role for role in roles if role.is_over],
        has_more_roles=not relation.is_person and len(roles) > MEMBERS_SHOWN,
        ties=ties,
        advice=advice,
        points=[Point(link) for link in links if link.revoked_at is None],
        revoked=[Point(link) for link in links if link.revoked_at is not None],
        tags=relation.tag_list,
        interests=relation.interest_list,
        dates=[_day(one) for one in relation.date_list],
        circle_words="" if is_open else describe(relation.circle_id),
        is_hidden_from_some=not is_open,
    )
