# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import datetime, timedelta

from plein.core.ids import now

#: For so many days ahead a device keeps whom one is going to meet.
AHEAD = timedelta(days=7)


def coming_days() -> tuple[datetime, datetime]:
    """The stretch of time in which one meets somebody soon."""
    return now() - timedelta(hours=12), now() + AHEAD
