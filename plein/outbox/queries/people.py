# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom one can write to: the e-mail addresses of relations, with what stands in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from plein.core.finding import suggest
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.relations.queries import listed_addresses
from plein.relations.vocabulary import ContactKind

MOST = 12


@dataclass(frozen=True, slots=True)
class Reachable:
    """An address somebody has; `trouble` says why it may not be used."""

    relation_id: UUID
    name: str
    address: str
    shown: str
    label: str
    trouble: str = ""

    @property
    def mailbox(self) -> str:
        """As one writes it in a mail: the name in quotes where a comma or a dot would take it apart."""
        name = self.name.replace('"', "'")
        is_plain = all(char.isalnum() or char in " -'" for char in name)
        return f"{name if is_plain else f'"{name}"'} <{self.address}>"


def _links(relations: Q) -> list[ContactPointLink]:
    found = ContactPointLink.objects.filter(
        relations, revoked_at__isnull=True, contact_point__kind=ContactKind.EMAIL
    ).select_related("relation", "contact_point")
    return list(found.order_by("-is_primary", "relation__sort_name", "id")[: 4 * MOST])


def reachable(relation: Relation | None, query: str = "") -> list[Reachable]:
    """The addresses of a relation, and of the people there or where they work; or of whoever one looks for."""
    if query.strip():
        ids = suggest(query, limit=MOST)
        links = sorted(_links(Q(relation_id__in=ids)), key=lambda link: ids.index(link.relation_id)) if ids else []
    elif relation is not None:
        near = Membership.objects.filter(ends_on__isnull=True)
        links = _links(
            Q(relation_id=relation.id)
            | Q(relation_id__in=near.filter(organization=relation).values("person_id"))
            | Q(relation_id__in=near.filter(person=relation).values("organization_id"))
        )
        links.sort(key=lambda link: link.relation_id != relation.id)
    else:
        return []
    return _reachable(links[:MOST])


def _reachable(links: Sequence[ContactPointLink]) -> list[Reachable]:
    listed = listed_addresses(link.contact_point.value for link in links)
    return [
        Reachable(
            link.relation_id,
            link.relation.name,
            link.contact_point.value,
            str(link.contact_point),
            link.label,
            listed[link.contact_point.value].words if link.contact_point.value in listed else "",
        )
        for link in links
    ]


def relation_behind(addresses: Iterable[str], preferred: UUID | None = None) -> dict[str, Relation]:
    """Whose these addresses are, as far as the reader may see; the preferred relation goes first."""
    links = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.EMAIL, contact_point__value__in=list(addresses), revoked_at__isnull=True
    ).select_related("relation", "contact_point")
    found: dict[str, Relation] = {}
    for link in links.order_by("decided_at", "id"):
        value = link.contact_point.value
        if value not in found or link.relation_id == preferred:
            found[value] = link.relation
    return found
