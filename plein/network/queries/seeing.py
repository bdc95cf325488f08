# SPDX-License-Identifier: AGPL-3.0-or-later
"""Through what one looks at the network: which ties, of which period, and whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from plein.core.finding.finder import scoped
from plein.network.queries.following import Moment
from plein.network.queries.worn import WORN
from plein.network.vocabulary import Ground
from plein.relations.models import Membership, Relation
from plein.trust.models import Team, TeamMember


class Period(StrEnum):
    """Of when a tie has to be."""

    NOW = "now"
    QUARTER = "90d"
    YEAR = "365d"
    EVER = "ever"


DAYS = {Period.QUARTER: 90, Period.YEAR: 365}
#: Of a pair from which something was taken away, the last day is only known from the moments themselves.
_LATELY = f"""
    (h.ground <> 0 OR EXISTS (
        SELECT FROM network_contact c
         WHERE {{c}} AND c.low_id = least(h.near_id, h.far_id) AND c.high_id = greatest(h.near_id, h.far_id)
           AND c.last_at >= %(since)s AND (NOT c.is_worn OR EXISTS (
               SELECT {WORN} AND p.relation_id = h.near_id AND q.relation_id = h.far_id
                  AND m.occurred_at >= %(since)s))))
"""


@dataclass(frozen=True, slots=True)
class Lens:
    """Which ties a picture is made of, and who is shown.

    grounds  what makes a tie; all of it when empty
    period   ties of today, ties that held or contact that was in the last so many days, or all there ever were
    among    who is shown, with those in between; everybody when it is None
    """

    grounds: tuple[Ground, ...] = ()
    period: Period = Period.NOW
    among: frozenset[UUID] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it shows everything that is of today."""
        return not self.grounds and self.is_of_now and self.among is None

    @property
    def is_of_now(self) -> bool:
        """Whether it shows ties of today."""
        return self.period == Period.NOW

    def conditions(self) -> str:
        """What the ties `h` must be."""
        grounds = ",".join(str(ground.value) for ground in self.grounds or tuple(Ground))
        told = [
            "h.is_used",
            f"h.ground IN ({grounds})",
            "(h.starts_on IS NULL OR h.starts_on <= %(today)s)",
            "(h.ends_on IS NULL OR h.ends_on >= %(held)s)",
        ]
        if self.period in DAYS:
            told.append(_LATELY)
        return " AND ".join(told)

    def values(self, moment: Moment) -> dict[str, date | datetime]:
        """The days that stand in the conditions."""
        days = DAYS.get(self.period)
        held = date.min if self.period == Period.EVER else moment.today - timedelta(days=days or 0)
        return {"today": moment.today, "held": held, "since": moment.at - timedelta(days=days or 0)}


OPEN = Lens()


def ask(sql: str, lens: Lens, moment: Moment, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that has `@conditions@` where the ties `h` are chosen."""
    asked: Mapping[str, Any] = {**lens.values(moment), **values}
    with connection.cursor() as cursor:
        cursor.execute(scoped(sql.replace("@conditions@", lens.conditions())), asked)
        return list(cursor.fetchall())


def of_today(moment: Moment) -> Q:
    """What memberships must be to count today."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=moment.today)
    return begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=moment.today))


def members_of(group: Relation | Team, moment: Moment) -> frozenset[UUID]:
    """Who belongs to an organization today, itself included, or to a team of ours; one query."""
    if isinstance(group, Team):
        seats = TeamMember.objects.filter(team=group).values("seat_id")
        return frozenset(Relation.objects.filter(kind="person", seat_id__in=seats).values_list("id", flat=True))
    found = Membership.objects.filter(of_today(moment), organization=group).values_list("person_id", flat=True)
    return frozenset({group.id, *found})
