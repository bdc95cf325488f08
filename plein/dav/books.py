# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two address books of a device: people, and organizations."""

from functools import cached_property

from django.utils.translation import gettext as _

from plein.dav.actions.cards import PutCard, put_card
from plein.dav.actions.kept import leave_out
from plein.dav.card_photos import OLD, picture_of
from plein.dav.cards import Facts, KeptCard, read_card, uid_of, write_card
from plein.dav.models import Kept
from plein.dav.queries.book import MOST_CARDS, ORGANIZATIONS, PEOPLE, facts_of, in_book, kept_cards
from plein.dav.refusals import NotTaken
from plein.dav.shelves import CARD, Entry, Shelf, hash_of
from plein.relations.actions.contact_points import home_country
from plein.relations.models import Relation


class Book(Shelf):
    """An address book."""

    kind, suffix, about = CARD, ".vcf", "relation"

    @property
    def title(self) -> str:
        return _("People") if self.key == PEOPLE else _("Organizations")

    @cached_property
    def entries(self) -> dict[str, Entry]:
        kept = kept_cards(self.seat.seat_id)
        relations = in_book(self.seat.seat_id, self.key, self.device.reach, kept)[:MOST_CARDS]
        found = (self._entry(one, kept.get(one.id)) for one in facts_of(list(relations)))
        return {one.name: one for one in found}

    def _entry(self, facts: Facts, kept: Kept | None) -> Entry:
        known = KeptCard(kept.uid, kept.text, kept.ours) if kept and kept.text else None
        return Entry(
            name=kept.name if kept and kept.collection == self.key else f"{facts.id}{self.suffix}",
            etag=hash_of(write_card(facts, OLD, known), facts.photo),
            write=lambda version: write_card(facts, version or OLD, known, picture_of),
            facts=facts,
            kept=kept,
        )

    def find(self, name: str) -> Entry | None:
        kept = self.kept_named(name)
        if kept is not None and kept.is_left_out:
            return None
        wanted = kept.relation_id if kept is not None else self.id_in(name)
        if wanted is None:
            return None
        if kept is None:
            kept = Kept.objects.filter(seat_id=self.seat.seat_id, relation_id=wanted).first()
            if kept is not None:
                # It goes by the name that a device gave it.
                return None
        known = {kept.relation_id: kept} if kept and kept.relation_id else {}
        there = in_book(self.seat.seat_id, self.key, self.device.reach, known).filter(id=wanted)
        facts = next(facts_of(list(there)), None)
        return self._entry(facts, kept) if facts else None

    def put(self, name: str, text: str, present: Entry | None) -> Entry:
        card = read_card(text, home_country())
        kept = present.kept if present else None
        record = Relation.objects.get(id=present.facts.id) if present else None
        if present is None:
            kept, record = self._known(card.uid)
        elif card.uid and uid_of(present.facts, _known_card(kept)) != card.uid:
            raise NotTaken(_("The identifier (UID) of a contact does not change."), "no-uid-conflict")
        saved = put_card(actor=self.seat, put=PutCard(self.key, name, card, kept, record))
        found = self._entry(next(facts_of([saved])), Kept.objects.get(seat_id=self.seat.seat_id, relation=saved))
        return found

    def _known(self, uid: str) -> tuple[Kept | None, Relation | None]:
        """A contact that came before under another name, from this or another device."""
        mine = Kept.objects.filter(seat_id=self.seat.seat_id, relation__isnull=False).exclude(uid="")
        kept = mine.filter(uid=uid).select_related("relation").first() if uid else None
        if kept is not None:
            return kept, kept.relation
        ours = self.id_in(uid.removeprefix("urn:uuid:")) if uid else None
        record = Relation.objects.filter(id=ours).first() if ours else None
        return (mine.filter(relation=record).first() if record else None), record

    def remove(self, entry: Entry) -> None:
        uid = uid_of(entry.facts, _known_card(entry.kept))
        record = {} if entry.kept else {"relation_id": entry.facts.id}
        leave_out(actor=self.seat, kept=entry.kept, collection=self.key, name=entry.name, uid=uid, **record)


def _known_card(kept: Kept | None) -> KeptCard | None:
    return KeptCard(kept.uid, kept.text, kept.ours) if kept else None


class People(Book):
    """The people."""

    key = PEOPLE


class Organizations(Book):
    """The organizations."""

    key = ORGANIZATIONS
