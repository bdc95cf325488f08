# SPDX-License-Identifier: AGPL-3.0-or-later
"""People and organizations as kinds of records that have a list."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plein.core.finding import suggest
from plein.lists.conditions import Across, Conditions, Test
from plein.lists.kinds import ListKind, Pages, Quick
from plein.lists.operators import ME
from plein.relations.listing.fields import organization_fields, person_fields
from plein.relations.listing.links import ORGANIZATION_OF_PERSON, PERSON_OF_ORGANIZATION, TIE
from plein.relations.listing.peek import peek_context
from plein.relations.models import Relation
from plein.relations.values import RelationValues
from plein.relations.vocabulary import RelationKind


def _legacy(query: Mapping[str, Any]) -> Conditions:
    """What was asked with `place`, `owner`, `tag`, `organization` and `favourite`; what cannot be read is left out."""
    found: list[Any] = []
    place = str(query.get("place", "")).replace("\x00", "").strip()[:120]
    if place:
        found.append(Test("place", "is", (place,)))
    owner = str(query.get("owner", ""))
    if owner == "nobody":
        found.append(Test("owner", "empty"))
    elif owner == ME or _is_id(owner):
        found.append(Test("owner", "is", (owner,)))
    if _is_id(tag := str(query.get("tag", ""))):
        found.append(Test("tag", "is", (tag,)))
    if _is_id(organization := str(query.get("organization", ""))):
        found.append(Across("organization", True, (Test("id", "is", (organization,)),)))
    if query.get("favourite"):
        found.append(Test("favourite", "yes"))
    return tuple(found)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def kinds_at_hand() -> list[tuple[str, str, str]]:
    return [
        (_("People"), reverse("relations:person_list"), RelationKind.PERSON),
        (_("Organizations"), reverse("relations:organization_list"), RelationKind.ORGANIZATION),
        (_("Contact moments"), reverse("moments:moment_list"), "moment"),
    ]


def _search(kind: RelationKind) -> Any:
    return lambda text, limit: suggest(text, kinds=[kind], limit=limit)


def _pages(kind: RelationKind) -> Pages:
    is_person = kind == RelationKind.PERSON
    return Pages(
        all=lambda: reverse(f"relations:{kind}_list"),
        record=lambda id: reverse("relations:relation", args=[id]),
        create=lambda: reverse(f"relations:{kind}_create"),
        create_words=gettext_lazy("New person") if is_person else gettext_lazy("New organization"),
        heading=gettext_lazy("Relations"),
        tabs=kinds_at_hand,
        peek="relations/peek.html",
        peek_context=peek_context,
        empty="relations/list_empty.html",
        is_bare=lambda relations: all(relation.is_ours for relation in relations),
    )


_QUICK = (
    Quick(gettext_lazy("Mine"), "owner:is:me"),
    Quick(gettext_lazy("My favourites"), "favourite:yes", "star"),
    Quick(gettext_lazy("Without an owner"), "owner:empty"),
    Quick(gettext_lazy("Quiet for 90 days"), "none.moment(when:last:90d)", "moon"),
)

PEOPLE = ListKind(
    key=RelationKind.PERSON.value,
    plural=gettext_lazy("People"),
    model=Relation,
    rows=lambda: Relation.objects.filter(kind=RelationKind.PERSON),
    words=lambda count, number: ngettext("%(number)s person", "%(number)s people", count) % {"number": number},
    name_of=lambda relation: relation.name,
    pages=_pages(RelationKind.PERSON),
    fields=person_fields(),
    columns=("role", "place", "email", "phone", "owner"),
    sort="name",
    links=(ORGANIZATION_OF_PERSON, TIE),
    search=_search(RelationKind.PERSON),
    search_words=gettext_lazy("Name, address or number"),
    quick=_QUICK,
    legacy=_legacy,
    values_model=RelationValues,
)
ORGANIZATIONS = ListKind(
    key=RelationKind.ORGANIZATION.value,
    plural=gettext_lazy("Organizations"),
    model=Relation,
    rows=lambda: Relation.objects.filter(kind=RelationKind.ORGANIZATION),
    words=lambda count, number: (
        ngettext("%(number)s organization", "%(number)s organizations", count) % {"number": number}
    ),
    name_of=lambda relation: relation.name,
    pages=_pages(RelationKind.ORGANIZATION),
    fields=organization_fields(),
    columns=("headline", "place", "email", "phone", "owner"),
    sort="name",
    links=(PERSON_OF_ORGANIZATION, TIE),
    search=_search(RelationKind.ORGANIZATION),
    search_words=gettext_lazy("Name, address or number"),
    quick=_QUICK,
    legacy=_legacy,
    values_model=RelationValues,
)
