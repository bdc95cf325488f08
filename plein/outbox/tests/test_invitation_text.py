# SPDX-License-Identifier: AGPL-3.0-or-later
"""What we send to a guest is what our own reader and the library of calendars read in it, whatever it holds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from plein.channels.connectors.mail.invitations import read_invitations
from plein.channels.letters import Mailbox
from plein.moments.models import Moment
from plein.moments.queries.occasions import Occasion, Taking
from plein.outbox.inviting import CANCEL, REQUEST, Summons, calendar_of

HERE = ZoneInfo("Europe/Amsterdam")
AT = datetime(2027, 3, 22, 9, tzinfo=HERE)
TITLES = (
    "Plans",
    "Komma, punt; en \\ streep",
    "Regel\neen en twee",
    "BEGIN:VEVENT\r\nUID:evil",
    "Überraschung — 会議 🎉" * 12,
    "",
)


def taking(at: datetime = AT, *, title: str = "Plans", is_all_day: bool = False) -> Taking:
    return Taking(at, at + timedelta(hours=1), is_all_day, title, "Zwolle, Grote Markt; achter")


def occasion(takes: Taking, **more: Any) -> Occasion:
    return Occasion(Moment(workspace_id=1, circle_id=1), None, "0199-uid", HERE, takes, **more)


def summons(method: str = REQUEST, **more: Any) -> Summons:
    usual = {"sequence": 3, "organizer": Mailbox("alice@plein.example", 'Alice "A" Bos'), "sent_by": ""}
    return Summons(method, guest=Mailbox("henk@dijk.example", "Henk, van Dijk: jr"), **{**usual, **more})


def events_of(made: bytes | str) -> list[Any]:
    """The events, as the library of calendars reads them."""
    found: list[Any] = Calendar.from_ical(made).walk("VEVENT")
    return found


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("method", [REQUEST, CANCEL])
def test_what_we_send_is_what_is_read(title: str, method: str) -> None:
    made = calendar_of(occasion(taking(title=title)), summons(method, note=title)).decode()
    event = events_of(made)[0]
    [[heard], defect] = read_invitations(made, "")

    assert defect == "" and all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    assert (heard.method, heard.uid, heard.sequence) == (method, "0199-uid", 3)
    assert (heard.starts_at, heard.ends_at) == (AT.astimezone(UTC), AT.astimezone(UTC) + timedelta(hours=1))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (AT, AT + timedelta(hours=1))
    assert heard.location == str(event["LOCATION"]) == "Zwolle, Grote Markt; achter"
    assert heard.summary.split() == str(event["SUMMARY"]).split() == title.split()
    assert (heard.organizer, heard.attendees) == ("alice@plein.example", ("henk@dijk.example",))
    assert event["ATTENDEE"].params["CN"] == "Henk, van Dijk: jr"


def test_a_whole_day_ends_on_the_next_and_keeps_its_day_in_every_zone() -> None:
    made = calendar_of(occasion(taking(datetime(2027, 3, 22, tzinfo=HERE), is_all_day=True)), summons())
    event = events_of(made)[0]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 3, 22), date(2027, 3, 23))


def test_a_series_stays_on_its_clock_when_summer_begins_and_somebody_else_may_tell() -> None:
    other = taking(AT + timedelta(days=7, hours=3))
    about = occasion(
        taking(),
        rule="FREQ=WEEKLY;BYDAY=MO;UNTIL=20270419",
        gone=(date(2027, 4, 5),),
        moved=((date(2027, 3, 29), other),),
    )
    made = calendar_of(about, summons(sent_by="bob@plein.example"))
    master, moved = events_of(made)

    assert master["DTSTART"].params["TZID"] == "Europe/Amsterdam" and b"BEGIN:VTIMEZONE" in made
    assert master["RRULE"]["UNTIL"] == [datetime(2027, 4, 19, 21, 59, 59, tzinfo=UTC)]
    # Summer time begins on 28 March: nine o'clock stays nine o'clock.
    assert moved["RECURRENCE-ID"].dt.astimezone(UTC) == datetime(2027, 3, 29, 7, tzinfo=UTC)
    assert [one.dt.astimezone(UTC) for one in master["EXDATE"].dts] == [datetime(2027, 4, 5, 7, tzinfo=UTC)]
    assert master["ORGANIZER"].params["SENT-BY"] == "mailto:bob@plein.example"
