# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting a record, and what belongs to it, in a circle."""

from collections.abc import Iterable
from typing import Any

from plein.core.models import Operation
from plein.core.operations import operation
from plein.trust.circles import EVERYONE, UnknownCircle, circle_for
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.placed import Placed, is_as_seen
from plein.trust.seats import Entrance


class Moved(Exception):
    """Somebody changed who sees a record since the mover looked."""

    def __init__(self, kind: Placed, record: Any, audience: str) -> None:
        super().__init__("The record was moved in the meantime.")
        self.kind, self.record, self.audience = kind, record, audience


def change_default_audience(*, actor: Entrance, audience: str) -> None:
    """Choose for whom the actor adds things when they say nothing about it; raises UnknownCircle."""
    permit(actor, "write")
    with operation("change_default_audience"):
        circle_for(audience)
        Seat.objects.filter(id=actor.seat_id).update(default_audience="" if audience == EVERYONE else audience)


def place(
    *,
    actor: Entrance,
    kind: Placed,
    record: Any,
    audience: str,
    mark: str = "",
    version: int | None = None,
    also: Iterable[str] = (),
) -> Operation:
    """Choose who sees a record; what belongs to it follows, and what stands beside it when its key is in `also`.

    Raises Moved when the record is no longer where it was by the mark, or what it was by the version, of who moves it;
    and UnknownCircle.
    """
    permit(actor, "write")
    if kind.move is None:
        raise UnknownCircle(audience)
    wanted = set(also)
    with operation(kind.verb) as done:
        locked = kind.model.objects.select_for_update().get(id=record.id)
        if (mark and not is_as_seen(locked, mark)) or version not in (None, getattr(locked, "version", None)):
            raise Moved(kind, locked, audience)
        # Read first: once the record moved, what is beside it can be told from others no more.
        beside = [
            (one, list(one.rows(record).order_by().values_list("id", flat=True)))
            for one in kind.also
            if one.key in wanted
        ]
        kind.move(actor, record, audience)
        for one, ids in beside:
            one.move(actor, record, ids, audience)
    return done
