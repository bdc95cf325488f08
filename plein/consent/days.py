# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date, datetime, time

from django.utils import timezone

from plein.core.ids import now


def moment_on(day: date | None) -> datetime:
    """A day as a moment in time: noon of a past one, now for today."""
    if day is None or day == timezone.localdate():
        return now()
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
