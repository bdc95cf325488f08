# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long another machine asks us to wait, in whichever of the usual ways it says so."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from plein.core.ids import now

#: Longer than this nobody means.
LONGEST = 24 * 3600.0


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds of Retry-After, or until the limit is lifted; None when the answer does not say.

    A moment is compared with the other side's own clock when it shows it, because clocks can be a day apart.
    """
    for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset"):
        found = _seconds(headers.get(name, "").strip(), _clock(headers))
        if found is not None:
            return min(max(found, 0.0), LONGEST)
    return None


def _clock(headers: Mapping[str, str]) -> datetime:
    return _moment(headers.get("date", "")) or now()


def _seconds(text: str, clock: datetime) -> float | None:
    if text.isascii() and text.isdigit() and len(text) < 12:
        number = int(text)
        # A large number is a moment since 1970.
        return float(number) if number < 100_000_000 else number - clock.timestamp()
    moment = _moment(text)
    return None if moment is None else (moment - clock).total_seconds()


def _moment(text: str) -> datetime | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
