# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many new cards of an address book elsewhere, taken in together inside the operation of whoever calls.

Somebody whose card says something that needs a closer look (an address of somebody we know or of another card, or of
somebody who was erased) is not among them: those are taken in one by one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.channels.base import Entry
from plein.channels.models import Connection
from plein.core.events import publish
from plein.core.ids import new_id
from plein.dav.actions.cards import relation_of_uid
from plein.dav.cards import KINDS, Card
from plein.dav.models import Mirrored
from plein.dav.queries.book import facts_of
from plein.dav.wanted_cards import read_all, wanted_of
from plein.imports.parts import Parts
from plein.imports.wanted import Wanted
from plein.moments.intake.rows import insert_rows
from plein.relations.actions.contact_points import home_country
from plein.relations.events import RelationAssigned
from plein.relations.models import ContactPointLink, Relation
from plein.relations.queries.erased import erased_at
from plein.relations.vocabulary import Source
from plein.trust.circles import circle_for_new, only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

_COLUMNS = ("id", "kind", "name", "sort_name", "given_name", "infix", "family_name", "about", "photo")


@dataclass(frozen=True, slots=True)
class _New:
    """Somebody new: the entry they come from, and what is to be written."""

    id: UUID
    entry: Entry
    wanted: Wanted


def take_new_cards(
    *, actor: Entrance, connection: Connection, entries: Sequence[Entry], known: Collection[str], circle: str
) -> set[str]:
    """Write those of these cards that are plainly of somebody new, all at once; returns by which names they go there.

    `known` are the names under which something of theirs was here before.
    """
    permit(actor, "write")
    fresh = [one for one in _plainly_new(entries, connection) if one.entry.external_id not in known]
    if not fresh:
        return set()
    circle_id = circle_for_new(circle)
    rows = []
    for one in fresh:
        photo = Parts.kept_photo(one.wanted)
        values = {**one.wanted.fields, "id": one.id, "kind": one.wanted.kind, "photo": photo}
        rows.append(tuple(values.get(column, "") for column in _COLUMNS))
    constants = {"circle_id": circle_id, "source": str(Source.IMPORT), "owner_id": actor.seat_id}
    parts, newcomers = Parts(actor, circle_id), [(one.id, circle_id, one.wanted) for one in fresh]
    present = parts.look_up(newcomers)
    insert_rows(Relation, _COLUMNS, rows, constants)
    parts.add_to_new(newcomers, {}, present)
    publish(RelationAssigned(tuple(one.id for one in fresh), actor.seat_id))
    _remember(connection, fresh)
    return {one.entry.external_id for one in fresh}


def _remember(connection: Connection, fresh: Sequence[_New]) -> None:
    """What both sides have in common now."""
    saved = list(Relation.objects.filter(id__in=[one.id for one in fresh]))
    ours = {facts.id: facts.ours() for facts in facts_of(saved)}
    mine = only_me()
    Mirrored.objects.bulk_create(
        Mirrored(
            connection=connection,
            own_circle_id=mine,
            relation_id=one.id,
            name=one.entry.external_id[:500],
            collection=one.entry.collection[:300],
            href=one.entry.href[:1000],
            etag=one.entry.etag[:300],
            uid=one.entry.uid[:500],
            text=one.entry.text,
            ours=ours[one.id],
        )
        for one in fresh
    )


def _plainly_new(entries: Sequence[Entry], connection: Connection) -> Iterator[_New]:
    """Those of whom nothing says that they are somebody we know, or who asked to be erased."""
    country = home_country()
    cards = list(read_all(entries, country))
    said = Counter(email for _entry, card in cards for email in card.group("email"))
    taken = {email for email, count in said.items() if count > 1} | _held(said, connection.circle_id)
    known = _ours(card.uid for _entry, card in cards)
    gone = {kind: set(erased_at(_values(cards, kind), kind)) for kind in KINDS}
    for number, (entry, card) in enumerate(cards):
        is_known = card.uid in known or bool(taken & card.group("email").keys())
        wanted = None if is_known else wanted_of(number, card, country)
        if wanted and not any(point.contact.value in gone[point.contact.kind] for point in wanted.points):
            yield _New(new_id(), entry, wanted)


def _ours(uids: Iterable[str]) -> set[str]:
    """Which of these identifiers are those of relations: their cards we made ourselves."""
    ids = {own: uid for uid in uids if (own := relation_of_uid(uid))}
    return {ids[one] for one in Relation.objects.filter(id__in=list(ids)).values_list("id", flat=True)}


def _held(emails: Iterable[str], circle_id: int) -> set[str]:
    """Which of these addresses somebody of this circle has."""
    links = ContactPointLink.objects.filter(
        contact_point__kind="email",
        contact_point__value__in=list(emails),
        revoked_at__isnull=True,
        relation__circle_id=circle_id,
    )
    return set(links.values_list("contact_point__value", flat=True))


def _values(cards: Iterable[tuple[Entry, Card]], kind: str) -> set[str]:
    """The addresses of a kind on these cards, as one of somebody who was erased is remembered."""
    keys = (key for _entry, card in cards for key in card.group(kind))
    return {key.partition(":")[2] if kind == "handle" else key for key in keys}
