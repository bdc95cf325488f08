# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom we know together: who of us knows an organization best, whom one of us alone, and what has fallen silent.

"We" are the people of this company who sign in, as far as the reader sees them. Each answer is of ties that the
reader may see.
"""

from dataclasses import dataclass
from datetime import datetime
from math import log, prod
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from plein.consent.models import Restriction
from plein.network.models import Half
from plein.network.queries.following import PEOPLE, this_moment
from plein.network.queries.measuring import half_life
from plein.network.queries.reaching import COST, ask
from plein.network.queries.seeing import of_today
from plein.network.queries.worn import WORN
from plein.network.strength import COOL, ENOUGH, cost_of, faded, strength_of
from plein.network.vocabulary import ACQUAINTANCE, LANDMARK
from plein.relations.models import Membership, Relation

#: From which strength on, at the last contact, a tie counts as having been strong.
STRONG = 0.5
#: So many people at an organization are named for each of us.
NAMED = 5
_KNOWN = f"""
    SELECT h.far_id AS id, h.near_id AS who, min({COST}) AS cost FROM unnest(%(ours)s::uuid[]) u (id)
      JOIN network_half h ON {{h}} AND h.near_id = u.id AND h.to_person AND @conditions@
     WHERE h.far_id <> ALL (%(ours)s::uuid[])
     GROUP BY h.far_id, h.near_id
"""
_ALONE = f"""
    WITH alone AS MATERIALIZED (
        SELECT f.id, (array_agg(f.who))[1] AS who, min(f.cost) AS cost FROM ({_KNOWN}) f
         GROUP BY f.id HAVING count(*) = 1)
    SELECT f.who, NULL::uuid, NULL::float8, count(*) FROM alone f GROUP BY f.who
     UNION ALL
    (SELECT f.who, f.id, f.cost, 0 FROM alone f WHERE f.who = ANY (%(whose)s::uuid[])
      ORDER BY round(f.cost::numeric, 9), f.id LIMIT %(limit)s OFFSET %(offset)s)
"""
_THERE = f"""
    SELECT h.near_id, h.far_id, min({COST}) FROM unnest(%(ours)s::uuid[]) u (id)
      JOIN network_half h ON {{h}} AND h.near_id = u.id AND @conditions@
     WHERE h.far_id = ANY (%(there)s::uuid[]) AND h.far_id <> ALL (%(ours)s::uuid[])
     GROUP BY h.near_id, h.far_id
"""
#: Of a pair from which something was taken away, the days are looked up among what the reader sees.
_SILENT = f"""
    WITH pairs AS MATERIALIZED (
        SELECT h.near_id AS who, h.far_id AS id, max(h.weight) AS weight, sum(c.moments) AS moments,
               min(c.first_at) AS first_at, max(c.last_at) AS last_at, bool_or(c.is_worn) AS is_worn
          FROM unnest(%(whose)s::uuid[]) u (id)
          JOIN network_half h ON {{h}} AND h.near_id = u.id AND h.ground = 0 AND h.to_person AND @conditions@
          JOIN network_contact c ON {{c}} AND c.low_id = least(h.near_id, h.far_id)
               AND c.high_id = greatest(h.near_id, h.far_id) AND c.circle_id = h.circle_id
         WHERE h.far_id <> ALL (%(ours)s::uuid[])
         GROUP BY h.near_id, h.far_id HAVING sum(c.moments) >= {ENOUGH}
    ), days AS MATERIALIZED (
        SELECT f.who, f.id, f.weight, f.moments, coalesce(worn.first_at, f.first_at) AS first_at,
               coalesce(worn.last_at, f.last_at) AS last_at
          FROM pairs f
          LEFT JOIN LATERAL (
               SELECT min(m.occurred_at) AS first_at, max(m.occurred_at) AS last_at
                 {WORN} AND f.is_worn AND p.relation_id = f.who AND q.relation_id = f.id) worn ON f.is_worn
    ), silent AS MATERIALIZED (
        SELECT f.*, ln(2) * extract(epoch FROM f.last_at - %(landmark)s)::float8 / %(half_life)s AS behind
          FROM days f
         WHERE %(at)s - f.last_at > {COOL} * (f.last_at - f.first_at) / (f.moments - 1)::float8
    )
    SELECT f.who, f.id, f.weight, f.moments::int, f.first_at, f.last_at, count(*) OVER () FROM silent f
     WHERE f.weight - f.behind >= %(least)s
     ORDER BY round((f.weight - f.behind)::numeric, 9) DESC, f.id, f.who LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class Alone:
    """Somebody whom one of us alone knows, and how well."""

    id: UUID
    who: UUID
    strength: float


@dataclass(frozen=True, slots=True)
class Knower:
    """One of us who knows people at an organization: how well together, how many, and the best known of them."""

    who: UUID
    strength: float
    count: int
    best: tuple[tuple[UUID, float], ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """A tie that was strong at the last contact and is cooling since."""

    who: UUID
    id: UUID
    was: float
    strength: float
    moments: int
    first_at: datetime
    last_at: datetime


def ours() -> list[UUID]:
    """The people of this company who sign in; a query."""
    return list(
        Relation.objects.filter(kind="person", seat_id__isnull=False).order_by("id").values_list("id", flat=True)
    )


def known_alone(
    us: list[UUID], *, whose: UUID | None, limit: int = 50, offset: int = 0
) -> tuple[dict[UUID, int], list[Alone]]:
    """How many each of us alone knows, and of one of us, or of all, who, the best known first. A query."""
    moment = this_moment()
    asked = {"ours": us, "whose": us if whose is None else [whose], "limit": limit, "offset": offset}
    found = ask(_ALONE, PEOPLE, moment, behind=moment.fading, **asked)
    counts = {who: count for who, id, _cost, count in found if id is None}
    rows = [Alone(id, who, strength_of(cost)) for who, id, cost, _count in found if id is not None]
    return counts, rows


def who_knows(us: list[UUID], organization: UUID) -> list[Knower]:
    """Who of us knows the people at an organization, or the organization itself, best. Two queries.

    The strengths count together as chances that one of them opens the door: one less what each leaves over.
    """
    moment = this_moment()
    members = Membership.objects.filter(of_today(moment), organization_id=organization)
    there = [organization, *members.values_list("person_id", flat=True)]
    known: dict[UUID, list[tuple[UUID, float]]] = {}
    for who, id, cost in ask(_THERE, PEOPLE, moment, ours=us, there=there, behind=moment.fading):
        known.setdefault(who, []).append((id, strength_of(cost)))
    told = []
    for who, them in known.items():
        them.sort(key=lambda one: (-round(one[1], 9), one[0].int))
        together = 1 - prod(1 - strength for _id, strength in them)
        told.append(Knower(who, together, len(them), tuple(them[:NAMED])))
    return sorted(told, key=lambda one: (-round(one.strength, 9), one.who.int))


def fallen_silent(us: list[UUID], *, whose: UUID | None, limit: int = 50, offset: int = 0) -> tuple[int, list[Silent]]:
    """How many ties of one of us, or of all, were strong and are silent, and a page of them, once strongest first."""
    moment = this_moment()
    found = ask(
        _SILENT,
        PEOPLE,
        moment,
        ours=us,
        whose=us if whose is None else [whose],
        landmark=LANDMARK,
        half_life=half_life().total_seconds(),
        least=log(STRONG / (1 - STRONG)),
        limit=limit,
        offset=offset,
    )
    lasting = half_life()
    rows = [
        Silent(who, id, _strength(weight, faded(last, lasting)), _strength(weight, moment.fading), moments, first, last)
        for who, id, weight, moments, first, last, _count in found
    ]
    return (found[0][-1] if found else 0), rows


def _strength(weight: float, fading: float) -> float:
    return strength_of(cost_of(weight, is_lasting=False, fading=fading))


def known_to(us: Any, ties: QuerySet[Half] | None = None) -> QuerySet[Any, Any]:
    """The people whom these of us know, by id, as a query in a query."""
    found = Half.objects.all() if ties is None else ties
    found = found.filter(of_today(this_moment()), is_used=True, to_person=True, ground__in=ACQUAINTANCE)
    return found.filter(near_id__in=us).values("far_id")


def unmet_where(us: Any) -> Q:
    """People whom nobody of us knows, and who are none of us.

    Somebody whose data are not used is not among them: that nobody knows them would not be true.
    """
    unused = Restriction.objects.filter(subject__relation_id=OuterRef("id"))
    return Q(seat_id__isnull=True) & ~Q(id__in=known_to(us)) & ~Q(Exists(unused))


def alone_where(those: Any, us: Any) -> Q:
    """People whom one of these knows and nobody else of us."""
    alone = known_to(us).annotate(knowers=Count("near_id", distinct=True)).filter(knowers=1)
    return Q(seat_id__isnull=True, id__in=known_to(those)) & Q(id__in=alone.values("far_id"))


def unmet(us: list[UUID], kind: str = "person") -> QuerySet[Relation]:
    """People whom nobody of us knows, or organizations where nobody of us knows anybody; no query yet."""
    found: QuerySet[Relation] = Relation.objects.filter(kind=kind)
    if kind == "person":
        return found.filter(unmet_where(us))
    moment = this_moment()
    roles = Membership.objects.filter(of_today(moment)).filter(Q(person_id__in=known_to(us)) | Q(person_id__in=us))
    tied = Half.objects.filter(of_today(moment), is_used=True, to_person=False, near_id__in=us)
    return found.exclude(id__in=tied.values("far_id")).exclude(id__in=roles.values("organization_id"))
