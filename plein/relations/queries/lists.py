# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of people and organizations: filtered, sorted, paged, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from plein.core.audit import audit_look
from plein.core.finding import suggest
from plein.core.ids import now
from plein.core.isolation import current
from plein.lists.keyset import Cursor, Segment, decode, turned
from plein.relations.models import ContactPointLink, Favourite, Membership, Relation, Tagging
from plein.relations.vocabulary import ContactKind, RelationKind

PAGE = 50
#: A list is never counted further than this.
COUNT_CAP = 1000
#: How many relations a search text brings into a list at most: by itself, and before other filters narrow it.
FOUND, FOUND_BEFORE_FILTERS = 200, 2000
LONGEST_SEARCH = 200

_ID = (("id", False),)
_NAME = (("sort_name", False), *_ID)
SORTS: dict[str, tuple[Segment, ...]] = {
    "name": (Segment(Q(), _NAME),),
    "place": (Segment(Q(place__gt=""), (("place", False), *_NAME)), Segment(Q(place=""), _NAME)),
    "owner": (
        Segment(Q(owner__isnull=False), (("owner_id", False), *_NAME)),
        Segment(Q(owner__isnull=True), _NAME),
    ),
    "changed": (Segment(Q(), (("updated_at", False), ("id", True))),),
    "created": (Segment(Q(), (("created_at", False), ("id", True))),),
}


def segments_of(sort: str) -> tuple[Segment, ...]:
    """The stretches of a list in this order; a minus turns each of them round."""
    chosen = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    if not sort.startswith("-"):
        return chosen
    return turned(chosen)


@dataclass(frozen=True, slots=True)
class RelationFilter:
    """What a list shows and how it is sorted, as it stands in its address."""

    kind: str = RelationKind.PERSON
    q: str = ""
    place: str = ""
    owner: str = ""
    tag: UUID | None = None
    organization: UUID | None = None
    is_favourite: bool = False
    sort: str = "name"

    @classmethod
    def read(cls, kind: str, query: Mapping[str, Any]) -> "RelationFilter":
        """The filter in an address; what cannot be understood is left out."""
        sort = str(query.get("sort", "name"))
        owner = str(query.get("owner", ""))
        return cls(
            kind=kind,
            q=str(query.get("q", "")).replace("\x00", "").strip()[:LONGEST_SEARCH],
            place=str(query.get("place", "")).replace("\x00", "").strip()[:120],
            owner=owner if owner in ("me", "nobody") or _uuid(owner) else "",
            tag=_uuid(query.get("tag")),
            organization=_uuid(query.get("organization")),
            is_favourite=bool(query.get("favourite")),
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.place or self.owner or self.tag or self.organization or self.is_favourite)

    @property
    def search_limit(self) -> int:
        """How many relations the search text may bring in."""
        return FOUND_BEFORE_FILTERS if replace(self, q="").is_narrowed else FOUND

    def address(self, **changes: Any) -> str:
        """The query string of this list, with some parts changed or left out (None)."""
        parts: dict[str, Any] = {
            "q": self.q,
            "place": self.place,
            "owner": self.owner,
            "tag": self.tag,
            "organization": self.organization,
            "favourite": "1" if self.is_favourite else "",
            "sort": "" if self.sort == "name" else self.sort,
        }
        return urlencode({name: value for name, value in (parts | changes).items() if value})


def segments_for(wanted: RelationFilter) -> tuple[Segment, ...]:
    """The order of a list; by a value of which only one is shown is by name."""
    alone = {"place": bool(wanted.place), "owner": bool(wanted.owner)}
    falls, name = wanted.sort.startswith("-"), wanted.sort.removeprefix("-")
    return segments_of(("-name" if falls else "name") if alone.get(name) else wanted.sort)


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class RelationRow:
    """One line of a list."""

    relation: Relation
    role: str
    organization_id: UUID | None
    organization: str
    email: str
    phone: str
    owner: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RelationPage:
    """One page of a list and where the next one starts."""

    rows: list[RelationRow]
    next: str


def matching(wanted: RelationFilter) -> QuerySet[Relation]:
    """The relations a filter lets through, unsorted; a filter without a kind lets both through."""
    kinds = [wanted.kind] if wanted.kind else RelationKind.values
    relations: QuerySet[Relation] = Relation.objects.filter(kind__in=kinds)
    if wanted.q:
        relations = relations.filter(id__in=suggest(wanted.q, kinds=kinds, limit=wanted.search_limit))
    if wanted.place:
        relations = relations.filter(place=wanted.place)
    if wanted.owner == "nobody":
        relations = relations.filter(owner__isnull=True)
    elif wanted.owner:
        relations = relations.filter(owner_id=current().seat_id if wanted.owner == "me" else UUID(wanted.owner))
    of_it = {"relation_id": OuterRef("id")}
    if wanted.tag:
        relations = relations.filter(Exists(Tagging.objects.filter(tag_id=wanted.tag, **of_it)))
    if wanted.is_favourite:
        relations = relations.filter(Exists(Favourite.objects.filter(seat=current().seat_id, **of_it)))
    if wanted.organization:
        roles = Membership.objects.filter(organization_id=wanted.organization, person_id=OuterRef("id"))
        relations = relations.filter(Exists(roles))
    return relations


def _current_role() -> Subquery:
    """The role of today with its organization, the newest first; else the last one there was."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=now().date())
    roles = Membership.objects.filter(begun, person_id=OuterRef("id")).order_by(
        F("ends_on").desc(nulls_first=True), F("starts_on").desc(nulls_last=True), "id"
    )
    return Subquery(
        roles.values(
            found=JSONObject(
                role="role", organization_id="organization_id", organization="organization__name", ends_on="ends_on"
            )
        )[:1]
    )


def _first_point(kind: str) -> Subquery:
    links = ContactPointLink.objects.filter(
        relation_id=OuterRef("id"), revoked_at__isnull=True, contact_point__kind=kind
    ).order_by("-is_primary", "id")
    return Subquery(links.values("contact_point__display")[:1])


def _row(relation: Any) -> RelationRow:
    role = relation.current_role or {}
    organization_id = role.get("organization_id")
    return RelationRow(
        relation=relation,
        role=role.get("role", ""),
        organization_id=UUID(organization_id) if organization_id else None,
        organization=role.get("organization", ""),
        email=relation.email or "",
        phone=relation.phone or "",
        owner=str(relation.owner.user) if relation.owner else "",
    )


def list_relations(wanted: RelationFilter, *, cursor: str = "", limit: int = PAGE) -> RelationPage:
    """One page of a list; raises BadCursor."""
    segments = segments_for(wanted)
    start = decode(cursor, segments)
    chosen = (
        matching(wanted)
        .select_related("owner__user")
        .annotate(
            current_role=_current_role(),
            email=_first_point(ContactKind.EMAIL),
            phone=_first_point(ContactKind.PHONE),
        )
    )
    found: list[tuple[int, Relation]] = []
    for number in range(start.segment if start else 0, len(segments)):
        segment = segments[number]
        rows = chosen.filter(segment.only)
        if start and number == start.segment:
            rows = rows.filter(segment.after(start.values))
        found += [(number, row) for row in rows.order_by(*segment.ordering())[: limit + 1 - len(found)]]
        if len(found) > limit:
            break
    following = ""
    if len(found) > limit:
        number, last = found[limit - 1]
        following = Cursor(number, tuple(getattr(last, name) for name, _falls in segments[number].order)).encode(
            segments
        )
    shown = [relation for _number, relation in found[:limit]]
    audit_look("relation", shown, how="list")
    return RelationPage([_row(relation) for relation in shown], following)


def count_relations(wanted: RelationFilter) -> int:
    """How many there are, counted no further than just past COUNT_CAP."""
    is_everybody = replace(wanted, kind="", sort="name") == RelationFilter(kind="")
    # In an index that starts with the kind, counting stops where the cap is; without one the planner reads on and on.
    order = ("sort_name", "id") if is_everybody else ()
    return matching(wanted).order_by(*order)[: COUNT_CAP + 1].count()
