# SPDX-License-Identifier: AGPL-3.0-or-later
"""Appointments and to-dos written as calendar objects: new, or as a device sent them with what changed here since."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from plein.dav.ics import A_DAY, EventFacts, KeptText, TodoFacts, signature, stamp
from plein.dav.lines import Line, component, escape, folded, read_lines, replaced

PRODUCT = "-//Plein//Plein//EN"


def write_event(facts: EventFacts, kept: KeptText | None = None, *, with_names: bool = True) -> str:
    """The calendar object of an appointment: as it was sent, with what changed here since, or new."""
    if kept is None or not kept.text:
        lines = _event_lines(facts, facts.uid if kept is None else kept.uid, with_names=with_names)
        return _calendar([*lines, *_other_lines(facts, facts.uid if kept is None else kept.uid, facts.moved)])
    return _merged(kept, facts.ours(), "VEVENT", _event_groups(facts), lambda lines: _with_others(lines, facts, kept))


def _event_groups(facts: EventFacts) -> dict[str, Callable[[list[Line]], list[Line]]]:
    def when(lines: list[Line]) -> list[Line]:
        old = next((line for line in lines if line.name == "DTSTART"), None)
        new = _when_lines(facts, old)
        rest = [line for line in lines if line.name not in ("DTEND", "DURATION")]
        return replaced(rest, lambda line: line.name == "DTSTART", new)

    return {
        "title": _setting("SUMMARY", facts.title),
        "location": _setting("LOCATION", facts.location),
        "text": _setting("DESCRIPTION", facts.text),
        "starts": when,
        "ends": when,
        "rule": lambda lines: replaced(
            lines, lambda line: line.name == "RRULE", [Line("RRULE", facts.rule)] if facts.rule else []
        ),
        "cancelled": _setting("STATUS", "CANCELLED" if facts.is_cancelled else ""),
    }


def _setting(name: str, text: str) -> Callable[[list[Line]], list[Line]]:
    new = [Line(name, escape(text))] if text else []
    return lambda lines: replaced(lines, lambda line: line.name == name, new)


def _event_lines(facts: EventFacts, uid: str, *, with_names: bool) -> list[Line]:
    title = facts.title or ", ".join(facts.names)
    lines = [Line("BEGIN", "VEVENT"), Line("UID", escape(uid)), Line("DTSTAMP", _changed(facts.changed))]
    lines += [*_when_lines(facts, None), Line("SUMMARY", escape(title))]
    lines += [Line("LOCATION", escape(facts.location))] if facts.location else []
    lines += [Line("DESCRIPTION", escape(facts.text))] if facts.text else []
    lines += [Line("CONTACT", escape(name)) for name in facts.names if with_names]
    lines += [Line("STATUS", "CANCELLED")] if facts.is_cancelled else []
    lines += [Line("RRULE", facts.rule)] if facts.rule else []
    lines += _gone_lines(facts, facts.gone)
    return [*lines, Line("END", "VEVENT")]


def _changed(moment: datetime | None) -> str:
    return stamp(moment or datetime(2000, 1, 1, tzinfo=UTC), is_day=False)


def _when_lines(facts: EventFacts, old: Line | None) -> list[Line]:
    if facts.is_all_day:
        day = (("VALUE", "DATE"),)
        return [
            Line("DTSTART", f"{facts.starts:%Y%m%d}", day),
            Line("DTEND", f"{facts.ends + A_DAY:%Y%m%d}", day),
        ]
    return [_time_line("DTSTART", facts.starts, old), _time_line("DTEND", facts.ends, old)]


def _time_line(name: str, moment: datetime, old: Line | None) -> Line:
    """A time on the clock that the device chose, when it is one we know; a series has to keep to its clock."""
    zone = next((value for key, value in old.params if key == "TZID"), "") if old else ""
    if zone:
        try:
            return Line(name, f"{moment.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}", (("TZID", zone),))
        except (KeyError, ValueError, OSError):
            pass
    return Line(name, stamp(moment, is_day=False))


def _gone_lines(facts: EventFacts, days: Iterable[date]) -> list[Line]:
    return [_occurrence("EXDATE", facts, day) for day in days]


def _occurrence(name: str, facts: EventFacts, day: date) -> Line:
    """Which occurrence of a series is meant: the one of that day, at the hour of the series."""
    if facts.is_all_day:
        return Line(name, f"{day:%Y%m%d}", (("VALUE", "DATE"),))
    return Line(name, stamp(facts.starts.replace(year=day.year, month=day.month, day=day.day), is_day=False))


def _other_lines(facts: EventFacts, uid: str, moved: Mapping[date, EventFacts]) -> list[Line]:
    lines: list[Line] = []
    for day, one in sorted(moved.items()):
        own = _event_lines(replace(one, rule="", gone=()), uid, with_names=False)
        lines += [*own[:2], _occurrence("RECURRENCE-ID", facts, day), *own[2:]]
    return lines


def _with_others(lines: list[Line], facts: EventFacts, kept: KeptText) -> list[Line]:
    """Say what of a series is gone or otherwise since the device sent it."""
    before = kept.ours
    gone = set(before.get("gone", "").split(","))
    fresh = [day for day in facts.gone if f"{day:%Y%m%d}" not in gone]
    moved = set(before.get("moved", "").split("\n"))
    others = {day: one for day, one in facts.moved.items() if f"{day:%Y%m%d}={signature(one)}" not in moved}
    if fresh:
        at = next(place for place, line in enumerate(lines) if line.name == "END" and line.value == "VEVENT")
        lines = [*lines[:at], *_gone_lines(facts, fresh), *lines[at:]]
    return [*lines, *_other_lines(facts, kept.uid, others)]


def write_todo(facts: TodoFacts, kept: KeptText | None = None) -> str:
    """The calendar object of a to-do."""
    if kept is not None and kept.text:
        return _merged(kept, facts.ours(), "VTODO", _todo_groups(facts), lambda lines: lines)
    uid = kept.uid if kept else str(facts.id)
    lines = [Line("BEGIN", "VTODO"), Line("UID", escape(uid)), Line("DTSTAMP", _changed(facts.changed))]
    lines.append(Line("SUMMARY", escape(facts.title)))
    lines += [Line("DESCRIPTION", escape(facts.note))] if facts.note else []
    return _calendar([*lines, *_due_lines(facts), *_done_lines(facts), Line("END", "VTODO")])


def _todo_groups(facts: TodoFacts) -> dict[str, Callable[[list[Line]], list[Line]]]:
    def done(lines: list[Line]) -> list[Line]:
        names = ("STATUS", "COMPLETED", "PERCENT-COMPLETE")
        return [*(line for line in lines if line.name not in names), *_done_lines(facts)]

    return {
        "title": _setting("SUMMARY", facts.title),
        "note": _setting("DESCRIPTION", facts.note),
        "due": lambda lines: replaced(lines, lambda line: line.name == "DUE", _due_lines(facts)),
        "done": done,
    }


def _due_lines(facts: TodoFacts) -> list[Line]:
    if not facts.due:
        return []
    return [Line("DUE", facts.due, (("VALUE", "DATE"),) if facts.due_at is None else ())]


def _done_lines(facts: TodoFacts) -> list[Line]:
    if facts.done_at is None:
        return [Line("STATUS", "NEEDS-ACTION")]
    return [Line("STATUS", "COMPLETED"), Line("COMPLETED", stamp(facts.done_at, is_day=False))]


def _calendar(lines: list[Line]) -> str:
    return folded(
        [Line("BEGIN", "VCALENDAR"), Line("VERSION", "2.0"), Line("PRODID", PRODUCT), *lines, Line("END", "VCALENDAR")]
    )


def _merged(
    kept: KeptText,
    now_ours: dict[str, str],
    name: str,
    groups: dict[str, Callable[[list[Line]], list[Line]]],
    more: Callable[[list[Line]], list[Line]],
) -> str:
    """The text as it was kept, with the values of its main part that changed since replaced in their place."""
    lines = component(read_lines(kept.text), "VCALENDAR")
    start, end = _main_part(lines, name)
    own, below = _without_parts(lines[start:end])
    changed = [group for group in groups if now_ours.get(group, "") != kept.ours.get(group, "")]
    for group in changed:
        own = groups[group](own)
    before, after = lines[:start], lines[end:]
    return folded([Line("BEGIN", "VCALENDAR"), *before, *more([*own, *below, *after]), Line("END", "VCALENDAR")])


def _main_part(lines: list[Line], name: str) -> tuple[int, int]:
    """Where the part begins and ends that is no occurrence of another one."""
    begins = [at for at, line in enumerate(lines) if line.name == "BEGIN" and line.value.strip().upper() == name]
    for at in begins:
        end = next(
            place
            for place in range(at, len(lines))
            if lines[place].name == "END" and lines[place].value.strip().upper() == name
        )
        if not any(line.name == "RECURRENCE-ID" for line in lines[at:end]):
            return at + 1, end
    at = begins[0]
    return at + 1, next(place for place in range(at, len(lines)) if lines[place].name == "END")


def _without_parts(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of a part itself, and those of the parts inside it, such as alarms."""
    own: list[Line] = []
    below: list[Line] = []
    depth = 0
    for line in lines:
        depth += line.name == "BEGIN"
        (below if depth else own).append(line)
        depth -= line.name == "END"
    return own, below


def write_head(title: str) -> str:
    """The begin of a calendar that is written appointment by appointment."""
    lines = [Line("VERSION", "2.0"), Line("PRODID", PRODUCT), Line("X-WR-CALNAME", escape(title))]
    return folded([Line("BEGIN", "VCALENDAR"), *lines])


def write_part(facts: EventFacts) -> str:
    """One appointment in such a calendar."""
    return folded(_event_lines(facts, facts.uid, with_names=True))


def write_tail() -> str:
    """The end of such a calendar."""
    return folded([Line("END", "VCALENDAR")])


def write_feed(events: Iterable[EventFacts], title: str) -> str:
    """One calendar with many appointments, to follow."""
    lines = [Line("X-WR-CALNAME", escape(title)), Line("REFRESH-INTERVAL", "PT1H", (("VALUE", "DURATION"),))]
    for facts in events:
        lines += _event_lines(facts, facts.uid, with_names=True)
    return _calendar(lines)
