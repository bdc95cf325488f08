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


def _links(relation_ids: Iterable[UUID]) -> list[ContactPointLink]:
    found = ContactPointLink.objects.filter(
        relation_id__in=list(relation_ids), revoked_at__isnull=True, contact_point__kind=ContactKind.EMAIL
    ).select_related("relation", "contact_point")
    return list(found.order_by("-is_primary", "relation__sort_name", "id")[: 4 * MOST])


def reachable(relation: Relation | None, query: str = "") -> list[Reachable]:
    """The addresses of a relation, and of the people there or where they work; or of whoever one looks for."""
    ids: list[UUID] = []
    if query.strip():
        ids = suggest(query, limit=MOST)
    elif relation is not None:
        near = Membership.objects.filter(Q(person=relation) | Q(organization=relation), ends_on__isnull=True)
        others = near.values_list("person_id", "organization_id")[: 3 * MOST]
        ids = list(dict.fromkeys([relation.id, *(one for pair in others for one in pair if one != relation.id)]))
    return _reachable(ids)


def _reachable(ids: Sequence[UUID]) -> list[Reachable]:
    links = sorted(_links(ids), key=lambda link: ids.index(link.relation_id))[:MOST]
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
