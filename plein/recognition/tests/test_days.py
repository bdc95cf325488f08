# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which day is meant by what somebody wrote on Thursday 26 November 2026."""

from datetime import date, time

import pytest

from plein.recognition.mentions.days import Meant, meant_by

SAID_ON = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "day", "at", "is_month"),
    [
        ("vrijdag om half twaalf", date(2026, 11, 27), time(11, 30), False),
        ("at half past eleven", SAID_ON, time(11, 30), False),
        ("1 January", date(2027, 1, 1), None, False),
        ("vanaf 1 december", date(2026, 12, 1), None, False),
        ("December 3rd, 2027", date(2027, 12, 3), None, False),
        ("2027-02-14", date(2027, 2, 14), None, False),
        ("12-03-2027", date(2027, 3, 12), None, False),
        ("3/2", date(2027, 2, 3), None, False),
        ("in March", date(2027, 3, 1), None, True),
        ("volgende week dinsdag om 14:30", date(2026, 12, 1), time(14, 30), False),
        ("tomorrow at 3", date(2026, 11, 27), time(15), False),
        ("morgen 9 uur", date(2026, 11, 27), time(9), False),
        ("over twee weken", date(2026, 12, 10), None, False),
        ("donderdag", date(2026, 12, 3), None, False),
        ("next month", date(2026, 12, 1), None, True),
        ("Tuesday afternoon at 4.15", date(2026, 12, 1), time(16, 15), False),
    ],
)
def test_a_day_is_what_people_mean_by_it(text: str, day: date, at: time | None, is_month: bool) -> None:
    assert meant_by(text, SAID_ON) == Meant(day, at, is_month)


@pytest.mark.parametrize("text", ["soon", "een dezer dagen", "31 februari", "may be", "week 99", "", "99-99-2027"])
def test_of_what_means_no_day_nothing_is_made(text: str) -> None:
    assert meant_by(text, SAID_ON) is None
