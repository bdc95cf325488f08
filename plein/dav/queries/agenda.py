# SPDX-License-Identifier: AGPL-3.0-or-later
"""The appointments and to-dos on a colleague's devices."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from plein.core.audit import audit_look
from plein.core.ids import now
from plein.dav.ics import EventFacts, TodoFacts
from plein.dav.models import Kept
from plein.moments.models import Moment, MomentSubject, MomentText, Participant, Planning, ToDo
from plein.moments.queries.calendar import CalendarLine, appointments_in
from plein.moments.repeats import read_rule
from plein.moments.vocabulary import ParticipantRole, State
from plein.relations.models import Relation

AGENDA, TODOS = "agenda", "todos"
#: What devices are shown unasked: of longer ago only what they brought themselves.
BACK, AHEAD = timedelta(days=366), timedelta(days=800)
DONE_FOR = timedelta(days=90)
MOST = 20_000


def kept_events(seat_id: UUID) -> dict[UUID, Kept]:
    """What a colleague's devices made of appointments, by moment."""
    return {one.moment_id: one for one in Kept.objects.filter(seat_id=seat_id, moment__isnull=False) if one.moment_id}


def kept_todos(seat_id: UUID) -> dict[UUID, Kept]:
    """What a colleague's devices made of to-dos, by to-do."""
    return {one.todo_id: one for one in Kept.objects.filter(seat_id=seat_id, todo__isnull=False) if one.todo_id}


def is_whole(kept: Kept | None) -> bool:
    """Whether what a device made of an appointment is the whole series that it begins."""
    return kept is not None and bool(kept.ours.get("rule"))


def events_of(seat_id: UUID, kept: dict[UUID, Kept], zone: ZoneInfo) -> list[EventFacts]:
    """The agenda of a colleague; a series that a device brought is one object, and others are one for each time."""
    lines = appointments_in([seat_id], now() - BACK, now() + AHEAD, limit=MOST)
    brought = [key for key, one in kept.items() if not one.is_left_out]
    moments = Moment.objects.in_bulk({line.id for line in lines} | set(brought))
    plannings = Planning.objects.filter(moment_id__in=list(moments), series__isnull=False).select_related("series")
    by_moment = {one.moment_id: one for one in plannings}
    whole = {key for key in brought if key in by_moment and is_whole(kept[key])}
    series = {by_moment[key].series_id: key for key in whole}
    left_out = {key for key, one in kept.items() if one.is_left_out}
    shown = [
        one
        for one in moments.values()
        if one.id not in left_out
        and one.state != State.CANCELLED
        and (one.id in brought or one.id not in by_moment or by_moment[one.id].series_id not in series)
    ]
    found = _event_facts(shown, {line.id: line for line in lines}, zone)
    occurrences = _occurrences(series, zone)
    return [_with_series(one, by_moment.get(one.id), occurrences) if one.id in whole else one for one in found]


def events_in(ids: Sequence[UUID], zone: ZoneInfo) -> list[EventFacts]:
    """These appointments in this order, each with the names of whom it is with; what may not be seen is left out."""
    found = Moment.objects.in_bulk(list(ids))
    names = _names_in(list(found))
    facts = _event_facts([found[one] for one in ids if one in found], {}, zone)
    return [replace(one, names=names.get(one.id, ())) for one in facts]


def _names_in(ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Whom of theirs each appointment is with, those first for whom it is."""
    rows = Participant.objects.filter(moment_id__in=ids, relation__isnull=False).order_by("id")
    parts = sorted(rows, key=lambda one: one.role != ParticipantRole.FOR)
    # Asked for by themselves: a relation that is hidden from the reader has no name here.
    shown = Relation.objects.filter(seat__isnull=True, is_ours=False).in_bulk([one.relation_id for one in parts])
    audit_look("relation", list(shown.values()), how="list")
    names: dict[UUID, dict[str, None]] = {}
    for one in parts:
        if one.relation_id in shown:
            names.setdefault(one.moment_id, {})[shown[one.relation_id].name] = None
    return {moment_id: tuple(found) for moment_id, found in names.items()}


def event_of(
    moment: Moment, zone: ZoneInfo, *, with_series: bool = False, line: CalendarLine | None = None
) -> EventFacts:
    """One appointment, as it is now, or the whole series that it begins."""
    facts = _event_facts([moment], {moment.id: line} if line else {}, zone)[0]
    if not with_series:
        return facts
    planning = Planning.objects.filter(moment=moment, series__isnull=False).select_related("series").first()
    if planning is None:
        return facts
    return _with_series(facts, planning, _occurrences({planning.series_id: moment.id}, zone))


def events_now(moments: Sequence[Moment], whole: set[UUID], zone: ZoneInfo) -> dict[UUID, EventFacts]:
    """These appointments as they are now; of `whole` the series that each begins."""
    series = Planning.objects.filter(moment_id__in=whole, series__isnull=False).select_related("series")
    plannings = {one.moment_id: one for one in series} if whole else {}
    occurrences = _occurrences({one.series_id: key for key, one in plannings.items()}, zone)
    facts = _event_facts(moments, {}, zone)
    return {one.id: _with_series(one, plannings.get(one.id), occurrences) for one in facts}


def _event_facts(moments: Sequence[Moment], lines: dict[UUID, CalendarLine], zone: ZoneInfo) -> list[EventFacts]:
    ids = [one.id for one in moments]
    subjects = {one.moment_id: one for one in MomentSubject.objects.filter(moment_id__in=ids).order_by("-id")}
    texts = {one.moment_id: one for one in MomentText.objects.filter(moment_id__in=ids).order_by("-id")}
    return [
        EventFacts(
            id=one.id,
            circle_id=one.circle_id,
            title=subjects[one.id].title if one.id in subjects else "",
            location=subjects[one.id].location if one.id in subjects else "",
            text=texts[one.id].text if one.id in texts else "",
            starts=timezone.localtime(one.occurred_at, zone),
            ends=timezone.localtime(one.ends_at or one.occurred_at, zone),
            is_all_day=one.is_all_day,
            is_cancelled=one.state == State.CANCELLED,
            names=lines[one.id].names if one.id in lines else (),
            uid=one.calendar_uid or str(one.id),
            changed=one.updated_at,
        )
        for one in moments
    ]


type Occurrences = dict[UUID, tuple[list[Planning], dict[UUID, EventFacts]]]


def _occurrences(series: dict[UUID | None, UUID], zone: ZoneInfo) -> Occurrences:
    """Every time of these series that is there, with what the ones say that somebody changed by themselves."""
    wanted = [one for one in series if one is not None]
    if not wanted:
        return {}
    rows = list(Planning.objects.filter(series_id__in=wanted).select_related("moment").order_by("slot"))
    own = [one.moment for one in rows if one.is_own and one.moment_id not in series.values()]
    facts = {one.id: one for one in _event_facts(own, {}, zone)}
    found: Occurrences = {}
    for one in rows:
        if one.series_id is not None:
            found.setdefault(one.series_id, ([], facts))[0].append(one)
    return found


def _with_series(facts: EventFacts, planning: Planning | None, occurrences: Occurrences) -> EventFacts:
    if planning is None or planning.series is None or planning.series_id not in occurrences:
        return facts
    rows, own = occurrences[planning.series_id]
    series = planning.series
    there = {one.slot for one in rows if one.moment.state != State.CANCELLED}
    last = min(series.made_until, max((one.slot for one in rows if one.slot), default=series.starts_on))
    gone = [day for day in _days(series.rule, series.starts_on, last) if day not in there]
    moved = {one.slot: own[one.moment_id] for one in rows if one.slot and one.moment_id in own and one.slot in there}
    return replace(facts, rule=series.rule, gone=tuple(gone), moved=moved)


def _days(rule: str, start: date, last: date) -> Iterator[date]:
    for day in read_rule(rule).dates(start, last):
        if day > last:
            return
        yield day


def todos_of(seat_id: UUID, kept: dict[UUID, Kept], zone: ZoneInfo) -> list[TodoFacts]:
    """What a colleague has to do, and did lately."""
    mine = ToDo.objects.filter(assignee_id=seat_id)
    found = list(mine.filter(done_at__isnull=True)[:MOST]) + list(mine.filter(done_at__gte=now() - DONE_FOR)[:MOST])
    present = {one.id for one in found}
    found += ToDo.objects.filter(id__in=[key for key, one in kept.items() if key not in present])
    return [todo_of(one, zone) for one in found if one.id not in kept or not kept[one.id].is_left_out]


def todo_of(one: ToDo, zone: ZoneInfo) -> TodoFacts:
    """One to-do, as it is now."""
    return TodoFacts(
        one.id, one.circle_id, one.title, one.note, one.due_on, one.due_at, one.done_at, one.updated_at, zone
    )


def occurrence_on(series_id: UUID, days: Iterable[date]) -> dict[date, Moment]:
    """The appointments of a series by the day the rule gave them."""
    rows = Planning.objects.filter(series_id=series_id, slot__in=list(days)).select_related("moment")
    return {one.slot: one.moment for one in rows if one.slot}


def is_past(ends: datetime) -> bool:
    """Whether that is over."""
    return ends < now()
