# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device says of an appointment, written where it belongs: only what it changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from plein.core.operations import operation
from plein.dav.actions.kept import keep, leave_out
from plein.dav.ics import KeptText, Sent, read_object
from plein.dav.ics_text import write_event
from plein.dav.models import Kept
from plein.dav.queries.agenda import AGENDA, event_of, is_past, is_whole, occurrence_on
from plein.dav.refusals import NotTaken
from plein.moments.actions import Plan, change_appointment, plan_appointment, record_moment
from plein.moments.actions.appointments import cancel_appointment
from plein.moments.actions.participants import Part
from plein.moments.actions.series import later_rows, planning_of
from plein.moments.models import Moment
from plein.moments.repeats import BadRule, read_rule
from plein.moments.vocabulary import MomentKind, State
from plein.relations.models import ContactPointLink
from plein.trust.permissions import permit
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

#: What of an event is ours, and under which name an appointment has it.
FIELDS = {"title": "title", "location": "location", "text": "text"}


@dataclass(frozen=True, slots=True)
class PutEvent:
    """An event that came in for a name in the agenda; `moment` is the appointment, if it is known."""

    name: str
    sent: Sent
    text: str
    kept: Kept | None
    moment: Moment | None


def put_event(*, actor: Entrance, put: PutEvent) -> Moment:
    """Take an event in: a new appointment, or what changed of one."""
    permit(actor, "write")
    verb = "add_from_device" if put.moment is None else "change_from_device"
    try:
        with operation(verb):
            moment = new_event(actor, put.sent) if put.moment is None else _changed(actor, put, put.moment)
            facts = event_of(moment, zone_of(actor.user), with_series=bool(followed(put.sent)))
            keep(
                actor,
                put.kept,
                collection=AGENDA,
                name=put.name,
                uid=put.sent.uid,
                text=put.text,
                ours=facts.ours(),
                moment=moment,
            )
    except BadRule as trouble:
        raise NotTaken(str(trouble), "valid-calendar-data") from trouble
    return moment


def followed(sent: Sent) -> str:
    """The rule of an event, when it is one that Plein can follow; another one stays with the device alone."""
    if not sent.rule:
        return ""
    try:
        return str(read_rule(sent.rule))
    except BadRule:
        return ""


def new_event(actor: Entrance, sent: Sent, circle: str = "", parts: Sequence[Part] | None = None) -> Moment:
    """The new appointment that an event is, inside the operation of whoever calls; raises BadRule.

    With whom it is, is known by their addresses, unless `parts` say so.
    """
    if sent.times is None:
        raise NotTaken("This is no event.", "supported-calendar-component")
    starts, ends, is_day = sent.times
    rule = followed(sent)
    said: dict[str, Any] = {
        "kind": MomentKind.MEETING,
        "participants": [Part(one) for one in _invited(sent.attendees)] if parts is None else parts,
        "occurred_at": starts,
        "ends_at": ends,
        "is_all_day": is_day,
        "subject": sent.title,
        "location": sent.location,
        "text": sent.text,
        "circle": circle,
    }
    if not rule and is_past(ends):
        return record_moment(actor=actor, state=State.DONE, **said)
    moment = plan_appointment(actor=actor, plan=Plan(repeat=rule), **said)
    if rule:
        _occurrences(actor, moment, sent.gone, sent.others)
    return moment


def _invited(addresses: Iterable[str]) -> list[UUID]:
    """Those who are invited and whom the actor knows here."""
    links = ContactPointLink.objects.filter(
        contact_point__kind="email", contact_point__value__in=list(addresses), revoked_at__isnull=True
    )
    return list(dict.fromkeys(links.order_by("id").values_list("relation_id", flat=True)))


def _changed(actor: Entrance, put: PutEvent, moment: Moment) -> Moment:
    """Write what differs from what the device was shown."""
    zone = zone_of(actor.user)
    facts = event_of(moment, zone, with_series=is_whole(put.kept))
    known = KeptText(put.kept.uid, put.kept.text, put.kept.ours) if put.kept else None
    before = read_object(write_event(facts, known), zone)
    return change_event(actor, moment, put.sent, before, is_series=is_whole(put.kept))


def change_event(actor: Entrance, moment: Moment, sent: Sent, before: Sent, *, is_series: bool) -> Moment:
    """Write what of an event is otherwise than before, inside the operation of whoever calls; raises BadRule."""
    said, had = sent.ours(), before.ours()
    changes: dict[str, Any] = {field: said[name] for name, field in FIELDS.items() if said[name] != had[name]}
    if sent.times and any(said[name] != had[name] for name in ("starts", "ends")):
        starts, ends, is_day = sent.times
        changes |= {"occurred_at": starts, "ends_at": ends, "is_all_day": is_day}
    if said["cancelled"] != had["cancelled"] and sent.is_cancelled:
        return cancel_appointment(actor=actor, moment=moment, based_on=moment.version)
    rule, had_rule = followed(sent), followed(before)
    planning = planning_of(moment)
    if changes or rule != had_rule:
        plan = Plan(repeat=rule, remind_before=planning.remind_before if planning else None)
        moment = change_appointment(
            actor=actor,
            moment=moment,
            changes=changes,
            based_on=moment.version,
            scope="all" if is_series else "one",
            plan=plan if rule != had_rule else None,
        )
    if not rule:
        return moment
    gone = set(sent.gone) - set(before.gone)
    others = {day: one for day, one in sent.others.items() if before.others.get(day) != one}
    _occurrences(actor, moment, gone, others)
    return moment


def _occurrences(actor: Entrance, moment: Moment, gone: Iterable[date], others: Mapping[date, Sent]) -> None:
    """What takes place otherwise than its series, or not at all."""
    planning = planning_of(moment)
    if planning is None or planning.series_id is None:
        return
    rows = occurrence_on(planning.series_id, {*gone, *others})
    for day in gone:
        if day in rows and rows[day].state == State.PLANNED:
            cancel_appointment(actor=actor, moment=rows[day], based_on=rows[day].version)
    for day, one in others.items():
        if day not in rows or one.times is None:
            continue
        starts, ends, is_day = one.times
        changes = {"occurred_at": starts, "ends_at": ends, "is_all_day": is_day, "title": one.title}
        changes |= {"location": one.location, "text": one.text}
        change_appointment(actor=actor, moment=rows[day], changes=changes, based_on=rows[day].version, scope="one")


def remove_event(*, actor: Entrance, moment: Moment, kept: Kept | None, name: str, uid: str) -> None:
    """Take an appointment off: what is still to come is cancelled, what took place only leaves the device."""
    permit(actor, "write")
    with operation("leave_out_of_devices"):
        planning = planning_of(moment)
        if planning is not None and planning.series is not None and is_whole(kept):
            for row in later_rows(planning.series, planning.series.starts_on):
                cancel_appointment(actor=actor, moment=row.moment, based_on=row.moment.version)
        elif moment.state == State.PLANNED:
            cancel_appointment(actor=actor, moment=moment, based_on=moment.version)
        leave_out(actor=actor, kept=kept, collection=AGENDA, name=name, uid=uid, moment=moment)
