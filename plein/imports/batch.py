# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a batch of entries: everybody new with everything that belongs to them in a handful of statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.ids import new_id
from plein.core.sending import without_waiting
from plein.imports.doubts import Asked, ask_later, may_be_asked_later, without_known_newcomers
from plein.imports.effects import AS_NEW, CHANGED, DOUBTFUL, LEAVE, NEW, REFUSED, SAME, SKIPPED, Effect
from plein.imports.entries import Entry
from plein.imports.finding import Found, find, is_alike, keys_that_count
from plein.imports.jobs import settle
from plein.imports.models import ContactImport, MatchKey, Mode
from plein.imports.parts import Parts
from plein.imports.wanted import Made, Wanted, wanted_of
from plein.moments.intake.rows import insert_rows
from plein.relations.models import Relation
from plein.relations.queries.erased import erased_at
from plein.relations.vocabulary import ContactKind, Source
from plein.trust.seats import Entrance

#: Columns of a relation that an entry may change, when it says something of them.
CHANGEABLE = ("name", "sort_name", "given_name", "infix", "family_name", "place", "country", "language", "about")
_COLUMNS = (
    "id", "kind", "name", "sort_name", "given_name", "infix", "family_name", "place", "country", "language", "about",
    "photo",
)  # fmt: skip


@dataclass
class Batch:
    """Some entries of an import, written in the operation and the transaction of whoever calls.

    `decided` is what somebody chose of entries, by number. When one only looks ahead, `before` holds by what the new
    ones of earlier batches are known, and is filled further: those batches were taken back.
    """

    actor: Entrance
    planned: ContactImport
    country: str
    keeps_photos: bool = True
    decided: Mapping[int, str] = field(default_factory=dict)
    before: dict[tuple[str, str, str], tuple[int, str]] | None = None
    _begins_at: int = 0

    def write(self, entries: Sequence[Entry]) -> list[Effect]:
        """Write these entries, and say of each what became of it, in their order."""
        return self.write_made([(entry, wanted_of(entry, self.country)) for entry in entries])

    def write_made(self, made: Sequence[Made]) -> list[Effect]:
        """The same, of entries of which was made out already what they are to be."""
        entries = [entry for entry, _wanted in made]
        self._begins_at = entries[0].number if entries else 0
        effects: dict[int, Effect] = {}
        left: list[Wanted] = []
        for entry, wanted in made:
            if isinstance(wanted, str):
                what = SKIPPED if getattr(entry.card, "kind", "") == "group" else REFUSED
                effects[entry.number] = Effect(entry, str(getattr(entry.card, "name", "")), what, reasons=[wanted])
            else:
                wanted.tags = [*wanted.tags, *self.planned.tags]
                left.append(wanted)
        left = list(self._without_erased(left, effects))
        while left:
            # What is the same as an entry before it waits until that is written.
            now_on, left = self._apart(left)
            self._write(now_on, effects)
        return [effects[entry.number] for entry in entries]

    def _without_erased(self, batch: Iterable[Wanted], effects: dict[int, Effect]) -> Iterator[Wanted]:
        """Nobody comes back because their address stands in a file."""
        batch = list(batch)
        gone: set[tuple[str, str]] = set()
        for kind in (ContactKind.EMAIL, ContactKind.PHONE, ContactKind.HANDLE):
            values = {p.contact.value for one in batch for p in one.points if p.contact.kind == kind}
            gone |= {(str(kind), value) for value in erased_at(values, kind)} if values else set()
        for one in batch:
            if any((point.contact.kind, point.contact.value) in gone for point in one.points):
                reason = _("Somebody with this address asked to be erased. Add them by hand if they came to us again.")
                effects[one.entry.number] = Effect(one.entry, one.fields["name"], SKIPPED, reasons=[reason])
            else:
                yield one

    def _apart(self, batch: Sequence[Wanted]) -> tuple[list[Wanted], list[Wanted]]:
        seen: set[tuple[str, str, str]] = set()
        now_on: list[Wanted] = []
        later: list[Wanted] = []
        for one in batch:
            keys = keys_that_count(one, self.planned.match)
            (later if keys & seen else now_on).append(one)
            seen |= keys
        return now_on, later

    def _write(self, batch: Sequence[Wanted], effects: dict[int, Effect]) -> None:
        fresh: list[tuple[UUID, Wanted]] = []
        asked: list[Asked] = []
        known: list[tuple[UUID, Wanted]] = []
        for one, found in zip(batch, self._found(batch), strict=True):
            what, reason = self._verdict(one, found)
            effect = Effect(one.entry, one.fields["name"], what, reasons=[*reason, *one.left], who=found.doubt)
            effects[one.entry.number] = effect
            if what == DOUBTFUL:
                # Names are for who brings it in: what was left out may be seen by others.
                effect.question, effect.reasons[0] = reason[0], _("It was left out, because who it is was not said.")
                if may_be_asked_later(one, self.planned):
                    effect.reasons = list(one.left)
                    asked.append((new_id(), one, found))
                    fresh.append((asked[-1][0], one))
            elif what == NEW:
                fresh.append((new_id(), one))
            elif what == CHANGED and found.relation is not None:
                known.append((found.relation, one))
        parts = Parts(self.actor, self.planned.circle_id, partial(settle, self.planned))
        newcomers = [(one_id, self.planned.circle_id, one) for one_id, one in fresh]
        shared = parts.look_up(newcomers)
        with without_waiting():
            self._create(fresh)
            parts.add_to_new(newcomers, effects, shared)
        present = self._change(known, effects)
        parts.add_to_known([(one_id, present[one_id].circle_id, one) for one_id, one in known], effects)
        ask_later(self.actor, self.planned, asked)
        for _one_id, one in known:
            effect = effects[one.entry.number]
            effect.what = CHANGED if effect.changes else SAME

    def _found(self, batch: Sequence[Wanted]) -> list[Found]:
        """Whom they are: as somebody decided, of those they see, else as they are found."""
        found = without_known_newcomers(batch, find(batch, self.planned.match))
        if not self.decided:
            return found
        chosen = {one.entry.number: choice for one in batch if (choice := self.decided.get(one.entry.number, ""))}
        ids = {UUID(choice) for choice in chosen.values() if choice not in (AS_NEW, LEAVE)}
        kinds = dict(Relation.objects.filter(id__in=ids).values_list("id", "kind")) if ids else {}
        for place, one in enumerate(batch):
            choice = chosen.get(one.entry.number, "")
            if choice in (AS_NEW, LEAVE):
                found[place] = Found()
            elif choice and kinds.get(UUID(choice)) == one.kind:
                found[place] = Found(UUID(choice))
        return found

    def _verdict(self, one: Wanted, found: Found) -> tuple[str, list[str]]:
        number = one.entry.number
        if self.decided.get(number) == LEAVE:
            return SKIPPED, [_("You chose to leave this out.")]
        if found.doubt:
            if may_be_asked_later(one, self.planned) and (first := self._in_an_earlier_batch(one)):
                return CHANGED, [_("This is the same as entry %(number)s of this file.") % {"number": first}]
            names = ", ".join(name for _id, name in found.doubt)
            return DOUBTFUL, [_("This may be one of these: %(names)s.") % {"names": names}]
        if found.relation is None and self.planned.mode == Mode.UPDATE:
            return SKIPPED, [_("We know nobody like this, and nobody is to be added.")]
        if found.relation is not None and self.planned.mode == Mode.CREATE:
            return SKIPPED, [_("We know them already, and nobody is to be changed.")]
        if found.relation is None and (first := self._in_an_earlier_batch(one)):
            return CHANGED, [_("This is the same as entry %(number)s of this file.") % {"number": first}]
        return (NEW if found.relation is None else CHANGED), []

    def _in_an_earlier_batch(self, one: Wanted) -> int:
        """The number of the entry that this one repeats, when that stood in a batch that was taken back."""
        if self.before is None or self.decided.get(one.entry.number) == AS_NEW:
            return 0
        repeated = 0
        for key in keys_that_count(one, self.planned.match):
            number, name = self.before.setdefault(key, (one.entry.number, str(one.fields["name"])))
            if number < self._begins_at and (self.planned.match != MatchKey.SEEMS or is_alike(one, name)):
                repeated = repeated or number
        return repeated

    def _create(self, fresh: Sequence[tuple[UUID, Wanted]]) -> None:
        rows = []
        for one_id, one in fresh:
            values = {**one.fields, "id": one_id, "kind": one.kind}
            values["photo"] = self._photo(one)
            rows.append(tuple(values.get(column, "") for column in _COLUMNS))
        constants = {"circle_id": self.planned.circle_id, "source": str(Source.IMPORT)}
        insert_rows(Relation, _COLUMNS, rows, constants)

    def _photo(self, one: Wanted) -> str:
        return Parts.kept_photo(one) if one.photo is not None and self.keeps_photos else ""

    def _change(self, known: Sequence[tuple[UUID, Wanted]], effects: dict[int, Effect]) -> dict[UUID, Relation]:
        present: dict[UUID, Relation] = Relation.objects.in_bulk([one_id for one_id, _one in known])
        touched: dict[UUID, Relation] = {}
        columns: set[str] = set()
        for one_id, one in known:
            relation, values = present[one_id], self._values(one, present[one_id])
            differing = {name: new for name, new in values.items() if getattr(relation, name) != new}
            for name, new in differing.items():
                if name not in ("sort_name", "given_name", "infix", "family_name"):
                    effects[one.entry.number].changes.append((name, str(getattr(relation, name)), str(new)))
                setattr(relation, name, new)
            if differing:
                touched[one_id] = relation
                columns |= differing.keys()
        if touched:
            Relation.objects.bulk_update(list(touched.values()), sorted(columns), batch_size=500)
        return present

    def _values(self, one: Wanted, relation: Relation) -> dict[str, Any]:
        """What an entry says that a relation may have otherwise. An address in place of a name changes no name."""
        values = {name: one.fields[name] for name in CHANGEABLE if one.fields.get(name)}
        if "@" in one.fields["name"]:
            return {name: new for name, new in values.items() if name in ("place", "country", "language", "about")}
        if one.is_person:
            values |= {name: one.fields.get(name, "") for name in ("given_name", "infix", "family_name")}
        if not relation.photo and (photo := self._photo(one)):
            values["photo"] = photo
        return values
