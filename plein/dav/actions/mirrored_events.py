# SPDX-License-Identifier: AGPL-3.0-or-later
"""Appointments of a calendar elsewhere, taken over here. Everything runs inside the operation of whoever calls."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from plein.channels.base import Entry
from plein.channels.models import Connection
from plein.core.ids import now
from plein.dav.actions.appointments import change_event, followed, new_event
from plein.dav.actions.mirroring import Decided, keep_both, keep_mirrored
from plein.dav.ics import Sent, read_object
from plein.dav.models import Mirrored
from plein.dav.near import BACK, brought_near
from plein.dav.queries.agenda import event_of
from plein.moments.actions.appointments import cancel_appointment
from plein.moments.actions.series import later_rows, planning_of
from plein.moments.models import Moment
from plein.moments.vocabulary import State
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

#: What of an event is compared.
COMPARED = ("title", "location", "text", "starts", "ends", "rule", "cancelled")


def take_event_in(actor: Entrance, connection: Connection, entry: Entry, known: Mirrored | None, circle: str) -> None:
    """A new appointment, what changed of one there, or a conflict to be decided."""
    sent = read_object(entry.text, zone_of(actor.user))
    if known is not None and known.moment is not None:
        _take_changes(actor, connection, entry, known, known.moment, sent)
        return
    own = _own(entry.uid, connection)
    if own is not None:
        keep_mirrored(connection, entry, known, ours_of(actor, own, is_series=bool(followed(sent))), moment=own)
        return
    near = brought_near(sent, now().date() - BACK, zone_of(actor.user))
    if near is not None and not near.is_cancelled:
        moment = new_event(actor, near, circle)
        keep_mirrored(connection, entry, known, ours_of(actor, moment, is_series=bool(followed(sent))), moment=moment)


def _own(uid: str, connection: Connection) -> Moment | None:
    """The appointment of the circle of the connection that we made ourselves and whose identifier this is."""
    try:
        found = Moment.objects.filter(id=UUID(uid), circle_id=connection.circle_id)
    except ValueError:
        return None
    own: Moment | None = found.exclude(state=State.CANCELLED).first()
    return own


def decide_event(actor: Entrance, known: Mirrored, entry: Entry, *, is_mine: bool) -> None:
    """Settle what both sides changed: ours is to be written there, or theirs is taken over; all else comes together."""
    if known.moment is not None:
        sent = read_object(entry.text, zone_of(actor.user))
        _take_changes(actor, known.connection, entry, known, known.moment, sent, "mine" if is_mine else "theirs")


def _take_changes(
    actor: Entrance,
    connection: Connection,
    entry: Entry,
    known: Mirrored,
    moment: Moment,
    sent: Sent,
    decided: Decided = "",
) -> None:
    base, is_series = read_object(known.text, zone_of(actor.user)), bool(known.ours.get("rule"))
    mine = ours_of(actor, moment, is_series=is_series)
    there, here = changed_there(base, sent), changed_here(known, mine)
    both = both_changed(known, base, sent, mine)
    if both and not decided:
        keep_both(known, entry)
        return
    zone, since = zone_of(actor.user), _slot(moment)
    wanted = _as_before(sent, base, both) if decided == "mine" else sent
    near, was = (brought_near(one, since, zone) if since else one for one in (wanted, base))
    if near is None or was is None:
        take_event_off(actor, known)
    elif there:
        moment = change_event(actor, moment, near, was, is_series=is_series)
    ours = ours_of(actor, moment, is_series=bool(followed(wanted)))
    ours |= {one: known.ours.get(one, "") for one in here - there}
    # What is settled for ours is still to be written there.
    ours |= {one: said_by(sent).get(one, "") for one in both if decided == "mine"}
    keep_mirrored(connection, entry, known, ours)


def changed_here(known: Mirrored, mine: dict[str, Any]) -> set[str]:
    """What of an event changed here since both sides had it in common."""
    return {name for name in mine if mine[name] != known.ours.get(name, "")}


def both_changed(known: Mirrored, base: Sent, sent: Sent, mine: dict[str, Any]) -> set[str]:
    """What both sides changed, each to something else."""
    said = said_by(sent)
    return {one for one in changed_there(base, sent) & changed_here(known, mine) if said.get(one) != mine[one]}


def _as_before(sent: Sent, base: Sent, names: set[str]) -> Sent:
    """What the other side says now, but for these, of which it says what it said before."""
    before: dict[str, Any] = {
        name: getattr(base, name) for name in names & {"title", "location", "text", "rule", "gone"}
    }
    before |= {"times": base.times} if names & {"starts", "ends"} else {}
    before |= {"is_cancelled": base.is_cancelled} if "cancelled" in names else {}
    before |= {"others": base.others} if "moved" in names else {}
    return replace(sent, **before)


def said_by(sent: Sent) -> dict[str, str]:
    """What an event says, in the form in which it is compared; a rule that Plein does not follow is none."""
    return sent.ours() | {"rule": followed(sent)}


def changed_there(base: Sent, sent: Sent) -> set[str]:
    """What of an event the other side changed."""
    before, after = said_by(base), said_by(sent)
    found = {name for name in COMPARED if before[name] != after[name]}
    found |= {"gone"} if base.gone != sent.gone else set()
    return found | ({"moved"} if base.others != sent.others else set())


def take_event_off(actor: Entrance, known: Mirrored) -> None:
    """Call off what is still to come of an appointment that is not there any more; what took place stays."""
    moment = known.moment
    if moment is None:
        return
    planning = planning_of(moment)
    rows = [moment]
    if planning is not None and planning.series is not None and known.ours.get("rule"):
        rows = [one.moment for one in later_rows(planning.series, now().date())]
    for one in rows:
        if one.state == State.PLANNED and (one.ends_at or one.occurred_at) >= now():
            cancel_appointment(actor=actor, moment=one, based_on=one.version)


def ours_of(actor: Entrance, moment: Moment, *, is_series: bool) -> dict[str, Any]:
    """What an appointment says now, in the form in which it is compared."""
    return event_of(moment, zone_of(actor.user), with_series=is_series).ours()


def _slot(moment: Moment) -> date | None:
    planning = planning_of(moment)
    return planning.slot if planning is not None else None
