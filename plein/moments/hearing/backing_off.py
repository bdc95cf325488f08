# SPDX-License-Identifier: AGPL-3.0-or-later
"""When to try again: later each time, not all at once, and not before the other side asked."""

import random
from datetime import timedelta

from plein.channels.models import Connection
from plein.channels.websub import TOLD_EVERY, is_told

#: How often an account is visited.
EVERY = timedelta(minutes=1)
FIRST, LONGEST = 30.0, 3600.0
#: Nobody has to be waited for longer than this, whatever they ask.
AT_MOST = 24 * 3600.0


def pause_after(failures: int, retry_after: float | None = None) -> timedelta:
    """How long to wait after so many failures in a row: double each time, up to an hour, give or take a quarter."""
    wait = min(FIRST * 2 ** min(max(failures - 1, 0), 10), LONGEST) * random.uniform(0.75, 1.25)  # noqa: S311
    return timedelta(seconds=min(max(wait, retry_after or 0.0), AT_MOST))


def until_next(connection: Connection) -> timedelta:
    """How long until an account that is well is visited again: one that tells of its news may wait."""
    return TOLD_EVERY if is_told(connection) else EVERY
