# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from plein.core.isolation import default_circle_id, seat_id
from plein.lists.kinds import kind_of
from plein.lists.models import PinnedView, SavedView

MOST_VIEWS = 200


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view as navigation and tabs show it."""

    id: UUID
    kind: str
    name: str
    place: int | None
    is_shared: bool

    @property
    def href(self) -> str:
        return f"{kind_of(self.kind).pages.all()}?view={self.id}"

    @property
    def is_pinned(self) -> bool:
        return self.place is not None


def find_view(view_id: UUID) -> SavedView | None:
    """A view the reader may use."""
    return SavedView.objects.filter(id=view_id).first()


def _with_pins(views: QuerySet[SavedView]) -> QuerySet[Any, Any]:
    mine = PinnedView.objects.filter(seat_id=seat_id(), view_id=OuterRef("id"))
    return views.annotate(place=Subquery(mine.values("place")[:1]))


def _lines(views: QuerySet[Any, Any]) -> list[ViewLine]:
    everyone = default_circle_id()
    found = views.order_by("place", "name", "id")[:MOST_VIEWS].values_list("id", "kind", "name", "place", "circle_id")
    known = []
    for id, kind, name, place, circle in found:
        try:
            kind_of(kind)
        except KeyError:
            continue
        known.append(ViewLine(id, kind, name, place, circle == everyone))
    return known


def pinned_views() -> list[ViewLine]:
    """The views the reader keeps in the navigation, in their order."""
    return _lines(_with_pins(SavedView.objects.all()).filter(place__isnull=False))


def views_at_hand(kind: str) -> list[ViewLine]:
    """The views of a kind and all pinned ones, pinned ones first: what a list page shows, in one statement."""
    return _lines(_with_pins(SavedView.objects.all()).filter(Q(kind=kind) | Q(place__isnull=False)))


def all_views() -> list[ViewLine]:
    """Every view the reader may use, pinned ones first."""
    return _lines(_with_pins(SavedView.objects.all()))


def views_named(text: str) -> list[ViewLine]:
    """The views whose name has the first letter of this text in it: few enough to look at one by one."""
    return _lines(_with_pins(SavedView.objects.all()).filter(name__icontains=text[:1])) if text else []
