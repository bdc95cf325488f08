# SPDX-License-Identifier: AGPL-3.0-or-later
"""What relations are called and reached by in public, as the reader knows it today, and topics by the company: so a
search follows a rename.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from plein.listening.models import Search
from plein.relations.domains import company_domain
from plein.relations.models import ContactPointLink
from plein.relations.vocabulary import ContactKind

#: A name on a network that is shorter is a word like any other.
SHORTEST_HANDLE = 4
#: So many contact points of a relation are looked at.
MOST_POINTS = 50
_KINDS = [ContactKind.HANDLE, ContactKind.EMAIL, ContactKind.URL]


def with_names(found: QuerySet[Search]) -> QuerySet[Search]:
    """These searches with the relation or the topic behind each, and what it is reached by, in the same statement."""
    links = ContactPointLink.objects.filter(
        relation_id=OuterRef("relation_id"), revoked_at__isnull=True, contact_point__kind__in=_KINDS
    ).order_by("id")
    told = links.annotate(told=Concat("contact_point__kind", Value(":"), "contact_point__value")).values("told")
    return found.select_related("relation", "topic").annotate(points=ArraySubquery(told[:MOST_POINTS]))


def called(search: Search) -> list[str]:
    """The lines to listen for of the relation or the topic behind a search that was read `with_names`.

    Their name, their names on networks, and the domains of their addresses and of their website, unless everybody may
    have one there; of a topic its name and the words that tell it.
    """
    if search.topic is not None:
        return list(dict.fromkeys([search.topic.name, *search.topic.words.splitlines()]))
    if search.relation is None:
        return []
    lines = {search.relation.name: None}
    points: list[str] = vars(search)["points"]
    for point in points:
        kind, _colon, value = point.partition(":")
        lines |= dict.fromkeys(_WAYS[ContactKind(kind)](value))
    return list(lines)


def _handles(value: str) -> list[str]:
    name = value.rpartition("/")[2]
    return [name] if len(name) >= SHORTEST_HANDLE else []


def _domains(address: str) -> list[str]:
    domain = company_domain(address)
    return [domain, f"www.{domain}"] if domain else []


def _pages(address: str) -> list[str]:
    """A website of their own tells by its domain; a page on somebody else's, which has a path, tells nothing."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    return _domains(f"@{parts.hostname or ''}") if parts.path in ("", "/") else []


_WAYS: dict[ContactKind, Callable[[str], list[str]]] = {
    ContactKind.HANDLE: _handles,
    ContactKind.EMAIL: _domains,
    ContactKind.URL: _pages,
}
