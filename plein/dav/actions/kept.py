# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of what a device sent. Everything here runs inside the operation of whoever calls."""

from typing import Any

from plein.core.models import Operation
from plein.core.operations import operation
from plein.dav.models import Kept
from plein.trust.circles import only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def keep(
    actor: Entrance, kept: Kept | None, *, collection: str, name: str, uid: str, text: str, ours: Any, **record: Any
) -> Kept:
    """Keep the text of an object for who sent it alone, under the name their devices gave it."""
    values = {"collection": collection, "name": name, "uid": uid, "text": text, "ours": ours, "is_left_out": False}
    if kept is None:
        made: Kept = Kept.objects.create(seat_id=actor.seat_id, own_circle_id=only_me(), **values, **record)
        return made
    changed = {key: value for key, value in values.items() if getattr(kept, key) != value}
    if changed:
        Kept.objects.filter(id=kept.id).update(**changed)
    return Kept.objects.get(id=kept.id)


def leave_out(*, actor: Entrance, kept: Kept | None, collection: str, name: str, uid: str, **record: Any) -> None:
    """Take something off the devices of a colleague; it stays where it is in Plein, and undo puts it back on them."""
    permit(actor, "write")
    with operation("leave_out_of_devices"):
        if kept is None:
            Kept.objects.create(
                seat_id=actor.seat_id,
                own_circle_id=only_me(),
                collection=collection,
                name=name,
                uid=uid,
                is_left_out=True,
                **record,
            )
        else:
            Kept.objects.filter(id=kept.id).update(is_left_out=True)


def put_back(*, actor: Entrance, kept: Kept) -> Operation:
    """Let something be on the devices of a colleague again."""
    permit(actor, "write")
    with operation("put_back_on_devices") as done:
        Kept.objects.filter(id=kept.id).update(is_left_out=False)
    return done
