# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from plein.moments.reminding import at_clock, days_later, reminder_at
from plein.moments.repeats import BadRule, check_comes, common_rule, in_words, read_rule

TUESDAY = date(2026, 11, 24)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def first(text: str, start: date, count: int = 4) -> list[str]:
    return [f"{day:%d-%m}" for day in islice(read_rule(text).dates(start), count)]


@pytest.mark.parametrize(
    ("kind", "options", "rule", "said", "days"),
    [
        ("daily", {}, "FREQ=DAILY", "every day", ["24-11", "25-11", "26-11"]),
        ("daily", {"interval": 3}, "FREQ=DAILY;INTERVAL=3", "every 3 days", ["24-11", "27-11", "30-11"]),
        ("weekdays", {}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday", ["24-11", "25-11", "26-11"]),
        ("weekly", {}, "FREQ=WEEKLY;BYDAY=TU", "every week on Tuesday", ["24-11", "01-12", "08-12"]),
        (
            "weekly",
            {"interval": 2, "days": "MO,TH"},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
            "every 2 weeks on Monday and Thursday",
            ["24-11", "26-11", "07-12"],
        ),
        ("monthly", {}, "FREQ=MONTHLY;BYMONTHDAY=24", "every month on the 24th", ["24-11", "24-12", "24-01"]),
        (
            "monthly",
            {"monthly": "weekday"},
            "FREQ=MONTHLY;BYDAY=4TU",
            "every month on the 4th Tuesday",
            ["24-11", "22-12", "26-01"],
        ),
        (
            "monthly",
            {"monthly": "last"},
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "every month on the last day",
            ["24-11", "30-11", "31-12"],
        ),
        (
            "yearly",
            {},
            "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24",
            "every year on 24 November",
            ["24-11", "24-11", "24-11"],
        ),
    ],
)
def test_common_rules_say_what_they_do(
    kind: str, options: dict[str, object], rule: str, said: str, days: list[str]
) -> None:
    made = common_rule(kind, TUESDAY, **options)  # type: ignore[arg-type]

    assert str(made) == rule
    assert read_rule(str(made)) == made
    with translation.override("en"):
        assert in_words(made) == said
    assert first(rule, TUESDAY, 3) == days


def test_the_31st_is_the_last_day_of_a_month_that_is_shorter() -> None:
    rule = str(common_rule("monthly", date(2027, 1, 31)))

    assert first(rule, date(2027, 1, 31)) == ["31-01", "28-02", "31-03", "30-04"]
    with translation.override("en"):
        assert in_words(read_rule(rule)) == "every month on the 31st or the last day"


def test_a_leap_day_comes_every_year() -> None:
    rule = str(common_rule("yearly", date(2028, 2, 29)))

    assert first(rule, date(2028, 2, 29), 3) == ["29-02", "28-02", "28-02"]


def test_a_rule_ends_on_a_day_or_after_so_many_times() -> None:
    assert first("FREQ=WEEKLY;COUNT=2", TUESDAY) == ["24-11", "01-12"]
    assert first("FREQ=WEEKLY;UNTIL=20261208", TUESDAY) == ["24-11", "01-12", "08-12"]
    with translation.override("en"):
        assert in_words(read_rule("RRULE:FREQ=WEEKLY;UNTIL=20261208T235959Z")) == "every week, until 8 December 2026"
        assert in_words(read_rule("FREQ=DAILY;COUNT=3")) == "every day, 3 times"


@pytest.mark.parametrize(
    ("text", "words_of_refusal"),
    [
        ("every tuesday", "is no part of a rule"),
        ("FREQ=HOURLY", "Say how often"),
        ("INTERVAL=2", "Say how often"),
        ("FREQ=DAILY;INTERVAL=0", "Write a number from 1 to 999 after INTERVAL"),
        ("FREQ=DAILY;COUNT=99999", "after COUNT"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "not both"),
        ("FREQ=DAILY;UNTIL=20271399", "UNTIL=20261231"),
        ("FREQ=WEEKLY;BYDAY=2TU", "only a rule by month or year"),
        ("FREQ=WEEKLY;BYDAY=XX", "MO,TU"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "Zero is no day"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "-31 to 31"),
        ("FREQ=DAILY;BYHOUR=9", "does not follow “BYHOUR”"),
        ("FREQ=DAILY;BYWEEKNO=9", "does not follow “BYWEEKNO”"),
        ("FREQ=DAILY;FREQ=DAILY", "is no part of a rule"),
        ("FREQ=DAILY;" + "BYDAY=MO;" * 60, "too long"),
    ],
)
def test_a_rule_that_cannot_be_followed_says_what_to_write(text: str, words_of_refusal: str) -> None:
    with translation.override("en"), pytest.raises(BadRule) as refusal:
        read_rule(text)

    assert words_of_refusal in str(refusal.value)


def test_a_rule_that_never_comes_is_refused_soon() -> None:
    for text in (
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;UNTIL=20200101",
    ):
        with pytest.raises(BadRule):
            check_comes(read_rule(text), TUESDAY)
    check_comes(read_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), TUESDAY)


def test_a_rule_moves_with_its_day() -> None:
    moved = read_rule("FREQ=WEEKLY;BYDAY=MO,TU").moved(TUESDAY, date(2026, 11, 26))
    assert str(moved) == "FREQ=WEEKLY;BYDAY=WE,TH"
    assert str(read_rule("FREQ=MONTHLY;BYDAY=4TU").moved(TUESDAY, date(2026, 12, 2))) == "FREQ=MONTHLY;BYDAY=1WE"
    assert (
        str(read_rule("FREQ=MONTHLY;BYMONTHDAY=24").moved(TUESDAY, date(2026, 11, 25))) == "FREQ=MONTHLY;BYMONTHDAY=25"
    )
    assert str(read_rule("FREQ=DAILY;INTERVAL=2").moved(TUESDAY, date(2026, 11, 25))) == "FREQ=DAILY;INTERVAL=2"
    with pytest.raises(BadRule):
        read_rule("FREQ=YEARLY;BYWEEKNO=20").moved(TUESDAY, date(2026, 11, 25))


def test_nine_o_clock_stays_nine_o_clock_when_the_clock_changes() -> None:
    before = at_clock(date(2027, 3, 27), time(9), AMSTERDAM)
    after = days_later(before, 1, AMSTERDAM)

    assert (before.astimezone(UTC).hour, after.astimezone(UTC).hour) == (8, 7)
    assert days_later(at_clock(date(2026, 10, 24), time(9), AMSTERDAM), 1, AMSTERDAM).astimezone(UTC).hour == 8


def test_an_hour_that_does_not_exist_is_the_hour_after_and_one_that_comes_twice_is_the_first() -> None:
    assert at_clock(date(2027, 3, 28), time(2, 30), AMSTERDAM).strftime("%H:%M") == "03:30"
    assert at_clock(date(2026, 10, 25), time(2, 30), AMSTERDAM).astimezone(UTC) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_a_reminder_is_so_long_before_on_the_clock_of_its_colleague() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")

    assert reminder_at(TUESDAY, time(10), 60, AMSTERDAM) == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert reminder_at(TUESDAY, None, 0, tokyo) == datetime(2026, 11, 24, 0, tzinfo=UTC)
    assert reminder_at(None, time(10), 60, AMSTERDAM) is None
