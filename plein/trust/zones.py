# SPDX-License-Identifier: AGPL-3.0-or-later
"""The time zone somebody lives in: days begin and reminders come by their clock, not by the server's."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from plein.trust.models import User

#: The parts of the world that IANA's names begin with; the rest are old spellings.
PARTS = ("Europe", "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Indian", "Pacific")


@cache
def known_zones() -> frozenset[str]:
    """The names of all time zones that people live in."""
    return frozenset(name for name in available_timezones() if name.partition("/")[0] in PARTS) | {"UTC"}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_of(user: User) -> ZoneInfo:
    """The time zone of a user; a name that is unknown counts as the one of this Plein."""
    name = user.time_zone if user.time_zone in known_zones() else timezone.get_default_timezone_name()
    return _zone(name)


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones by part of the world, as a form offers them."""
    names = sorted(known_zones() - {"UTC"}, key=lambda name: (PARTS.index(name.partition("/")[0]), name))
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        part, _slash, place = name.partition("/")
        groups.setdefault(part, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [*groups.items(), ("UTC", [("UTC", "UTC")])]
