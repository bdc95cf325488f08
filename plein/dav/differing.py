# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a calendar file says otherwise of an appointment than what stands here."""

from dataclasses import replace

from plein.dav.actions.appointments import change_event, followed
from plein.dav.ics import Sent, read_object
from plein.dav.ics_text import write_event
from plein.dav.near import brought_near
from plein.dav.queries.agenda import event_of, occurrence_on
from plein.moments.actions.series import planning_of
from plein.moments.models import Moment, Planning
from plein.moments.repeats import BadRule, check_comes, read_rule
from plein.moments.vocabulary import State
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

_SAID = ("title", "location", "text", "starts", "ends", "cancelled")


def change_as_told(actor: Entrance, moment: Moment, sent: Sent) -> bool:
    """Write what the file says otherwise; whether there was anything."""
    zone, planning = zone_of(actor.user), planning_of(moment)
    is_series = planning is not None and planning.series is not None and bool(sent.rule)
    slot = planning.slot if planning is not None and is_series else None
    near = brought_near(sent, slot, zone) if slot else sent
    if near is None:
        return False
    before = read_object(write_event(event_of(moment, zone, with_series=is_series), None), zone)
    near = _still_to_do(near, before, planning)
    said, had = near.ours() | {"rule": followed(near)}, before.ours() | {"rule": followed(before)}
    differing = {name for name in (*_SAID, "rule") if said[name] != had[name]}
    if moment.state == State.CANCELLED:
        # What was called off here stays so.
        return False
    if not differing and not near.gone and not near.others:
        return False
    change_event(actor, moment, near, replace(before, gone=(), others={}), is_series=is_series)
    return True


def told_once(sent: Sent) -> Sent:
    """With the times that were called off among those that do not take place, and no rule by which it happens once."""
    if sent.times is not None and followed(sent):
        try:
            check_comes(read_rule(sent.rule), sent.times[0].date())
        except BadRule:
            return replace(sent, rule="", gone=(), others={})
    off = {day for day, one in sent.others.items() if one.is_cancelled}
    if not off:
        return sent
    others = {day: one for day, one in sent.others.items() if day not in off}
    return replace(sent, gone=tuple(sorted({*sent.gone, *off})), others=others)


def _still_to_do(near: Sent, before: Sent, planning: Planning | None) -> Sent:
    """The same, with of its single times only those that stand here otherwise."""
    if planning is None or planning.series_id is None or not (near.gone or near.others):
        return replace(near, gone=(), others={})
    rows = occurrence_on(planning.series_id, {*near.gone, *near.others})
    gone = tuple(day for day in near.gone if day in rows and rows[day].state == State.PLANNED)
    others = {
        day: one
        for day, one in near.others.items()
        if day in rows and (day not in before.others or _said(before.others[day]) != _said(one))
    }
    return replace(near, gone=gone, others=others)


def _said(one: Sent) -> tuple[str, ...]:
    ours = one.ours()
    return tuple(ours[name] for name in _SAID)
