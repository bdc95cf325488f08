# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shared set of calendars comes in whole: nothing stops it, and the same again brings nothing new."""

import os
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from plein.channels.connectors.calendar.tests.test_sweep import _dated
from plein.channels.connectors.icalfeed.parse import NoCalendar, Written
from plein.dav.bringing import NEW
from plein.dav.looking import bring_calendar, read_file
from plein.moments.models import Moment
from plein.trust.models import User
from plein.trust.seats import entered

DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "contacts"


def appointments() -> tuple[list[Written], int]:
    """Every appointment once, by its identifier, and how many files are no calendar."""
    found: dict[str, Written] = {}
    broken = 0
    with tarfile.open(DATA / "icalendar.tar.xz") as archive:
        names = sorted(one.name for one in archive if one.isfile() and one.name.endswith(".ics"))
        for name in names:
            held = archive.extractfile(name)
            assert held is not None
            try:
                for one in read_file(_dated(held.read())):
                    found.setdefault(one.uid, one)
            except NoCalendar:
                broken += 1
    return list(found.values()), broken


@pytest.mark.sweep
@pytest.mark.timeout(3600)
def test_calendars_of_many_programs_come_in_and_only_once(alice: User) -> None:
    some, broken = appointments()
    with entered(alice) as actor:
        _operation, brought = bring_calendar(actor=actor, some=some, circle="everyone")
        counts = Counter(one.becomes for one in brought)
        made = Moment.objects.count()
        _operation, again = bring_calendar(actor=actor, some=some, circle="everyone")
        second = Counter(one.becomes for one in again)
        reasons = Counter(one.reason for one in brought if one.becomes == "refused")

        print(len(some), broken, dict(counts), dict(second), dict(reasons))  # noqa: T201
        assert "This appointment could not be taken in." not in reasons
        assert Moment.objects.count() == made
    assert NEW not in second, second
    assert [one.uid for one in again if one.becomes == "changed"] == []
    # Damaged on purpose, or made for what is no appointment: they do not say when they begin.
    assert counts["refused"] <= len(some) // 5
