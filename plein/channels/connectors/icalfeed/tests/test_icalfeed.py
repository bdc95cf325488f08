# SPDX-License-Identifier: AGPL-3.0-or-later
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from plein.channels.base import Entry, Gone
from plein.channels.connectors.icalfeed.connector import ICalFeedConnector, Settings
from plein.channels.connectors.icalfeed.parse import NoCalendar, read_calendar
from plein.channels.connectors.icalfeed.tests.samples import OSLO, calendar, one
from plein.channels.live import Outgoing, Trouble, Visit
from plein.testing.peers import Answer, Behaviour, Request
from plein.testing.recorded import Recorded, heard, heard_in_pieces, mutate

CONNECTOR = ICalFeedConnector()
THREE = calendar(one("a", "First"), one("b", "Second", "RRULE:FREQ=WEEKLY"), one("c", "Third"))


def serving(body: bytes) -> Behaviour:
    return lambda _request: Answer(body)


def visit_to(behaviour: Behaviour, spool: Path, cursor: str = "") -> Visit:
    return Visit(Settings(address=SecretStr("webcal://club.example/all.ics")), Recorded(behaviour), spool, cursor)


def after(behaviour: Behaviour, spool: Path, cursor: str = "") -> str:
    return [found for found, _one in CONNECTOR.fetch(visit_to(behaviour, spool, cursor))][-1]


def test_a_calendar_is_heard_in_objects_of_their_own_and_over_https(tmp_path: Path) -> None:
    visit = visit_to(serving(THREE), tmp_path)

    glimpse, found = CONNECTOR.look(visit), heard(CONNECTOR, visit)

    assert (glimpse.account, glimpse.counts) == ("Training", {"Training": 3})
    assert [type(entry) for entry in found] == [Entry] * 3
    assert [entry.uid for entry in found if isinstance(entry, Entry)] == ["a", "b", "c"]
    assert isinstance(visit.net, Recorded)
    assert visit.net.asked[0].headers["host"] == "club.example"


def test_only_what_changed_is_heard_again_and_what_is_gone_is_said(tmp_path: Path) -> None:
    cursor = after(serving(THREE), tmp_path)
    stamped = THREE.replace(b"DTSTAMP:20260101T000000Z", b"DTSTAMP:20260909T090909Z")
    assert heard(CONNECTOR, visit_to(serving(stamped), tmp_path, cursor)) == []

    changed = calendar(one("a", "First"), one("b", "Other", "RRULE:FREQ=WEEKLY"), one("d", "New"))
    found = heard(CONNECTOR, visit_to(serving(changed), tmp_path, cursor))

    assert [one.uid for one in found if isinstance(one, Entry)] == ["b", "d"]
    assert len([one for one in found if isinstance(one, Gone)]) == 1
    assert heard(CONNECTOR, visit_to(serving(changed), tmp_path, after(serving(changed), tmp_path, cursor))) == []


@pytest.mark.parametrize("size", [1, 2])
def test_a_visit_that_breaks_off_goes_on_where_it_was(size: int, tmp_path: Path) -> None:
    visit = visit_to(serving(THREE), tmp_path)
    assert heard_in_pieces(CONNECTOR, visit, size) == heard(CONNECTOR, visit)


def test_a_calendar_that_breaks_off_says_nothing_of_what_is_missing(tmp_path: Path) -> None:
    cursor = after(serving(THREE), tmp_path)
    with pytest.raises(Trouble, match="breaks off"):
        heard(CONNECTOR, visit_to(serving(THREE[:-20]), tmp_path, cursor))
    with pytest.raises(Trouble, match="no calendar"):
        heard(CONNECTOR, visit_to(serving(b"<html>Sign in</html>"), tmp_path, cursor))


def test_nothing_is_sent_again_when_nothing_changed(tmp_path: Path) -> None:
    def behaviour(request: Request) -> Answer:
        if request.headers.get("if-none-match") == '"v1"':
            return Answer(status=304)
        return Answer(THREE, headers={"ETag": '"v1"'})

    cursors = [cursor for cursor, _one in CONNECTOR.fetch(visit_to(behaviour, tmp_path))]
    assert '"v1"' not in cursors[0].replace("\\", ""), "a visit that broke off must not be told that nothing changed"
    assert list(CONNECTOR.fetch(visit_to(behaviour, tmp_path, cursors[-1]))) == []


def test_what_was_over_before_its_owner_wants_to_hear_stays_away(tmp_path: Path) -> None:
    old = one("old", "Old", starts="20200105T090000Z", ends="20200105T100000Z")
    series = one("series", "Series", "RRULE:FREQ=WEEKLY", starts="20200105T090000Z", ends="20200105T100000Z")
    visit = replace(
        visit_to(serving(calendar(old, series, one("a", "New"))), tmp_path), since=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert [one.uid for one in heard(CONNECTOR, visit) if isinstance(one, Entry)] == ["a", "series"]


def test_an_object_has_the_clock_and_the_zones_that_it_needs() -> None:
    event = one("a", "First", starts="20300105T090000", ends="20300105T100000")
    zoned = one("b", "Second").replace("DTSTART:", "DTSTART;TZID=Fjord Time:")
    nameless = one("", "No name")
    _name, [first, second, third] = read_calendar(
        calendar(OSLO, event, zoned, nameless, head="X-WR-TIMEZONE:Europe/Oslo\r\n")
    )

    texts = {first.uid: first.text, second.uid: second.text, third.uid: third.text}
    assert "DTSTART;TZID=Europe/Oslo:20300105T090000" in texts["a"] and "VTIMEZONE" not in texts["a"]
    assert "TZID:Fjord Time" in texts["b"]
    [made] = texts.keys() - {"a", "b"}
    assert f"UID:{made}\r\n" in texts[made]


def test_a_calendar_cannot_be_spoken_to(tmp_path: Path) -> None:
    visit = visit_to(serving(THREE), tmp_path)
    assert not CONNECTOR.wait(visit, most_seconds=1)
    with pytest.raises(Trouble):
        CONNECTOR.send(visit, Outgoing("key", "Hello"))


def damage(turns: int) -> None:
    for turn in range(turns):
        body = mutate(THREE, random.Random(turn))  # noqa: S311
        try:
            _name, found = read_calendar(body)
        except NoCalendar as trouble:
            assert str(trouble).endswith("."), turn
            continue
        for entry in found:
            assert "\0" not in entry.text, turn
            entry.text.encode()


def test_damaged_calendars_are_read_or_refused_in_a_sentence() -> None:
    damage(150)


@pytest.mark.nightly
def test_ten_thousand_damaged_calendars() -> None:
    damage(10_000)
