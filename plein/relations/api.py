# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to people and organizations: finding and reading."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from plein.core.paging import CursorText, Limit, NotUnderstood, Words
from plein.relations.queries import (
    BadCursor,
    RelationFilter,
    RelationPicture,
    RelationRow,
    list_relations,
    picture_of,
    relation_of,
)
from plein.relations.queries.both import list_both
from plein.relations.queries.record import Point, Role, TieLine
from plein.relations.vocabulary import RelationKind

router = Router(tags=["relations"])
PAGE = 50

Kind = Literal["person", "organization"]
Sort = Literal["name", "-name", "place", "-place", "updated", "-updated", "created", "-created"]
#: What the list itself calls an order of ours.
ORDERS = {"updated": "changed", "-updated": "-changed"}


class Named(Schema):
    """A relation as it is named beside another one."""

    id: UUID
    kind: Kind
    name: str


class RelationItem(Schema):
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


class RelationList(Schema):
    """A page of relations, and where the next one starts."""

    items: list[RelationItem]
    next: str | None


class MembershipOut(Schema):
    """A role at an organization, seen from one of the two; `relation` is the other."""

    id: UUID
    relation: Named
    role: str
    department: str
    starts_on: date | None
    ends_on: date | None


class TieOut(Schema):
    """A tie, in the words in which it reads from this relation."""

    id: UUID
    relation: Named
    kind: str
    words: str
    starts_on: date | None
    ends_on: date | None
    note: str


class ContactPointOut(Schema):
    """An address on a channel, with where we have it from."""

    id: UUID
    kind: str
    network: str
    value: str
    display: str
    label: str
    is_primary: bool
    source: str


class TagOut(Schema):
    """A word the relation is filed under."""

    id: UUID
    name: str


class InterestOut(Schema):
    """What moves this person."""

    id: UUID
    text: str


class ImportantDateOut(Schema):
    """A day that matters."""

    id: UUID
    words: str
    on: date
    note: str


class RelationOut(Schema):
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
    source: str
    seen_by: str
    memberships: list[MembershipOut]
    past_memberships: list[MembershipOut]
    has_more_memberships: bool
    ties: list[TieOut]
    contact_points: list[ContactPointOut]
    tags: list[TagOut]
    interests: list[InterestOut]
    dates: list[ImportantDateOut]
    version: int
    created_at: datetime
    updated_at: datetime


@router.get("/relations", response=RelationList, summary="List or find people and organizations")
def list_relations_of_kind(
    request: HttpRequest,
    kind: Kind | None = None,
    q: Words = "",
    sort: Sort = "name",
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> RelationList:
    """People, organizations or both. A minus turns the order round."""
    del request
    wanted = RelationFilter(kind=kind or "", q=q.strip(), sort=ORDERS.get(sort, sort))
    try:
        page = (list_relations if kind else list_both)(wanted, cursor=cursor, limit=limit)
    except BadCursor as trouble:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble
    return RelationList(items=[item_of(row) for row in page.rows], next=page.next or None)


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


@router.get("/relations/{relation_id}", response=RelationOut, summary="Read a person or an organization")
def read_relation(request: HttpRequest, relation_id: UUID) -> RelationOut:
    """One relation with all that hangs on it."""
    del request
    relation = relation_of(relation_id)
    if relation is None:
        raise Http404
    return _whole(picture_of(relation))


def _whole(picture: RelationPicture) -> RelationOut:
    relation = picture.relation
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
        source=relation.source,
        seen_by=picture.circle_words or _("Everyone here sees this"),
        memberships=[_membership(role) for role in picture.roles],
        past_memberships=[_membership(role) for role in picture.past_roles],
        has_more_memberships=picture.has_more_roles,
        ties=[_tie(line) for line in picture.ties],
        contact_points=[_point(point) for point in picture.points],
        tags=[TagOut(id=UUID(tag["id"]), name=tag["name"]) for tag in picture.tags],
        interests=[InterestOut(id=UUID(one["id"]), text=one["text"]) for one in picture.interests],
        dates=[ImportantDateOut(id=UUID(day.id), words=day.words, on=day.on, note=day.note) for day in picture.dates],
        version=relation.version,
        created_at=relation.created_at,
        updated_at=relation.updated_at,
    )


def _membership(role: Role) -> MembershipOut:
    return MembershipOut(
        id=role.id,
        relation=Named(id=role.other.id, kind=kind_of(role.other.kind), name=role.other.name),
        role=role.role,
        department=role.department,
        starts_on=role.starts_on,
        ends_on=role.ends_on,
    )


def _tie(line: TieLine) -> TieOut:
    return TieOut(
        id=line.id,
        relation=Named(id=line.other.id, kind=kind_of(line.other.kind), name=line.other.name),
        kind=line.kind,
        words=line.words,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        note=line.note,
    )


def _point(point: Point) -> ContactPointOut:
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
    )
