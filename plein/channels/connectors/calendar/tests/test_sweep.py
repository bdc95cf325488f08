# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shared set of calendars against its expected figures."""

import json
import os
import re
import tarfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from plein.channels.cards import Event
from plein.channels.connectors.calendar.icalendar import event_lines, read_events
from plein.channels.connectors.calendar.times import Zones

DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "contacts"
#: The tests these calendars are from fill in days counted from the one on which they run.
DAYS = re.compile(rb"\$now(?:\.year)?\.(-?\d+):(\d{4})?")
#: Damaged on purpose, or made for what is no appointment: so many of them do not say when they begin, or in no time.
UNREAD = 45


def _dated(data: bytes) -> bytes:
    def day(found: re.Match[bytes]) -> bytes:
        return b"2027" + found[2] if found[2] else b"202611%02d" % (int(found[1]) % 28 + 1)

    return DAYS.sub(day, data)


@pytest.mark.sweep
def test_every_appointment_is_found_and_nearly_every_one_read() -> None:
    wanted = json.loads((DATA / "expected.json").read_text())["icalendar.tar.xz"]
    found: dict[str, int] = {}
    lines: Counter[str] = Counter()
    unread: list[str] = []
    with tarfile.open(DATA / "icalendar.tar.xz") as archive:
        for name in wanted["vevents_per_file"]:
            held = archive.extractfile(name)
            assert held is not None
            data = held.read()
            whole = list(event_lines(BytesIO(data), Zones()))
            found[name] = len(whole)
            lines.update(line.name for one, _end in whole for line in one)
            unread += [f"{name}: {one}" for one in read_events(BytesIO(_dated(data))) if not isinstance(one, Event)]

    assert found == wanted["vevents_per_file"]
    # The figure of the script counts lines of to-dos, journals and free time too, and those of time zones.
    assert lines["ATTENDEE"] == 4319 <= wanted["attendee_lines"]
    assert lines["RRULE"] == 621 <= wanted["rrule_lines"]
    assert len(unread) <= UNREAD, "\n".join(unread)
