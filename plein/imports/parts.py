# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what belongs to the people of a batch: contact points, work, days, tags, and the company's own fields."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from plein.core import blobs
from plein.core.ids import new_id, now
from plein.imports.effects import Effect
from plein.imports.jobs import Settle, Works
from plein.imports.present import Present, Those, contact_points_of, tags_of
from plein.imports.wanted import Point, Wanted
from plein.metadata.actions import set_values
from plein.metadata.actions.values import read_values
from plein.metadata.queries import Catalog, catalog
from plein.metadata.refusals import WrongValues
from plein.moments.intake.rows import insert_rows
from plein.relations.actions.relations import PHOTO_LIMIT, picture_type
from plein.relations.models import (
    ContactPoint,
    ContactPointLink,
    ImportantDate,
    Relation,
    RelationValues,
    Tagging,
)
from plein.relations.names import tidy
from plein.relations.vocabulary import Source
from plein.trust.circles import everyone
from plein.trust.seats import Entrance


@dataclass
class Parts:
    """Everything besides the relations themselves; `circle_id` is that of the import.

    `elsewhere` says what becomes of the work of those we knew; without it they work there too.
    """

    actor: Entrance
    circle_id: int
    elsewhere: Settle | None = None
    _known: Catalog | None = field(default=None, repr=False)

    @staticmethod
    def kept_photo(one: Wanted) -> str:
        """Keep the picture of an entry, and say by which name; nothing when it is none we show."""
        data = one.photo.data if one.photo else b""
        if not picture_type(data) or len(data) > PHOTO_LIMIT:
            return ""
        return blobs.store(BytesIO(data))

    def look_up(self, newcomers: Those) -> Present:
        """What newcomers may share with others; asked before they are written, so that nothing waits for that."""
        points = contact_points_of([(circle, point) for _id, circle, one in newcomers for point in one.points])
        return Present(points, tags_of(newcomers))

    def add_to_new(self, those: Those, effects: Mapping[int, Effect], present: Present) -> None:
        """Add what belongs to those who came just now; what asks something comes last."""
        if not those:
            return
        self._points(those, {}, {}, present.points)
        self._days(those, {}, set())
        self._tags(those, {}, set(), present.tags)
        self._values_of_new(those, effects)
        Works(self.circle_id).add_to_new(those)

    def add_to_known(self, those: Those, effects: Mapping[int, Effect]) -> None:
        """Add what these do not have yet, and note it as a change."""
        if not those:
            return
        ids = {one_id for one_id, _circle, _one in those}
        held: dict[UUID, set[tuple[str, str, str]]] = defaultdict(set)
        links = ContactPointLink.objects.filter(relation_id__in=ids, revoked_at__isnull=True)
        for link in links.select_related("contact_point"):
            point = link.contact_point
            held[link.relation_id].add((point.kind, point.network, point.value))
        missing = [
            (circle, point) for one_id, circle, one in those for point in one.points if point.key not in held[one_id]
        ]
        self._points(those, effects, held, contact_points_of(missing))
        Works(self.circle_id, self.elsewhere).add_to_known(those, effects)
        if any(one.days for _id, _circle, one in those):
            days = ImportantDate.objects.filter(relation_id__in=ids)
            self._days(those, effects, set(days.values_list("relation_id", "kind", "on")))
        if any(one.tags for _id, _circle, one in those):
            filed = Tagging.objects.filter(relation_id__in=ids)
            self._tags(those, effects, set(filed.values_list("relation_id", "tag")), tags_of(those))
        self._values_of_known(those, effects)

    def _points(
        self,
        those: Those,
        told: Mapping[int, Effect],
        present: Mapping[UUID, set[tuple[str, str, str]]],
        points: Mapping[tuple[int, str, str, str], UUID],
    ) -> None:
        missing = [
            (one_id, circle, one, point)
            for one_id, circle, one in those
            for point in one.points
            if point.key not in present.get(one_id, ())
        ]
        places = self._placed([(circle, point) for _id, circle, _one, point in missing], points)
        first = {(one_id, kind) for one_id, keys in present.items() for kind, _network, _value in keys}
        # Of each kind the one that is preferred comes first, else the first there is.
        rows = []
        for one_id, circle, one, point in sorted(missing, key=lambda each: not each[3].is_preferred):
            is_primary = (one_id, point.contact.kind) not in first
            first.add((one_id, point.contact.kind))
            rows.append((new_id(), places[circle, *point.key], one_id, point.label, is_primary))
            _tell(told, one, point.contact.kind, point.contact.display)
        insert_rows(
            ContactPointLink,
            ("id", "contact_point_id", "relation_id", "label", "is_primary"),
            rows,
            {"circle_id": everyone(), "source": str(Source.IMPORT), "decided_by_id": self.actor.seat_id},
        )

    def _placed(
        self, wanted: Sequence[tuple[int, Point]], known: Mapping[tuple[int, str, str, str], UUID]
    ) -> dict[tuple[int, str, str, str], UUID]:
        """The contact points themselves: those that are as open as whose they are, else new ones."""
        placed: dict[tuple[int, str, str, str], UUID] = {}
        rows = []
        for circle, point in wanted:
            place = (circle, *point.key)
            found = placed.get(place) or known.get(place) or known.get((everyone(), *point.key))
            if found is None:
                found, contact = new_id(), point.contact
                detail = json.dumps(contact.detail)
                rows.append((found, circle, contact.kind, contact.network, contact.value, contact.display, detail))
            placed[place] = found
        insert_rows(ContactPoint, ("id", "circle_id", "kind", "network", "value", "display", "detail"), rows)
        return placed

    def _days(self, those: Those, told: Mapping[int, Effect], present: set[tuple[UUID, str, date]]) -> None:
        rows = []
        for one_id, _circle, one in those:
            for day in one.days:
                if (one_id, day.kind, day.on) not in present:
                    present.add((one_id, day.kind, day.on))
                    rows.append((new_id(), one_id, day.kind, day.on))
                    _tell(told, one, day.kind, day.on.isoformat())
        insert_rows(ImportantDate, ("id", "relation_id", "kind", "on"), rows, {"circle_id": everyone()})

    def _tags(
        self,
        those: Those,
        told: Mapping[int, Effect],
        present: set[tuple[UUID, UUID]],
        tags: Mapping[tuple[int, str], UUID],
    ) -> None:
        rows = []
        for one_id, circle, one in those:
            for name in filter(None, map(tidy, one.tags)):
                tag = tags[circle, name.casefold()]
                if (one_id, tag) not in present:
                    present.add((one_id, tag))
                    rows.append((new_id(), one_id, tag))
                    _tell(told, one, "tag", name)
        insert_rows(Tagging, ("id", "relation_id", "tag_id"), rows, {"circle_id": everyone()})

    def _values_of_new(self, those: Those, effects: Mapping[int, Effect]) -> None:
        rows: list[tuple[Any, ...]] = []
        today = now().date().isoformat()
        for one_id, _circle, one in those:
            if not one.entry.values:
                continue
            known = self._catalog()
            values = self._readable(one, known, effects[one.entry.number])
            by_group: dict[UUID, dict[str, Any]] = defaultdict(dict)
            for own, value in read_values(values, kind=one.kind, known=known, values_model=RelationValues).items():
                by_group[own.group_id][str(own.id)] = value
            for group, kept in by_group.items():
                rows.append((new_id(), one_id, group, json.dumps(kept), json.dumps(dict.fromkeys(kept, today))))
        insert_rows(
            RelationValues, ("id", "relation_id", "group_id", "values", "filled"), rows, {"circle_id": everyone()}
        )

    def _values_of_known(self, those: Those, effects: Mapping[int, Effect]) -> None:
        for one_id, _circle, one in those:
            if not one.entry.values:
                continue
            known = self._catalog()
            values = self._readable(one, known, effects[one.entry.number])
            relation = Relation.objects.get(id=one_id)
            done = set_values(
                actor=self.actor, values_model=RelationValues, record=relation, values=values, known=known
            )
            if done is not None:
                _tell(effects, one, "values", ", ".join(sorted(values)))

    def _catalog(self) -> Catalog:
        self._known = self._known or catalog()
        return self._known

    def _readable(self, one: Wanted, known: Catalog, effect: Effect) -> dict[str, str]:
        """The values that can be read; of the others it is told why not."""
        values = dict(one.entry.values)
        try:
            read_values(values, kind=one.kind, known=known, values_model=RelationValues)
        except WrongValues as trouble:
            effect.reasons += [f"{key}: {sentence}" for key, sentence in trouble.errors.items()]
            values = {key: value for key, value in values.items() if key not in trouble.errors}
        return values


def _tell(told: Mapping[int, Effect], one: Wanted, name: str, new: str) -> None:
    if one.entry.number in told:
        told[one.entry.number].changes.append((str(name), "", new))
