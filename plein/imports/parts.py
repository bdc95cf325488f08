# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what belongs to the people of a batch: contact points, work, days, tags, and the company's own fields."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

from plein.core import blobs
from plein.core.ids import new_id, now
from plein.core.isolation import workspace_id
from plein.imports.effects import Effect
from plein.imports.jobs import Settle, Works
from plein.imports.wanted import Point, Wanted
from plein.metadata.actions import set_values
from plein.metadata.actions.values import read_values
from plein.metadata.queries import Catalog, catalog
from plein.metadata.refusals import WrongValues
from plein.moments.intake.rows import fetch, insert_rows
from plein.relations.actions.filing import find_tag
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

type Those = Sequence[tuple[UUID, int, Wanted]]
_POINTS = """
    SELECT p.kind, p.network, p.value, p.circle_id, p.id FROM relations_contact_point p
     WHERE p.workspace_id = %s AND p.kind = ANY(%s) AND p.value = ANY(%s) AND p.circle_id = ANY(%s)
     ORDER BY p.id DESC
"""


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

    def add(self, those: Those, effects: Mapping[int, Effect], *, are_new: bool) -> None:
        """Add what these do not have yet, and note it as a change of those we knew."""
        if not those:
            return
        told = {} if are_new else effects
        self._points(those, told, are_new=are_new)
        Works(self.circle_id, self.elsewhere).add(those, told)
        self._days(those, told)
        self._tags(those, told)
        self._own_fields(those, effects, are_new=are_new)

    def _points(self, those: Those, told: Mapping[int, Effect], *, are_new: bool) -> None:
        present: dict[UUID, set[tuple[str, str, str]]] = defaultdict(set)
        if not are_new:
            links = ContactPointLink.objects.filter(relation_id__in=[one_id for one_id, _c, _w in those])
            for link in links.filter(revoked_at__isnull=True).select_related("contact_point"):
                held = link.contact_point
                present[link.relation_id].add((held.kind, held.network, held.value))
        missing = [
            (one_id, circle, one, point)
            for one_id, circle, one in those
            for point in one.points
            if point.key not in present[one_id]
        ]
        shelf = self._shelf([(circle, point) for _id, circle, _one, point in missing])
        first = {(one_id, kind) for one_id, keys in present.items() for kind, _network, _value in keys}
        # Of each kind the one that is preferred comes first, else the first there is.
        rows = []
        for one_id, circle, one, point in sorted(missing, key=lambda each: not each[3].is_preferred):
            is_primary = (one_id, point.contact.kind) not in first
            first.add((one_id, point.contact.kind))
            rows.append((new_id(), shelf[circle, *point.key], one_id, point.label, is_primary))
            _tell(told, one, point.contact.kind, point.contact.display)
        insert_rows(
            ContactPointLink,
            ("id", "contact_point_id", "relation_id", "label", "is_primary"),
            rows,
            {"circle_id": everyone(), "source": str(Source.IMPORT), "decided_by_id": self.actor.seat_id},
        )

    def _shelf(self, wanted: Sequence[tuple[int, Point]]) -> dict[tuple[int, str, str, str], UUID]:
        """The contact points themselves: those that are as open as whose they are, else new ones."""
        if not wanted:
            return {}
        circles = {circle for circle, _point in wanted}
        kinds = list({point.contact.kind for _circle, point in wanted})
        values = list({point.contact.value for _circle, point in wanted})
        known: dict[tuple[int, str, str, str], UUID] = {}
        asked = [workspace_id(), kinds, values, [*circles, everyone()]]
        for kind, network, value, circle, point_id in fetch(_POINTS, asked):
            known[circle, kind, network, value] = point_id
        shelf: dict[tuple[int, str, str, str], UUID] = {}
        rows = []
        for circle, point in wanted:
            place = (circle, *point.key)
            found = shelf.get(place) or known.get(place) or known.get((everyone(), *point.key))
            if found is None:
                found, contact = new_id(), point.contact
                detail = json.dumps(contact.detail)
                rows.append((found, circle, contact.kind, contact.network, contact.value, contact.display, detail))
            shelf[place] = found
        insert_rows(ContactPoint, ("id", "circle_id", "kind", "network", "value", "display", "detail"), rows)
        return shelf

    def _days(self, those: Those, told: Mapping[int, Effect]) -> None:
        wanted = [(one_id, one, day) for one_id, _circle, one in those for day in one.days]
        if not wanted:
            return
        days = ImportantDate.objects.filter(relation_id__in={one_id for one_id, _one, _day in wanted})
        present = set(days.values_list("relation_id", "kind", "on"))
        rows = []
        for one_id, one, day in wanted:
            if (one_id, day.kind, day.on) not in present:
                present.add((one_id, day.kind, day.on))
                rows.append((new_id(), one_id, day.kind, day.on))
                _tell(told, one, day.kind, day.on.isoformat())
        insert_rows(ImportantDate, ("id", "relation_id", "kind", "on"), rows, {"circle_id": everyone()})

    def _tags(self, those: Those, told: Mapping[int, Effect]) -> None:
        wanted = [(one_id, circle, one, tidy(tag)) for one_id, circle, one in those for tag in one.tags if tidy(tag)]
        if not wanted:
            return
        tags: dict[tuple[int, str], UUID] = {}
        present = set(
            Tagging.objects.filter(relation_id__in={one_id for one_id, *_rest in wanted}).values_list(
                "relation_id", "tag"
            )
        )
        rows = []
        for one_id, circle, one, name in wanted:
            place = (circle, name.casefold())
            tags[place] = tags.get(place) or find_tag(name[:60], circle).id
            if (one_id, tags[place]) not in present:
                present.add((one_id, tags[place]))
                rows.append((new_id(), one_id, tags[place]))
                _tell(told, one, "tag", name)
        insert_rows(Tagging, ("id", "relation_id", "tag_id"), rows, {"circle_id": everyone()})

    def _own_fields(self, those: Those, effects: Mapping[int, Effect], *, are_new: bool) -> None:
        filled = [(one_id, one) for one_id, _circle, one in those if one.entry.values]
        if not filled:
            return
        self._known = known = self._known or catalog()
        rows: list[tuple[Any, ...]] = []
        today = now().date().isoformat()
        for one_id, one in filled:
            values = self._readable(one, known, effects[one.entry.number])
            if not are_new:
                relation = Relation.objects.get(id=one_id)
                done = set_values(
                    actor=self.actor, values_model=RelationValues, record=relation, values=values, known=known
                )
                if done is not None:
                    _tell(effects, one, "values", ", ".join(sorted(values)))
                continue
            by_group: dict[UUID, dict[str, Any]] = defaultdict(dict)
            for own, value in read_values(values, kind=one.kind, known=known, values_model=RelationValues).items():
                by_group[own.group_id][str(own.id)] = value
            for group, kept in by_group.items():
                rows.append((new_id(), one_id, group, json.dumps(kept), json.dumps(dict.fromkeys(kept, today))))
        insert_rows(
            RelationValues, ("id", "relation_id", "group_id", "values", "filled"), rows, {"circle_id": everyone()}
        )

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
