# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, datetime
from io import BytesIO

from plein.channels.cards import Event, Guest, NotACard
from plein.channels.connectors.calendar.icalendar import read_events


def events(*lines: str, zone: str = "Europe/Amsterdam") -> list[Event | NotACard]:
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])
    return list(read_events(BytesIO(text.encode()), zone=zone))


def event(*lines: str, before: tuple[str, ...] = ()) -> Event:
    [found] = events(*before, "BEGIN:VEVENT", "UID:a", *lines, "END:VEVENT")
    assert isinstance(found, Event), found
    return found


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_a_time_is_in_the_zone_it_names() -> None:
    assert event("DTSTART:20260701T100000Z").starts_at == at(2026, 7, 1, 10)
    assert event("DTSTART;TZID=Europe/Amsterdam:20260701T100000").starts_at == at(2026, 7, 1, 8)
    assert event("DTSTART;TZID=/mozilla.org/2005/America/New_York:20260101T100000").starts_at == at(2026, 1, 1, 15)
    assert event("DTSTART;TZID=W. Europe Standard Time:20260101T100000").zone == "Europe/Berlin"
    assert event("DTSTART:20260701T100000").starts_at == at(2026, 7, 1, 8)


def test_a_zone_that_the_file_describes_is_known_by_its_offset() -> None:
    zone = ("BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", "TZOFFSETTO:+0530", "END:STANDARD", "END:VTIMEZONE")

    assert event("DTSTART;TZID=Ours:20260101T100000", before=zone).starts_at == at(2026, 1, 1, 4, 30)


def test_a_whole_day_ends_on_its_last_day() -> None:
    one, three = event("DTSTART;VALUE=DATE:20260301"), event("DTSTART:20260301", "DTEND;VALUE=DATE:20260304")

    assert one.is_all_day and one.starts_at == one.ends_at == at(2026, 3, 1)
    assert three.ends_at == at(2026, 3, 3)


def test_how_long_it_lasts_says_when_it_ends() -> None:
    assert event("DTSTART:20260301T100000Z", "DURATION:P1DT2H30M").ends_at == at(2026, 3, 2, 12, 30)
    assert event("DTSTART:20260301T100000Z", "DTEND:20260301T090000Z").ends_at == at(2026, 3, 1, 10)


def test_a_series_has_its_rule_its_exceptions_and_its_changed_days() -> None:
    found = events(
        "BEGIN:VEVENT", "UID:s", "DTSTART;TZID=Europe/Amsterdam:20260301T100000", "RRULE:FREQ=WEEKLY;COUNT=5",
        "EXDATE;TZID=Europe/Amsterdam:20260308T100000,20260315T100000", "SEQUENCE:2", "END:VEVENT",
        "BEGIN:VEVENT", "UID:s", "RECURRENCE-ID;TZID=Europe/Amsterdam:20260322T100000", "DTSTART:20260323T090000Z",
        "STATUS:CANCELLED", "END:VEVENT",
    )  # fmt: skip
    series, changed = found

    assert isinstance(series, Event) and isinstance(changed, Event)
    assert (series.rule, series.sequence, series.zone) == ("FREQ=WEEKLY;COUNT=5", 2, "Europe/Amsterdam")
    assert series.excluded == (at(2026, 3, 8, 9), at(2026, 3, 15, 9))
    assert changed.recurrence_id == at(2026, 3, 22, 9) and changed.status == "CANCELLED"


def test_who_is_there_is_named_once() -> None:
    found = event(
        "DTSTART:20260301T100000Z", "ORGANIZER;CN=Ada Bos:MAILTO:Ada@bos.nl",
        'ATTENDEE;CN="Bos, Ada";PARTSTAT=ACCEPTED:mailto:ada@bos.nl',
        "ATTENDEE;PARTSTAT=DECLINED;CN=jan@smit.nl:mailto:jan@smit.nl",
        "ATTENDEE;CUTYPE=ROOM;CN=Zaal 1:mailto:zaal@bos.nl",
    )  # fmt: skip

    assert found.guests == (Guest("ada@bos.nl", "Ada Bos", True), Guest("jan@smit.nl", "", False, "DECLINED"))


def test_alarms_and_to_dos_say_nothing_of_an_appointment() -> None:
    found = events(
        "BEGIN:VTODO", "SUMMARY:te doen", "END:VTODO", "BEGIN:VEVENT", "DTSTART:20260301T100000Z", "BEGIN:VALARM",
        "DESCRIPTION:bel", "END:VALARM", "SUMMARY:Overleg\\, kort", "END:VEVENT",
    )  # fmt: skip

    assert [(one.summary, one.description) for one in found if isinstance(one, Event)] == [("Overleg, kort", "")]


def test_what_cannot_be_read_stands_in_its_place() -> None:
    found = events(
        "BEGIN:VEVENT", "SUMMARY:geen tijd", "END:VEVENT", "BEGIN:VEVENT", "DTSTART:20260231T100000Z", "END:VEVENT",
        "BEGIN:VEVENT", "DTSTART:20260301T100000Z", "BEGIN:VEVENT", "DTSTART:20260301T100000Z", "END:VEVENT",
    )  # fmt: skip

    assert [type(one) for one in found] == [NotACard, NotACard, NotACard, Event]
