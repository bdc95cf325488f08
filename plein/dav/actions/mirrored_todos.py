# SPDX-License-Identifier: AGPL-3.0-or-later
"""To-dos of a calendar elsewhere, taken over here. Everything runs inside the operation of whoever calls."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from plein.channels.base import Entry
from plein.channels.models import Connection
from plein.core.ids import now
from plein.dav.actions.mirroring import Decided, keep_both, keep_mirrored
from plein.dav.actions.todos import change_todo, new_todo
from plein.dav.ics import Sent, TodoFacts, read_object
from plein.dav.models import Mirrored
from plein.dav.queries.agenda import DONE_FOR, todo_of
from plein.moments.models import ToDo
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of


def take_todo_in(actor: Entrance, connection: Connection, entry: Entry, known: Mirrored | None, circle: str) -> None:
    """A new to-do, what changed of one there, or a conflict; what was done long ago stays where it is."""
    sent = read_object(entry.text, zone_of(actor.user))
    if known is not None and known.todo is not None:
        _take_changes(actor, entry, known, known.todo, sent)
        return
    own = _own(entry.uid, connection)
    if own is None:
        if sent.is_cancelled or (sent.done_at is not None and sent.done_at < now() - DONE_FOR):
            return
        own = new_todo(actor, sent, circle)
    keep_mirrored(connection, entry, known, ours_of(actor, own), todo=own)


def decide_todo(actor: Entrance, known: Mirrored, entry: Entry, *, is_mine: bool) -> None:
    """Settle what both sides changed: ours is to be written there, or theirs is taken over; all else comes together."""
    if known.todo is not None:
        sent = read_object(entry.text, zone_of(actor.user))
        _take_changes(actor, entry, known, known.todo, sent, "mine" if is_mine else "theirs")


def _take_changes(
    actor: Entrance, entry: Entry, known: Mirrored, todo: ToDo, sent: Sent, decided: Decided = ""
) -> None:
    zone, mine = zone_of(actor.user), ours_of(actor, todo)
    base = read_object(known.text, zone)
    there, here = changed_there(zone, base, sent), changed_here(known, mine)
    both = both_changed(zone, known, base, sent, mine)
    if both and not decided:
        keep_both(known, entry)
        return
    todo = change_todo(actor, todo, sent, there - both if decided == "mine" else there)
    ours = ours_of(actor, todo)
    ours |= {name: known.ours.get(name, "") for name in here - there}
    # What is settled for ours is still to be written there.
    ours |= {name: said_by(zone, sent)[name] for name in both if decided == "mine"}
    keep_mirrored(known.connection, entry, known, ours)


def ours_of(actor: Entrance, todo: ToDo) -> dict[str, Any]:
    """What we know of a to-do, in the form in which it is compared."""
    return dict(todo_of(ToDo.objects.get(id=todo.id), zone_of(actor.user)).ours())


def said_by(zone: ZoneInfo, sent: Sent) -> dict[str, str]:
    """What a to-do elsewhere says, in the same form."""
    due_on, due_at = sent.due or (None, None)
    return TodoFacts(UUID(int=0), 0, sent.title, sent.text, due_on, due_at, sent.done_at, zone=zone).ours()


def changed_there(zone: ZoneInfo, base: Sent, sent: Sent) -> set[str]:
    """What of a to-do the other side changed."""
    before, after = said_by(zone, base), said_by(zone, sent)
    return {name for name in after if before[name] != after[name]}


def changed_here(known: Mirrored, mine: dict[str, Any]) -> set[str]:
    """What of a to-do changed here since both sides had it in common."""
    return {name for name in mine if mine[name] != known.ours.get(name, "")}


def both_changed(zone: ZoneInfo, known: Mirrored, base: Sent, sent: Sent, mine: dict[str, Any]) -> set[str]:
    """What both sides changed, each to something else."""
    said = said_by(zone, sent)
    alike = changed_there(zone, base, sent) & changed_here(known, mine)
    return {name for name in alike if said[name] != mine[name]}


def _own(uid: str, connection: Connection) -> ToDo | None:
    """The to-do of the circle of the connection that we made ourselves and whose identifier this is."""
    try:
        found: ToDo | None = ToDo.objects.filter(id=UUID(uid), circle_id=connection.circle_id).first()
    except ValueError:
        return None
    return found
