# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from plein.web import human_dates


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def at(days: int, hour: int = 11, minute: int = 30) -> datetime:
    noon = timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)
    return noon + timedelta(days=days)


def test_near_days_have_a_name_and_an_hour() -> None:
    assert human_dates.when(at(0)) == "Today 11.30"
    assert human_dates.when(at(-1, 8, 5)) == "Yesterday 8.05"
    assert human_dates.when(at(1)) == "Tomorrow 11.30"
    assert human_dates.when(timezone.localdate()) == "Today"


def test_far_days_have_their_year() -> None:
    assert human_dates.when(date(2025, 3, 12)) == "12 Mar 2025"
    assert human_dates.day_head(date(2019, 11, 19)) == "19 November 2019"


def test_months_have_a_capital_where_the_language_gives_them_one() -> None:
    translation.activate("nl")
    assert human_dates.short_date(date(2025, 3, 12)) == "12 mrt 2025"


def test_a_passed_due_day_is_late() -> None:
    assert 'class="late"' in human_dates.time_html(at(-1), "due")
    assert 'class="late"' not in human_dates.time_html(at(2), "due")


def test_distance_is_said_in_its_largest_unit() -> None:
    assert human_dates.from_now(timezone.now() + timedelta(minutes=50, seconds=5)) == "in 50 minutes"
    assert human_dates.from_now(timezone.now() - timedelta(days=41, seconds=5)) == "41 days ago"
    assert human_dates.from_now(timezone.now() - timedelta(days=9130)) == "25 years ago"
    assert human_dates.from_now(timezone.now()) == "now"


def test_a_time_carries_its_full_date() -> None:
    html = human_dates.time_html(date(2025, 3, 12))
    assert html == '<time datetime="2025-03-12" title="12 March 2025">12 Mar 2025</time>'
