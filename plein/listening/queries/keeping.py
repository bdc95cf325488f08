# SPDX-License-Identifier: AGPL-3.0-or-later
"""The day of somebody who listens so many minutes a network: what they are done with, and what that took today."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, UUIDField, Value
from django.utils import timezone

from plein.core.ids import now
from plein.listening.models import Listened, Minutes
from plein.listening.vocabulary import BACK

#: How a network is written down.
LONGEST_NETWORK = 20


@dataclass(frozen=True, slots=True)
class Day:
    """How many minutes a network somebody listens a day, 0 for as long as they like; what today took on each network;
    and all that they are done with, of any day.
    """

    minutes: int = 0
    spent: dict[str, float] = field(default_factory=dict)
    done: frozenset[UUID] = frozenset()


def today() -> date:
    """The day, where the reader is: tomorrow the minutes are whole again."""
    return timezone.localdate(now())


def day_of(seat_id: UUID) -> Day:
    """How far somebody is today, on whichever device: one statement."""
    here = today()
    nothing, nowhere = Value(None, UUIDField()), Value("", CharField())
    chosen = Minutes.objects.filter(seat_id=seat_id).values_list(nothing, Value(None, DateField()), nowhere, "minutes")
    lately = Listened.objects.filter(seat_id=seat_id, day__gte=here - BACK)
    rows: Any = lately.values_list("moment_id", "day", "network", "minutes").union(chosen, all=True)
    minutes, spent, done = 0, defaultdict[str, float](float), set[UUID]()
    for moment_id, day, network, took in rows:
        if moment_id is None:
            minutes = int(took)
            continue
        done.add(moment_id)
        if day == here:
            spent[network] += took
    return Day(minutes, dict(spent), frozenset(done))
