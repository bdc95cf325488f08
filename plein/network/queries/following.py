# SPDX-License-Identifier: AGPL-3.0-or-later
"""One step through the network: the ties from some relations to others, as far as the reader may see them.

The workspace and the circles stand there as literals (lock 2), and row-level security asks again (lock 1). Whether a
tie is of today, and whether somebody may be asked, is decided here too: never afterwards, when a better path that was
not allowed would already have displaced one that is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.network.queries.measuring import half_life
from plein.network.strength import cost_of, faded, weight_within
from plein.network.vocabulary import ACQUAINTANCE, Ground

#: Ids are text here, which is several times quicker to read than UUIDs.
type Id = str


@dataclass(frozen=True)
class Moment:
    """The moment at which a question is asked: what fades, what is of today, and what was said to be allowed."""

    at: datetime
    today: date

    @cached_property
    def fading(self) -> float:
        """What contact has faded by: to be taken off its weights."""
        return faded(self.at, half_life())


def this_moment() -> Moment:
    """Now; of what day that is, the place of this Plein decides for everybody."""
    at = now()
    return Moment(at, at.astimezone(timezone.get_default_timezone()).date())


@dataclass(frozen=True, slots=True)
class Way:
    """Which ties a question follows.

    grounds      what makes a tie
    to_ask       only ties that may be used in asking for an introduction
    only_askable only to people who may be asked
    """

    grounds: tuple[Ground, ...] = ACQUAINTANCE
    to_ask: bool = False
    only_askable: bool = False

    def conditions(self) -> str:
        """What the ties `h` must be."""
        grounds = ",".join(str(ground.value) for ground in self.grounds)
        told = [
            "h.is_used",
            f"h.ground IN ({grounds})",
            "(h.starts_on IS NULL OR h.starts_on <= %(today)s)",
            "(h.ends_on IS NULL OR h.ends_on >= %(today)s)",
        ]
        if self.to_ask:
            told.append("h.is_shared")
        if self.only_askable:
            told.append("h.asked_until > %(at)s")
        return " AND ".join(told)


PEOPLE = Way()
#: Two branches, because a lasting tie and one that fades have thresholds of their own in the same index.
_STEP = """
    SELECT u.place, h.far_id::text, false, h.weight, h.to_person, h.asked_until > %(at)s
      FROM unnest(%(ids)s::uuid[], %(fading)s::float8[]) WITH ORDINALITY u (id, least, place)
      JOIN network_half h ON {h} AND h.near_id = u.id AND NOT h.is_lasting AND h.weight >= u.least AND @conditions@
     UNION ALL
    SELECT u.place, h.far_id::text, true, h.weight, h.to_person, h.asked_until > %(at)s
      FROM unnest(%(ids)s::uuid[], %(lasting)s::float8[]) WITH ORDINALITY u (id, least, place)
      JOIN network_half h ON {h} AND h.near_id = u.id AND h.is_lasting AND h.weight >= u.least AND @conditions@
"""


class Neighbour(NamedTuple):
    """The strongest tie from one relation to another that the reader may see; there are thousands in an answer."""

    cost: float
    is_person: bool
    is_askable: bool


def neighbours(
    within: Mapping[Id, float] | Iterable[Id], moment: Moment, way: Way = PEOPLE
) -> dict[Id, dict[Id, Neighbour]]:
    """The neighbours of these relations; of each no farther than the cost it is given with, if it is. One query."""
    bounds = dict(within) if isinstance(within, Mapping) else dict.fromkeys(within, float("inf"))
    if not bounds:
        return {}
    fading, is_open = moment.fading, float("-inf")
    values: dict[str, Any] = {
        "ids": list(bounds),
        "fading": [is_open if b == float("inf") else weight_within(b, is_lasting=False, fading=fading) - 1e-9
                   for b in bounds.values()],
        "lasting": [is_open if b == float("inf") else weight_within(b, is_lasting=True, fading=fading) - 1e-9
                    for b in bounds.values()],
        "today": moment.today,
        "at": moment.at,
    }  # fmt: skip
    found: dict[Id, dict[Id, Neighbour]] = {}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_STEP).replace("@conditions@", way.conditions()), values)
        ids = values["ids"]
        for place, far, is_lasting, weight, is_person, is_askable in cursor.fetchall():
            cost = cost_of(weight, is_lasting=is_lasting, fading=fading)
            theirs = found.setdefault(ids[place - 1], {})
            known = theirs.get(far)
            if known is None or cost < known.cost:
                theirs[far] = Neighbour(cost, is_person, is_askable)
    return found
