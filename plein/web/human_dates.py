# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times as people say them: today 11.30, 19 November, 12 Mar 2025, in 50 minutes."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plein.core.ids import now

Moment = datetime | date


def local(value: Moment) -> Moment:
    """Bring a moment to the reader's own time zone."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day_of(value: Moment) -> date:
    """Say on which day a moment falls for the reader."""
    here = local(value)
    return here.date() if isinstance(here, datetime) else here


def today() -> date:
    """The day it is where the reader is."""
    return timezone.localdate(now())


def clock(value: Moment) -> str:
    """Write the hour with a dot and 24 hours: 8.45, 16.30."""
    here = local(value)
    return f"{here.hour}.{here.minute:02d}" if isinstance(here, datetime) else ""


def short_date(value: Moment) -> str:
    """Write a day as briefly as it stays clear: 19 November this year, 12 Mar 2025 otherwise."""
    day = day_of(value)
    if day.year == today().year:
        return date_format(day, "j F")
    # English writes the names of months with a capital, and Dutch does not.
    return date_format(day, "j M Y" if (get_language() or "en").startswith("en") else "j b Y")


def long_date(value: Moment) -> str:
    """Write a day with its month and year in full."""
    return date_format(day_of(value), "j F Y")


def when(value: Moment) -> str:
    """Say when something is or was, near days with the hour and far days without."""
    time = clock(value)
    match (day_of(value) - today()).days:
        case 0:
            return _("Today %(time)s") % {"time": time} if time else _("Today")
        case -1:
            return _("Yesterday %(time)s") % {"time": time} if time else _("Yesterday")
        case 1:
            return _("Tomorrow %(time)s") % {"time": time} if time else _("Tomorrow")
    return short_date(value)


def day_head(value: Moment) -> str:
    """Name a day above the moments that fall on it."""
    day = day_of(value)
    match (day - today()).days:
        case 0:
            return _("Today")
        case -1:
            return _("Yesterday")
        case 1:
            return _("Tomorrow")
    return date_format(day, "j F" if day.year == today().year else "j F Y")


def due(value: Moment) -> str:
    """Say when something is due, using the weekday for the coming week."""
    days = (day_of(value) - today()).days
    if days in (0, -1, 1):
        return {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}[days]
    return date_format(day_of(value), "D") if 1 < days < 7 else short_date(value)


def is_late(value: Moment) -> bool:
    """Say whether a due moment has passed."""
    if isinstance(value, datetime):
        return value < now()
    return value < today()


def full_time(value: Moment) -> str:
    """Write a moment in full, for whoever points at it."""
    time = clock(value)
    return _("%(date)s, %(time)s") % {"date": long_date(value), "time": time} if time else long_date(value)


def apart(distance: timedelta) -> str:
    """Measure a stretch of time in its largest sensible unit."""
    minutes = int(abs(distance).total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if minutes < 24 * 60:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    if days >= 730:
        return ngettext("%(count)s year", "%(count)s years", days // 365) % {"count": days // 365}
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def from_now(value: datetime) -> str:
    """Say how far away a moment is: in 50 minutes, 41 days ago."""
    distance = value - now()
    if abs(distance) < timedelta(minutes=1):
        return _("now")
    if distance > timedelta(0):
        return _("in %(time)s") % {"time": apart(distance)}
    return _("%(time)s ago") % {"time": apart(distance)}


def time_html(value: Moment | None, style: str = "when") -> SafeString | str:
    """Mark up a moment so that people read it short and machines and pointers read it in full."""
    if value is None:
        return ""
    words = {"when": when, "clock": clock, "due": due, "short": short_date, "long": long_date}[style](value)
    late = ' class="late"' if style == "due" and is_late(value) else ""
    template = f'<time{late} datetime="{{}}" title="{{}}">{{}}</time>'
    return format_html(template, local(value).isoformat(), full_time(value), words)
