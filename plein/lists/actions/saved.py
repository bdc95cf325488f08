# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.lists.models import PinnedView, SavedView
from plein.lists.query import ViewQuery
from plein.lists.refusals import Refused
from plein.trust.circles import UnknownCircle, circle_for
from plein.trust.permissions import may, permit
from plein.trust.seats import Entrance

LONGEST_NAME, LONGEST_QUERY = 80, 8_000
MOST_PINNED = 7


def _checked_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Refused(_("Give the view a name, such as “Quiet in Zwolle”."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("A name has at most %(most)s letters. Shorten it.") % {"most": LONGEST_NAME}, "name")
    return name


def _checked_query(query: ViewQuery) -> str:
    text = query.address()
    if len(text) > LONGEST_QUERY:
        raise Refused(_("This view asks too much to be kept. Make its filter simpler."))
    return text


def _circle(key: str) -> int:
    try:
        return circle_for(key)
    except UnknownCircle as trouble:
        raise Refused(_("Choose who sees this view from the list."), "audience") from trouble


def may_change(actor: Entrance, view: SavedView) -> bool:
    """A view is changed by who made it; one that others see also by an administrator."""
    return may(actor, "write") and (view.owner_id == actor.seat_id or may(actor, "manage"))


def _permit_change(actor: Entrance, view: SavedView) -> None:
    permit(actor, "write")
    if not may_change(actor, view):
        raise PermissionDenied(_("Only who made this view changes it. Save it under a name of your own."))


def save_view(*, actor: Entrance, name: str, query: ViewQuery, audience: str = "me") -> SavedView:
    """Keep a view under a name, for oneself, a team or everyone."""
    permit(actor, "write")
    checked = {"name": _checked_name(name), "query": _checked_query(query)}
    with operation("save_view"):
        saved: SavedView = SavedView.objects.create(
            kind=query.kind, owner_id=actor.seat_id, circle_id=_circle(audience), **checked
        )
    return saved


def change_view(
    *,
    actor: Entrance,
    view: SavedView,
    based_on: int,
    name: str | None = None,
    query: ViewQuery | None = None,
    audience: str | None = None,
) -> SavedView:
    """Change the name of a view, what it shows, or who sees it; raises EditConflict when somebody was first."""
    _permit_change(actor, view)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _checked_name(name)
    if query is not None:
        changes["query"] = _checked_query(query)
    with operation("change_view"):
        if audience is not None:
            changes["circle_id"] = _circle(audience)
        return save_edit(view, changes, based_on=based_on)


def delete_view(*, actor: Entrance, view: SavedView) -> Operation:
    """Remove a view; returns the operation that brings it back."""
    _permit_change(actor, view)
    with operation("delete_view") as removal:
        SavedView.objects.filter(id=view.id).delete()
    return removal


def pin_view(*, actor: Entrance, view: SavedView, is_pinned: bool) -> bool:
    """Keep a view in one's own navigation, or no longer; only for oneself, so it is no history."""
    permit(actor, "read")
    mine = PinnedView.objects.filter(seat_id=actor.seat_id)
    if not is_pinned:
        mine.filter(view=view).delete()
        return False
    # Pins on views that may no longer be seen take no room.
    seen = [pin for pin in mine.order_by("place") if SavedView.objects.filter(id=pin.view_id).exists()]
    if any(pin.view_id == view.id for pin in seen):
        return True
    if len(seen) >= MOST_PINNED:
        raise Refused(_("At most %(most)s views are pinned. Take one away first.") % {"most": MOST_PINNED})
    PinnedView.objects.create(view=view, seat_id=actor.seat_id, place=max((pin.place for pin in seen), default=0) + 1)
    return True
