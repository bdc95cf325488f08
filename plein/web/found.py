# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a search found, read back under row-level security and made ready to show: a few queries, however much it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Q, Subquery
from django.db.models.expressions import OuterRef
from django.db.models.functions import JSONObject, Left
from django.urls import reverse
from django.utils import timezone

from plein.core.audit import audit_look
from plein.core.finding import search
from plein.core.isolation import seat_id
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, ToDo
from plein.moments.vocabulary import MomentKind
from plein.relations.models import Favourite, Membership, Relation, Visit
from plein.relations.queries.visits import recent_visits
from plein.relations.vocabulary import RelationKind
from plein.web.human_dates import short_date

MOST = 200
#: So much of what was said tells one moment from another, and so many names.
BEGINNING, FEW = 240, 3
#: So many relations at hand and so many recent ones the palette begins with.
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was found: its words, what tells it from others, and where it leads."""

    id: UUID
    kind: str
    title: str
    note: str
    href: str
    at: datetime | date | None = None
    who: str = ""
    text: str = ""
    is_recent: bool = False


@dataclass(frozen=True, slots=True)
class FoundThings:
    """Everything that was found, by kind, people and organizations before texts."""

    people: list[Item] = field(default_factory=list)
    organizations: list[Item] = field(default_factory=list)
    moments: list[Item] = field(default_factory=list)
    todos: list[Item] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.people) + len(self.organizations) + len(self.moments) + len(self.todos)


def find(query: str, *, limit: int, with_text: bool = False) -> FoundThings:
    """Look for a query and read what was found; `with_text` brings who took part and the beginning of what was said."""
    hits = search(query, limit=min(limit, MOST))
    relations = relation_items(hits.relations)
    return FoundThings(
        people=[one for one in relations if one.kind == RelationKind.PERSON],
        organizations=[one for one in relations if one.kind == RelationKind.ORGANIZATION],
        moments=_moments(hits.moments, with_text=with_text),
        todos=_todos(hits.todos),
    )


def at_hand(seat_id: UUID) -> tuple[list[Item], list[Item]]:
    """The relations a colleague keeps at hand, and those they looked at last."""
    favourites = Favourite.objects.filter(seat_id=seat_id).order_by("-created_at", "-id")[:SHOWN]
    kept = list(favourites.values_list("relation_id", flat=True))
    visited = [one for one in recent_visits(seat_id, limit=SHOWN * 2) if one not in kept][:SHOWN]
    items = relation_items(kept + visited)
    return [one for one in items if one.id in kept], [one for one in items if one.id not in kept]


def _in_order(ids: Sequence[UUID], found: dict[UUID, Any], make: Callable[[Any], Item]) -> list[Item]:
    return [make(found[one]) for one in dict.fromkeys(ids) if one in found]


def relation_items(ids: Sequence[UUID]) -> list[Item]:
    """Relations with their role and their place."""
    if not ids:
        return []
    is_present = Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate())
    roles = Membership.objects.filter(is_present, person=OuterRef("id")).order_by(
        F("starts_on").desc(nulls_last=True), "id"
    )
    present = roles.values(found=JSONObject(role="role", organization="organization__name"))[:1]
    relations = Relation.objects.filter(id__in=ids).annotate(
        present=Subquery(present),
        is_recent=Exists(Visit.objects.filter(relation=OuterRef("id"), seat_id=seat_id())),
    )
    found = {one.id: one for one in relations.only("id", "kind", "name", "place", "circle_id")}
    audit_look("relation", found.values(), how="search")
    return _in_order(ids, found, _relation)


def _relation(relation: Any) -> Item:
    role = relation.present or {}
    parts = [role.get("role"), role.get("organization"), relation.place]
    href = reverse("relations:relation", args=[relation.id])
    note = ", ".join(filter(None, parts))
    return Item(relation.id, relation.kind, relation.name, note, href, is_recent=relation.is_recent)


def _moments(ids: Sequence[UUID], *, with_text: bool) -> list[Item]:
    if not ids:
        return []
    mine = {"moment": OuterRef("id")}
    titles = MomentSubject.objects.filter(**mine).order_by("id").values("title")[:1]
    moments = Moment.objects.filter(id__in=ids).annotate(title=Subquery(titles))
    if with_text:
        texts = MomentText.objects.filter(**mine).order_by("id").values(said=Left("text", BEGINNING))[:1]
        theirs = Participant.objects.filter(**mine, is_ours=False, relation__isnull=False).order_by("id")
        names = theirs.values("relation__name")[:FEW]
        moments = moments.annotate(said=Subquery(texts), names=ArraySubquery(names))
    found = {one.id: one for one in moments.only("id", "kind", "occurred_at", "circle_id")}
    audit_look("moment", found.values(), how="search")
    return _in_order(ids, found, _moment)


def _moment(moment: Any) -> Item:
    title = moment.title or str(MomentKind(moment.kind).label).capitalize()
    href = reverse("moments:moment", args=[moment.id])
    at = moment.occurred_at
    who = ", ".join(dict.fromkeys(getattr(moment, "names", [])))
    return Item(moment.id, moment.kind, title, short_date(at), href, at, who, getattr(moment, "said", "") or "")


def _todos(ids: Sequence[UUID]) -> list[Item]:
    if not ids:
        return []
    todos = ToDo.objects.filter(id__in=ids).only("id", "title", "due_on", "done_at", "circle_id")
    found = {one.id: one for one in todos}
    audit_look("todo", found.values(), how="search")
    return _in_order(ids, found, _todo)


def _todo(todo: Any) -> Item:
    note = short_date(todo.due_on) if todo.due_on else ""
    return Item(
        todo.id,
        "done" if todo.done_at else "todo",
        todo.title,
        note,
        reverse("moments:todo", args=[todo.id]),
        todo.due_on,
    )
