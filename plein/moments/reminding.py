# SPDX-License-Identifier: AGPL-3.0-or-later
"""When something is due, and when its reminder is, on the clock of whoever it is for."""

from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: A to-do without an hour is remembered at the beginning of a working day.
MORNING = time(9, 0)
LONGEST_BEFORE = 31 * 24 * 60
#: How long before: minutes and words.
BEFORE = (
    (0, _("When it is due")),
    (10, _("10 minutes before")),
    (30, _("Half an hour before")),
    (60, _("An hour before")),
    (24 * 60, _("A day before")),
    (2 * 24 * 60, _("Two days before")),
    (7 * 24 * 60, _("A week before")),
)


def at_clock(day: date, clock: time, zone: tzinfo) -> datetime:
    """A time on the clock of a place as a moment.

    An hour that the clock skips when summer time begins is the hour after; of one that comes twice it is the first.
    """
    there = datetime.combine(day, clock.replace(tzinfo=None), zone)
    # By way of UTC, so that an hour that is not on the clock becomes one that is.
    return there.astimezone(ZoneInfo("UTC")).astimezone(zone)


def reminder_at(due_on: date | None, due_at: time | None, minutes_before: int | None, zone: tzinfo) -> datetime | None:
    """When to remind of what is due then, so many minutes before."""
    if due_on is None or minutes_before is None:
        return None
    return at_clock(due_on, due_at or MORNING, zone) - timedelta(minutes=minutes_before)


def days_later(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time on the clock, so many days later."""
    there = timezone.localtime(moment, zone)
    return at_clock(there.date() + timedelta(days=days), there.time(), zone)
