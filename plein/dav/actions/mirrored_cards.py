# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cards of an address book elsewhere, taken over here. Everything runs inside the operation of whoever calls."""

from dataclasses import replace
from typing import Any

from plein.channels.base import Entry
from plein.channels.models import Connection
from plein.dav.actions.cards import PutCard, relation_of_uid, take_card
from plein.dav.actions.mirroring import Decided, keep_both, keep_mirrored
from plein.dav.cards import SINGLE, Card, read_card
from plein.dav.models import Mirrored
from plein.dav.queries.book import ORGANIZATIONS, PEOPLE, facts_of
from plein.moments.intake.told_work import ToldWork, ask_about_work
from plein.moments.vocabulary import NewsSource
from plein.relations.actions.contact_points import home_country
from plein.relations.models import ContactPointLink, Relation
from plein.relations.vocabulary import RelationKind
from plein.trust.seats import Entrance


def take_card_in(actor: Entrance, connection: Connection, entry: Entry, known: Mirrored | None, circle: str) -> None:
    """A new relation, somebody of the same circle who is known already, what changed there, or a conflict."""
    card = read_card(entry.text, home_country())
    if known is not None and known.relation is not None:
        _take_changes(actor, connection, entry, known, known.relation, card)
        return
    there = _known_as(card, connection)
    before = _alike(card) if there is not None else None
    put = PutCard(ORGANIZATIONS if card.is_company else PEOPLE, entry.external_id, card, None, there, circle)
    saved = take_card(actor, put, before)
    if there is not None:
        _ask_about_work(connection, there, card)
    keep_mirrored(connection, entry, known, ours_of(saved), relation=saved)


def _ask_about_work(connection: Connection, person: Relation, card: Card) -> None:
    """What a card says of the work of somebody who was here before changes nothing by itself: it is asked."""
    works = [one.parts for one in card.group("org").values()]
    told = [ToldWork(person.id, organization, role, connection.name) for organization, _department, role in works]
    ask_about_work(told, source=NewsSource.CARD, brought_by=connection.id, circle_id=connection.circle_id)


def decide_card(actor: Entrance, known: Mirrored, entry: Entry, *, is_mine: bool) -> None:
    """Settle what both sides changed: ours is to be written there, or theirs is taken over; all else comes together."""
    if known.relation is not None:
        card = read_card(entry.text, home_country())
        _take_changes(actor, known.connection, entry, known, known.relation, card, "mine" if is_mine else "theirs")


def _take_changes(
    actor: Entrance,
    connection: Connection,
    entry: Entry,
    known: Mirrored,
    relation: Relation,
    card: Card,
    decided: Decided = "",
) -> None:
    base, mine = read_card(known.text, home_country()), ours_of(relation)
    both = both_changed(known, base, card, mine)
    if both and not decided:
        keep_both(known, entry)
        return
    wanted = _as_before(card, base, both) if decided == "mine" else card
    if changed_there(base, wanted):
        put = PutCard(PEOPLE, entry.external_id, wanted, None, relation)
        relation = take_card(actor, put, base)
    ours = ours_of(relation)
    for name in changed_here(known.ours, mine) - (both if decided == "theirs" else set()):
        # What changed here and is not said there yet stays a difference.
        said, had = set(card.group(name)), set(base.group(name))
        ours[name] = sorted((set(known.ours.get(name, [])) | (said - had)) - (had - said))
    keep_mirrored(connection, entry, known, ours)


def both_changed(known: Mirrored, base: Card, card: Card, mine: dict[str, list[str]]) -> set[str]:
    """What somebody has one of and both sides changed, each to something else."""
    alike = changed_there(base, card) & changed_here(known.ours, mine) & set(SINGLE)
    return {name for name in alike if sorted(card.group(name)) != mine.get(name, [])}


def _as_before(card: Card, base: Card, groups: set[str]) -> Card:
    """What the other side says now, but for these groups, of which it says what it said before."""
    values = [one for one in card.values if one.group not in groups]
    values += [one for one in base.values if one.group in groups]
    same = replace(card, values=tuple(values))
    same = replace(same, name=base.name, parts=base.parts) if "name" in groups else same
    return replace(same, photo=base.photo) if "photo" in groups else same


def changed_there(base: Card, card: Card) -> set[str]:
    """The groups of a card that the other side changed."""
    groups = {one.group for one in (*base.values, *card.values)}
    found = {name for name in groups if base.group(name).keys() != card.group(name).keys()}
    labels = {(one.group, one.key): one.label for one in base.values}
    found |= {one.group for one in card.values if labels.get((one.group, one.key), one.label) != one.label}
    return found | ({"photo"} if base.photo != card.photo else set())


def changed_here(before: dict[str, Any], mine: dict[str, list[str]]) -> set[str]:
    """The groups of a card that changed here since both sides had them in common."""
    return {name for name in before.keys() | mine.keys() if before.get(name, []) != mine.get(name, [])}


def ours_of(relation: Relation) -> dict[str, list[str]]:
    """What we know of a relation, in the form in which it is compared."""
    return next(facts_of([relation])).ours()


def _known_as(card: Card, connection: Connection) -> Relation | None:
    """Whose card it is of exactly the circle of the connection: ours, or one and no other has an address of it."""
    own = relation_of_uid(card.uid)
    ours = Relation.objects.filter(id=own, circle_id=connection.circle_id, seat__isnull=True).first() if own else None
    if ours is not None:
        return ours
    emails = list(card.group("email"))
    links = ContactPointLink.objects.filter(
        contact_point__kind="email", contact_point__value__in=emails, revoked_at__isnull=True
    ).select_related("relation")
    kind = RelationKind.ORGANIZATION if card.is_company else RelationKind.PERSON
    found = {one.relation_id: one.relation for one in links if one.relation.circle_id == connection.circle_id}
    alike = [one for one in found.values() if one.kind == kind and one.seat_id is None]
    return alike[0] if len(alike) == 1 and len(found) == 1 else None


def _alike(card: Card) -> Card:
    """A card that says the same but for what somebody may have several of: of those, what is new is added."""
    return replace(card, values=tuple(one for one in card.values if one.group in SINGLE))
