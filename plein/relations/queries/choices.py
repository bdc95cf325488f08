# SPDX-License-Identifier: AGPL-3.0-or-later
"""What there is to choose from in a form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from plein.core.audit import audit_look
from plein.core.finding import suggest
from plein.relations.models import ContactPoint, ContactPointLink, Membership, Relation, Tag
from plein.trust.models import Seat

SUGGESTED = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A relation one may mean, with what tells it from others of the same name."""

    id: UUID
    name: str
    kind: str
    photo: str
    about: str
    #: What speaks for it, when they were recognised.
    why: str = ""


def _choices(relations: QuerySet[Relation]) -> dict[UUID, Choice]:
    organization = (
        Membership.objects.filter(person_id=OuterRef("id"))
        .order_by(F("ends_on").desc(nulls_first=True), "id")
        .values("organization__name")[:1]
    )
    found: QuerySet[Any] = relations.annotate(works_for=Subquery(organization))
    audit_look("relation", found, how="search")
    return {
        one.id: Choice(
            one.id, one.name, one.kind, one.photo, ", ".join(filter(None, (one.works_for, one.headline, one.place)))
        )
        for one in found
    }


def suggestions(query: str, *, kinds: tuple[str, ...], limit: int = SUGGESTED) -> list[Choice]:
    """Relations that somebody typing this may mean, best first."""
    ids = suggest(query, kinds=kinds, limit=limit)
    if not ids:
        return []
    found = _choices(Relation.objects.filter(id__in=ids, kind__in=kinds))
    return [found[one] for one in ids if one in found]


def similar_relations(
    name: str, *, kind: str, contact_value: str = "", known: Mapping[UUID, str] | None = None, limit: int = SUGGESTED
) -> list[Choice]:
    """Visible relations that may be the very one that is being added: recognised, same address, or a name like it."""
    reasons = known or {}
    ids: list[UUID] = list(reasons)
    if contact_value:
        points = ContactPoint.objects.filter(value=contact_value).values("id")
        links = ContactPointLink.objects.filter(contact_point_id__in=points, revoked_at__isnull=True)
        ids += links.values_list("relation_id", flat=True)[:limit]
    if len(name.strip()) > 2:
        ids += suggest(name, kinds=[kind], limit=limit)
    if not ids:
        return []
    found = _choices(Relation.objects.filter(id__in=ids))
    told = [found[one] for one in dict.fromkeys(ids) if one in found][:limit]
    return [replace(one, why=reasons.get(one.id, "")) for one in told]


def owner_choices() -> list[tuple[str, str]]:
    """Colleagues who can own a relation, by name."""
    seats = Seat.objects.filter(is_active=True).select_related("user").order_by("user__name")
    return [(str(seat.id), str(seat)) for seat in seats]


def tag_choices() -> list[tuple[str, str]]:
    """The tags of the workspace, by name."""
    return [(str(tag.id), tag.name) for tag in Tag.objects.order_by("name")]
