# SPDX-License-Identifier: AGPL-3.0-or-later
"""People and organizations as the REST door shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from pydantic import BaseModel

from plein.metadata.queries import known_with_values
from plein.relations.forms import asking_of
from plein.relations.models import ContactPointLink, ImportantDate, Interest, Membership, Relation, Tie
from plein.relations.queries import Choice, RelationPicture, RelationRow, picture_of, relation_of
from plein.relations.queries.record import Point, Role, TieLine, line_of, role_of
from plein.relations.values import RelationValues
from plein.relations.vocabulary import DateKind, RelationKind

Kind = Literal["person", "organization"]


class Named(BaseModel):
    """A relation as it is named beside another one."""

    id: UUID
    kind: Kind
    name: str


class RelationItem(BaseModel):
    """A relation in a list."""

    id: UUID
    kind: Kind
    name: str
    headline: str
    place: str
    country: str
    role: str
    organization: Named | None
    email: str
    phone: str
    owner: str
    version: int
    created_at: datetime
    updated_at: datetime


class RelationList(BaseModel):
    """A page of relations, and where the next one starts."""

    items: list[RelationItem]
    next: str | None


class MembershipOut(BaseModel):
    """A role at an organization, seen from one of the two; `relation` is the other."""

    id: UUID
    relation: Named
    role: str
    department: str
    starts_on: date | None
    ends_on: date | None
    source: str
    moment: UUID | None


class TieOut(BaseModel):
    """A tie, in the words in which it reads from this relation.

    `may_introduce` is what was noted of it: yes, no, or nothing where its kind says; `may_be_used` what comes of that.
    `outcome` and `value`, in euros, are what came of a referral or of advice.
    """

    id: UUID
    relation: Named
    kind: str
    words: str
    starts_on: date | None
    ends_on: date | None
    note: str
    may_introduce: Literal["", "yes", "no"]
    may_be_used: bool
    outcome: Literal["", "open", "customer", "no"]
    value: Decimal | None


class AdviceOut(BaseModel):
    """What somebody brought us by referral, in the ties that the reader may see."""

    brought: int
    became_customers: int
    value: Decimal


class ContactPointOut(BaseModel):
    """An address on a channel, with where we have it from."""

    id: UUID
    kind: str
    network: str
    value: str
    display: str
    label: str
    is_primary: bool
    source: str
    do_not_contact: bool
    do_not_contact_reason: str


class TagOut(BaseModel):
    """A word the relation is filed under."""

    id: UUID
    name: str


class TagList(BaseModel):
    """Tags, by name."""

    items: list[TagOut]


class InterestOut(BaseModel):
    """What moves this person."""

    id: UUID
    text: str


class ImportantDateOut(BaseModel):
    """A day that matters."""

    id: UUID
    kind: str
    words: str
    on: date
    note: str


class RelationOut(BaseModel):
    """Everything of a relation that the reader may see. Of an organization, only the first memberships."""

    id: UUID
    kind: Kind
    name: str
    given_name: str
    infix: str
    family_name: str
    headline: str
    place: str
    country: str
    language: str
    about: str
    is_ours: bool
    is_favourite: bool
    owner: str
    owner_id: UUID | None
    has_photo: bool
    source: str
    seen_by: str
    memberships: list[MembershipOut]
    past_memberships: list[MembershipOut]
    has_more_memberships: bool
    ties: list[TieOut]
    advice: AdviceOut
    contact_points: list[ContactPointOut]
    revoked_contact_points: list[ContactPointOut]
    tags: list[TagOut]
    interests: list[InterestOut]
    dates: list[ImportantDateOut]
    custom: dict[str, Any]
    custom_versions: dict[UUID, int]
    do_not_contact: bool
    do_not_contact_reason: str
    version: int
    created_at: datetime
    updated_at: datetime


def item_of(row: RelationRow) -> RelationItem:
    """A line of a list as the door shows it."""
    relation = row.relation
    works_for = None
    if row.organization_id:
        works_for = Named(id=row.organization_id, kind="organization", name=row.organization)
    return RelationItem(
        id=relation.id,
        kind=kind_of(relation.kind),
        name=relation.name,
        headline=relation.headline,
        place=relation.place,
        country=relation.country,
        role=row.role,
        organization=works_for,
        email=row.email,
        phone=row.phone,
        owner=row.owner,
        version=relation.version,
        created_at=relation.created_at,
        updated_at=relation.updated_at,
    )


def kind_of(kind: str) -> Kind:
    """The kind of a relation, in the words of the door."""
    return "person" if kind == RelationKind.PERSON else "organization"


def whole(picture: RelationPicture) -> RelationOut:
    """A relation with all that hangs on it."""
    relation = picture.relation
    known, cells = known_with_values(RelationValues, relation.id)
    return RelationOut(
        id=relation.id,
        kind=kind_of(relation.kind),
        name=relation.name,
        given_name=relation.given_name,
        infix=relation.infix,
        family_name=relation.family_name,
        headline=relation.headline,
        place=relation.place,
        country=relation.country,
        language=relation.language,
        about=relation.about,
        is_ours=relation.is_ours,
        is_favourite=picture.is_favourite,
        owner=str(relation.owner.user) if relation.owner else "",
        owner_id=relation.owner_id,
        has_photo=bool(relation.photo),
        source=relation.source,
        seen_by=picture.circle_words or _("Everyone here sees this"),
        memberships=[membership_of(role) for role in picture.roles],
        past_memberships=[membership_of(role) for role in picture.past_roles],
        has_more_memberships=picture.has_more_roles,
        ties=[tie_of(line) for line in picture.ties],
        advice=AdviceOut(
            brought=picture.advice.count, became_customers=picture.advice.customers, value=picture.advice.value
        ),
        contact_points=[point_of(point) for point in picture.points],
        revoked_contact_points=[point_of(point) for point in picture.revoked],
        tags=[TagOut(id=UUID(tag["id"]), name=tag["name"]) for tag in picture.tags],
        interests=[InterestOut(id=UUID(one["id"]), text=one["text"]) for one in picture.interests],
        dates=[
            ImportantDateOut(id=UUID(day.id), kind=day.kind, words=day.words, on=day.on, note=day.note)
            for day in picture.dates
        ],
        custom={one.key: cells.value(one) for one in known.of(relation.kind)},
        custom_versions=cells.versions,
        do_not_contact=relation.do_not_contact,
        do_not_contact_reason=relation.do_not_contact_reason,
        version=relation.version,
        created_at=relation.created_at,
        updated_at=relation.updated_at,
    )


def membership_of(role: Role) -> MembershipOut:
    """A role as it stands on the page of one of its sides."""
    return MembershipOut(
        id=role.id,
        relation=Named(id=role.other.id, kind=kind_of(role.other.kind), name=role.other.name),
        role=role.role,
        department=role.department,
        starts_on=role.starts_on,
        ends_on=role.ends_on,
        source=role.source,
        moment=role.moment_id,
    )


def tie_of(line: TieLine) -> TieOut:
    """A tie as it stands on the page of one of its sides."""
    return TieOut(
        id=line.id,
        relation=Named(id=line.other.id, kind=kind_of(line.other.kind), name=line.other.name),
        kind=line.kind,
        words=line.words,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        note=line.note,
        may_introduce=asking_of(line.may_introduce),
        may_be_used=line.may_ask_over,
        outcome=line.outcome,
        value=line.value,
    )


def point_of(point: Point) -> ContactPointOut:
    """A contact point as it stands on a relation's page."""
    link, address = point.link, point.link.contact_point
    return ContactPointOut(
        id=link.id,
        kind=address.kind,
        network=address.network,
        value=address.value,
        display=str(address),
        label=link.label,
        is_primary=link.is_primary,
        source=link.source,
        do_not_contact=address.do_not_contact,
        do_not_contact_reason=address.do_not_contact_reason,
    )


class ChoiceOut(BaseModel):
    """A relation somebody may mean, with what tells it from others of the same name."""

    id: UUID
    kind: Kind
    name: str
    about: str


class ChoiceList(BaseModel):
    """Relations somebody may mean, the likeliest first."""

    items: list[ChoiceOut]


def choices_of(found: list[Choice]) -> ChoiceList:
    """Choices as the door shows them."""
    return ChoiceList(
        items=[ChoiceOut(id=one.id, kind=kind_of(one.kind), name=one.name, about=one.about) for one in found]
    )


def linked(link: ContactPointLink) -> ContactPointOut:
    """An assertion that was just written."""
    return point_of(Point(link))


def held(membership: Membership, side: Relation) -> MembershipOut:
    """A role that was just written, seen from one of its sides."""
    other = membership.organization if side.is_person else membership.person
    return membership_of(role_of(membership, other))


def tied(tie: Tie, side: Relation) -> TieOut:
    """A tie that was just written, seen from one of its sides."""
    is_outgoing = tie.one_id == side.id
    other = tie.other if is_outgoing else tie.one
    return tie_of(line_of(tie, other, is_outgoing=is_outgoing))


def interest_of(interest: Interest) -> InterestOut:
    """An interest that was just noted."""
    return InterestOut(id=interest.id, text=interest.text)


def day_of(day: ImportantDate) -> ImportantDateOut:
    """A day that was just noted."""
    return ImportantDateOut(id=day.id, kind=day.kind, words=str(DateKind(day.kind).label), on=day.on, note=day.note)


def found(relation_id: UUID) -> Relation:
    """A relation the reader may see; for everything else there is nothing at that address."""
    relation: Relation | None = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    return relation


def read_again(relation_id: UUID) -> RelationOut:
    """A relation as it is after it was written; whoever moved it out of their own sight finds nothing."""
    relation: Any = relation_of(relation_id)
    if relation is None:
        raise Http404
    return whole(picture_of(relation))
