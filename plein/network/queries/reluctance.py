# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who would rather not be asked: about one person, or, as their answers show, at all.

What somebody answered must not be read from a number that changes (ADR 0033). So answers count from the first day of
the next month on, in steps, and noes only together: at least three, to at least two askers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import floor, log
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from plein.core.isolation import workspace_id
from plein.network.queries.following import Moment
from plein.network.queries.measuring import remember_half_life
from plein.relations.models import Relation

#: Answers of a year count, and fewer noes than these, to fewer askers, count for nothing.
YEAR, TOGETHER, ASKERS = timedelta(days=365), 3, 2
#: Willingness comes in so many steps.
STEPS = 4
_ASKED = """
    SELECT r.person_id::text, r.target_id::text, 0, 0 FROM network_refusal r
     WHERE r.workspace_id = %(workspace)s AND r.target_id = ANY (%(targets)s::uuid[])
       AND (r.seat_id IS NULL OR r.seat_id = %(seat)s) AND (r.until IS NULL OR r.until > %(at)s)
     UNION ALL
    SELECT a.person_id::text, NULL, count(*) FILTER (WHERE a.is_yes), count(*) FILTER (WHERE NOT a.is_yes)
      FROM network_answer a
     WHERE a.workspace_id = %(workspace)s AND a.at >= %(since)s AND a.at < %(month)s
     GROUP BY a.person_id
    HAVING count(*) FILTER (WHERE NOT a.is_yes) >= %(together)s
       AND count(DISTINCT a.seat_id) FILTER (WHERE NOT a.is_yes) >= %(askers)s
     UNION ALL
    SELECT NULL, NULL, (SELECT m.half_life FROM network_measuring m WHERE m.workspace_id = %(workspace)s), 0
"""


@dataclass(frozen=True, slots=True)
class Reluctance:
    """Who is not asked about which of the targets, and how much a path gets longer through whom."""

    refused: frozenset[tuple[str, str]] = frozenset()
    costs: Mapping[str, float] = field(default_factory=dict)

    def refuses(self, person: str, target: str) -> bool:
        """Whether somebody is not asked about a target."""
        return (person, target) in self.refused

    def cost(self, person: str) -> float:
        """How much longer a path is through somebody: less the logarithm of their willingness."""
        return self.costs.get(person, 0.0)

    def cost_of(self, path: Sequence[str]) -> float:
        """What the willingness of everybody on a path adds to it; its target is not asked."""
        return sum(self.cost(one) for one in path[:-1])


NOBODY = Reluctance()


def willingness(yes: int, no: int) -> float:
    """How willing somebody is to introduce, who answered so often yes and no: smoothed, in steps, never nothing."""
    return max(floor(STEPS * (1 + yes) / (1 + yes + no)), 1) / STEPS


def reluctance_of(targets: Iterable[str], moment: Moment, seat_id: UUID | None = None) -> Reluctance:
    """What is known of everybody's willingness, for an asker who is not asked themselves; two queries."""
    month = timezone.localtime(moment.at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {
        "workspace": workspace_id(),
        "targets": list(targets),
        "seat": seat_id,
        "at": moment.at,
        "since": month - YEAR,
        "month": month,
        "together": TOGETHER,
        "askers": ASKERS,
    }
    refused, costs = set(), {}
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, values)
        for person, target, yes, no in cursor.fetchall():
            if person is None:
                # What fades is asked in every search, too: one statement less.
                remember_half_life(yes)
            elif target is not None:
                refused.add((person, target))
            elif (share := willingness(yes, no)) < 1:
                costs[person] = -log(share)
    if refused or costs:
        refused, costs = _without_oneself(refused, costs, seat_id)
    return Reluctance(frozenset(refused), costs)


def _without_oneself(
    refused: set[tuple[str, str]], costs: dict[str, float], seat_id: UUID | None
) -> tuple[set[tuple[str, str]], dict[str, float]]:
    """The asker asks nobody in their own name, wherever on a path they stand."""
    if seat_id is None:
        return refused, costs
    own = {str(one) for one in Relation.objects.filter(seat_id=seat_id).values_list("id", flat=True)}
    return {pair for pair in refused if pair[0] not in own}, {
        one: cost for one, cost in costs.items() if one not in own
    }
