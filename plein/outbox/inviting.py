# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar object by which somebody is invited, told of a change, or told not to come (RFC 5546).

Each guest's names them and us only: whom else we invite is not theirs to know.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur

from plein.channels.letters import Mailbox
from plein.core.ids import now
from plein.moments.queries.occasions import Occasion, Taking
from plein.moments.reminding import at_clock
from plein.moments.repeats import read_rule
from plein.moments.vocabulary import Answer
from plein.outbox.invited import PRODUCT, SAID

REQUEST, CANCEL = "REQUEST", "CANCEL"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Summons:
    """What one guest is told of an appointment: by whom, in whose name, in which version, in our words."""

    method: str
    sequence: int
    organizer: Mailbox
    sent_by: str
    guest: Mailbox
    answer: str = ""
    note: str = ""
    #: Of a series, the days that are called off for them; none when it is about the whole.
    days: tuple[date, ...] = ()


def calendar_of(occasion: Occasion, summons: Summons) -> bytes:
    """The invitation, the change or the calling off, as calendars understand it."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", summons.method)
    for day in summons.days:
        calendar.add_component(_other(occasion, summons, day, occasion.taking_on(day)))
    if not summons.days:
        calendar.add_component(_master(occasion, summons))
    if summons.method == REQUEST:
        for day, taking in occasion.moved:
            calendar.add_component(_other(occasion, summons, day, taking))
    if summons.method == REQUEST or summons.days:
        calendar.add_missing_timezones()
    made: bytes = calendar.to_ical()
    return made


def _event(occasion: Occasion, summons: Summons, taking: Taking) -> Event:
    event = Event()
    event.add("uid", occasion.uid)
    event.add("sequence", summons.sequence)
    event.add("dtstamp", now())
    zone = occasion.zone if occasion.rule else None
    event.add("dtstart", _when(taking.starts, occasion.zone, zone, is_day=taking.is_all_day))
    # The end of a whole day is exclusive in a calendar, and the last day itself with us.
    ends = taking.ends + A_DAY if taking.is_all_day else taking.ends
    event.add("dtend", _when(ends, occasion.zone, zone, is_day=taking.is_all_day))
    event.add("summary", taking.title)
    if taking.location:
        event.add("location", taking.location)
    if summons.note:
        event.add("description", summons.note)
    event.add("status", "CONFIRMED" if summons.method == REQUEST else "CANCELLED")
    event.add("organizer", _organizer(summons), encode=False)
    event.add("attendee", _attendee(summons), encode=False)
    return event


def _master(occasion: Occasion, summons: Summons) -> Event:
    event = _event(occasion, summons, occasion.takes)
    if occasion.rule and summons.method == REQUEST:
        event.add("rrule", _rule(occasion))
        for day in occasion.gone:
            event.add("exdate", _slot(occasion, day))
    return event


def _other(occasion: Occasion, summons: Summons, day: date, taking: Taking) -> Event:
    event = _event(occasion, summons, taking)
    event.add("recurrence-id", _slot(occasion, day))
    return event


def _when(at: datetime, here: ZoneInfo, zone: ZoneInfo | None, *, is_day: bool) -> date | datetime:
    """A day where the appointment is, a time on the clock of a series, or else one in UTC."""
    if is_day:
        return at.astimezone(here).date()
    return at.astimezone(zone or UTC)


def _slot(occasion: Occasion, day: date) -> date | datetime:
    """Which of a series is meant: the one of that day, at the hour of the series."""
    if occasion.takes.is_all_day:
        return day
    return at_clock(day, occasion.takes.starts.astimezone(occasion.zone).timetz(), occasion.zone)


def _rule(occasion: Occasion) -> vRecur:
    rule = read_rule(occasion.rule)
    recur: vRecur = vRecur.from_ical(str(rule.ending(count=rule.count)))
    if rule.until is not None:
        last = datetime.combine(rule.until, time(23, 59, 59), occasion.zone).astimezone(UTC)
        recur["UNTIL"] = [rule.until if occasion.takes.is_all_day else last]
    return recur


def _organizer(summons: Summons) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{summons.organizer.address}")
    if summons.organizer.name:
        organizer.params["cn"] = summons.organizer.name
    if summons.sent_by:
        organizer.params["sent-by"] = f"mailto:{summons.sent_by}"
    return organizer


def _attendee(summons: Summons) -> vCalAddress:
    guest = vCalAddress(f"mailto:{summons.guest.address}")
    if summons.guest.name:
        guest.params["cn"] = summons.guest.name
    guest.params["cutype"] = "INDIVIDUAL"
    guest.params["role"] = "REQ-PARTICIPANT"
    if summons.method == REQUEST:
        guest.params["partstat"] = SAID[Answer(summons.answer)] if summons.answer else "NEEDS-ACTION"
        guest.params["rsvp"] = "TRUE"
    return guest
