# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people and organizations on a colleague's devices, each with what belongs on its card."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from plein.core.ids import now
from plein.dav.cards import Facts, Value, address_key, day_value, name_value, org_value, text_value
from plein.dav.models import Kept
from plein.relations.models import ContactPointLink, Favourite, ImportantDate, Membership, Relation, Tagging
from plein.relations.names import PersonName
from plein.relations.vocabulary import DateKind, RelationKind
from plein.trust.models import Workspace

PEOPLE, ORGANIZATIONS = "people", "organizations"
KINDS = {PEOPLE: RelationKind.PERSON, ORGANIZATIONS: RelationKind.ORGANIZATION}
#: More than this no device can hold; those one owns or keeps at hand come first.
MOST_CARDS = 25_000
DAYS = {DateKind.BIRTHDAY: "bday", DateKind.ANNIVERSARY: "anniversary"}


def kept_cards(seat_id: UUID) -> dict[UUID, Kept]:
    """What a colleague's devices made of relations, by relation."""
    mine = Kept.objects.filter(seat_id=seat_id, relation__isnull=False)
    return {one.relation_id: one for one in mine if one.relation_id}


def in_book(seat_id: UUID, book: str, reach: str, kept: dict[UUID, Kept]) -> QuerySet[Relation]:
    """The relations in a book: those one owns, keeps at hand or brought in, or all that may be seen."""
    there = {key for key, one in kept.items() if one.collection == book and not one.is_left_out}
    elsewhere = {key for key, one in kept.items() if one.collection != book or one.is_left_out}
    at_hand = Exists(Favourite.objects.filter(relation_id=OuterRef("id"), seat_id=seat_id))
    mine = Q(owner_id=seat_id) | Q(at_hand)
    found: QuerySet[Relation] = Relation.objects.filter(
        Q(id__in=there) | (Q(kind=KINDS[book]) & (mine if reach == "mine" else Q()))
    )
    if elsewhere:
        found = found.exclude(id__in=elsewhere)
    return found.order_by("sort_name", "id")


def facts_of(relations: Sequence[Relation], *, with_every_work: bool = False) -> Iterator[Facts]:
    """What belongs on the cards of these relations: five queries, however many there are.

    A card on a device has one organization; one in a file has every one that somebody works for now.
    """
    if not relations:
        return
    country = str(Workspace.objects.values_list("country", flat=True).get())
    ids = [one.id for one in relations]
    found = {one.id: _begun(one, country) for one in relations}
    for group in (_works(ids, is_every=with_every_work), _points(ids), _days(ids), _tags(ids)):
        for relation_id, value in group:
            found[relation_id].values.append(value)
    for one in relations:
        facts = found[one.id]
        if one.about.strip():
            facts.values.append(text_value("note", one.about))
        if one.photo:
            facts.values.append(Value("photo", one.photo))
        yield facts


def single_facts_of(relations: Sequence[Relation]) -> dict[UUID, Facts]:
    """What these relations have one of: two queries, however many there are."""
    ids = [one.id for one in relations]
    found = {one.id: _begun(one, "") for one in relations}
    for group in (_works(ids, is_every=False), _days(ids)) if relations else ():
        for relation_id, value in group:
            found[relation_id].values.append(value)
    for one in relations:
        said = [text_value("note", one.about)] if one.about.strip() else []
        found[one.id].values += [*said, *([Value("photo", one.photo)] if one.photo else [])]
    return found


def _begun(one: Relation, country: str) -> Facts:
    parts = PersonName(one.given_name, one.infix, one.family_name) if one.is_person else PersonName()
    return Facts(
        one.id, one.circle_id, one.is_person, one.name, parts, one.photo, country, [name_value(one.name, parts)]
    )


def _points(ids: Iterable[UUID]) -> Iterator[tuple[UUID, Value]]:
    links = ContactPointLink.objects.filter(relation_id__in=ids, revoked_at__isnull=True)
    seen: set[tuple[Any, ...]] = set()
    for link in links.select_related("contact_point").order_by("-is_primary", "id"):
        value = point_value(link)
        if (link.relation_id, value.group, value.key) not in seen:
            seen.add((link.relation_id, value.group, value.key))
            yield link.relation_id, value


def point_value(link: ContactPointLink) -> Value:
    """A contact point of a relation, as a value on its card."""
    point, network = link.contact_point, link.contact_point.network
    key, text = point.value, point.value
    parts: tuple[str, ...] = ()
    if point.kind == "handle":
        key, parts = f"{network}:{point.value}", (network, point.value)
    elif point.kind == "postal":
        parts = tuple(str(point.detail.get(name, "")) for name in ("street", "postal_code", "place", "country"))
        key, text = address_key(*parts[:3]), point.display
    return Value(point.kind, key, text, link.label, parts, link.is_primary)


def _works(ids: Iterable[UUID], *, is_every: bool) -> Iterator[tuple[UUID, Value]]:
    """For whom somebody works now, unless every one is wanted the first that was noted.

    Of several those with a role come first: a card tells roles and organizations in the same order, and no more.
    """
    today = now().date()
    has_begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    goes_on = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    works = Membership.objects.filter(has_begun, goes_on, person_id__in=ids)
    seen: set[UUID] = set()
    found = list(works.select_related("organization").order_by("id"))
    for one in sorted(found, key=lambda work: not work.role) if is_every else found:
        if is_every or one.person_id not in seen:
            seen.add(one.person_id)
            yield one.person_id, org_value(one.organization.name, one.department, one.role)


def _days(ids: Iterable[UUID]) -> Iterator[tuple[UUID, Value]]:
    seen: set[tuple[UUID, str]] = set()
    for one in ImportantDate.objects.filter(relation_id__in=ids, kind__in=list(DAYS)).order_by("id"):
        group = DAYS[DateKind(one.kind)]
        if (one.relation_id, group) not in seen:
            seen.add((one.relation_id, group))
            yield one.relation_id, day_value(group, one.on)


def _tags(ids: Iterable[UUID]) -> Iterator[tuple[UUID, Value]]:
    for one in Tagging.objects.filter(relation_id__in=ids).select_related("tag").order_by("tag__name", "id"):
        yield one.relation_id, text_value("categories", one.tag.name)
