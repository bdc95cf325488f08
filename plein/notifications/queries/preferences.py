# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from plein.notifications.models import Preference
from plein.notifications.vocabulary import DEFAULTS, Channel, Kind, Rhythm


def preference_of(seat: UUID) -> Preference:
    """How a colleague wants to be told; who never chose has what everybody begins with."""
    return Preference.objects.filter(seat_id=seat).first() or Preference(seat_id=seat)


def wants(preference: Preference, kind: str, channel: str) -> bool:
    """Whether somebody wants to be told this kind of thing by this means."""
    return bool(preference.grid.get(kind, {}).get(channel, DEFAULTS[kind][channel]))


def kinds_by(preference: Preference, channel: str) -> list[str]:
    """The kinds of things somebody wants to be told by this means."""
    return [str(kind) for kind in Kind if wants(preference, kind, channel)]


def is_wanted(preference: Preference, kind: str) -> bool:
    """Whether somebody wants to be told this kind of thing at all."""
    return any(wants(preference, kind, channel) for channel in Channel)


def quiet_until(preference: Preference, zone: ZoneInfo, moment: datetime) -> datetime | None:
    """When the quiet hours end that a moment falls in, by the clock of the reader; None outside them."""
    begin, end = preference.quiet_from, preference.quiet_until
    if not preference.has_quiet_hours or begin == end:
        return None
    here = moment.astimezone(zone)
    clock = here.time()
    is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not is_quiet:
        return None
    day = here.date() if clock < end else here.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=zone)


def next_digest(preference: Preference, zone: ZoneInfo, moment: datetime) -> datetime:
    """When the next mail is due after a moment: at the whole hour, or at the chosen hour of the reader's day."""
    here = moment.astimezone(zone)
    if preference.rhythm == Rhythm.HOURLY:
        whole = (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        return quiet_until(preference, zone, whole) or whole
    at = here.replace(hour=preference.mail_hour, minute=0, second=0, microsecond=0)
    if at <= here:
        tomorrow = here.date() + timedelta(days=1)
        at = datetime.combine(tomorrow, at.timetz().replace(tzinfo=None), tzinfo=zone)
    return at
