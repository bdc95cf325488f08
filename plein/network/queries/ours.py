# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom we know together: who of us knows an organization best, whom one of us alone, and what has fallen silent.

"We" are the people of this company who sign in, as far as the reader sees them. Each answer is of ties that the
reader may see.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import log, prod
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from plein.consent.models import Restriction
from plein.network.models import Half
from plein.network.queries.following import PEOPLE, Moment, this_moment
from plein.network.queries.footing import Footing, answered
from plein.network.queries.measuring import half_life
from plein.network.queries.numbering import Floats, Numbers, halves_of, nearest, uuids_of
from plein.network.queries.reaching import DIGITS, ask
from plein.network.queries.seeing import Lens, of_today
from plein.network.queries.sketching import Canvas, on_canvas
from plein.network.queries.stepping import Ends
from plein.network.queries.tying import Ties
from plein.network.queries.worn import WORN
from plein.network.strength import COOL, ENOUGH, cost_of, faded, strength_of
from plein.network.vocabulary import ACQUAINTANCE, LANDMARK
from plein.relations.models import Membership, Relation

#: From which strength on, at the last contact, a tie counts as having been strong.
STRONG = 0.5
#: So many people at an organization are named for each of us.
NAMED = 5
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

    def look(footing: Footing) -> tuple[dict[UUID, int], list[Alone]]:
        footing.begin(frozenset(map(str, us)), frozenset())
        found, _none = footing.ends(len(us), len(us), PEOPLE)
        names = uuids_of(footing.ids(np.arange(len(us))))
        far, who, cost = _of_one(found)
        counts = np.bincount(who, minlength=len(us)).tolist()
        if whose is not None:
            mine = np.flatnonzero(who == names.index(whose)) if whose in names else np.empty(0, np.int64)
            far, who, cost = far[mine], who[mine], cost[mine]
        shown, ids = nearest(lambda one: footing.ids_of_keys(far[one]), np.round(cost, DIGITS), offset + limit)
        shown, ids = shown[offset:], ids[offset:]
        told = zip(uuids_of(ids), who[shown].tolist(), cost[shown].tolist(), strict=True)
        rows = [Alone(id, names[one], strength_of(worth)) for id, one, worth in told]
        return {one: count for one, count in zip(names, counts, strict=True) if count}, rows

    return answered(this_moment(), look)


def _of_one(found: Ends) -> tuple[Numbers, Numbers, Floats]:
    """Those to whom only one of us is tied, by whom, and how well; what is found stands in the order of whom it is."""
    cost = found.costs(np.arange(len(found.far)))
    if not len(found.far):
        return found.far, found.place, cost
    firsts = np.flatnonzero(np.concatenate(([True], found.far[1:] != found.far[:-1])))
    least, most = (each.reduceat(found.place, firsts) for each in (np.minimum, np.maximum))
    alone = np.flatnonzero(least == most)
    return found.far[firsts[alone]], least[alone], np.minimum.reduceat(cost, firsts)[alone]


def who_knows(us: list[UUID], organization: UUID) -> list[Knower]:
    """Who of us knows the people at an organization, or the organization itself, best. Two queries.

    The strengths count together as chances that one of them opens the door: one less what each leaves over.
    """
    moment = this_moment()
    members = Membership.objects.filter(of_today(moment), organization_id=organization)
    there = sorted({organization, *members.values_list("person_id", flat=True)} - set(us))
    known: dict[UUID, dict[UUID, float]] = {}
    for who, id, strength in _tied(us, there, moment):
        theirs = known.setdefault(who, {})
        theirs[id] = max(strength, theirs.get(id, 0.0))
    told = []
    for who, theirs in known.items():
        them = sorted(theirs.items(), key=lambda one: (-round(one[1], 9), one[0].int))
        together = 1 - prod(1 - strength for _id, strength in them)
        told.append(Knower(who, together, len(them), tuple(them[:NAMED])))
    return sorted(told, key=lambda one: (-round(one.strength, 9), one.who.int))


def _tied(us: list[UUID], there: list[UUID], moment: Moment) -> Iterator[tuple[UUID, UUID, float]]:
    """The ties by which any of us knows any of these."""

    everybody = [*us, *there]

    def look(canvas: Canvas) -> Ties:
        return canvas.among(canvas.numbers(halves_of(map(str, everybody))), np.arange(len(us)))

    found = on_canvas(moment, Lens(ACQUAINTANCE), look)
    for who, far, cost in zip(found.place.tolist(), found.far.tolist(), found.cost.tolist(), strict=True):
        if far >= len(us):
            yield us[who], everybody[far], strength_of(cost)


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


def is_unmet(relation: Relation) -> bool:
    """Whether nobody of us knows somebody, or anybody at an organization; a query."""
    us = Relation.objects.filter(kind="person", seat_id__isnull=False).values("id")
    return unmet(us, relation.kind).filter(id=relation.id).exists()


def unmet(us: Any, kind: str = "person") -> QuerySet[Relation]:
    """People whom nobody of us knows, or organizations where nobody of us knows anybody; no query yet."""
    found: QuerySet[Relation] = Relation.objects.filter(kind=kind)
    if kind == "person":
        return found.filter(unmet_where(us))
    moment = this_moment()
    roles = Membership.objects.filter(of_today(moment)).filter(Q(person_id__in=known_to(us)) | Q(person_id__in=us))
    tied = Half.objects.filter(of_today(moment), is_used=True, to_person=False, near_id__in=us)
    return found.exclude(id__in=tied.values("far_id")).exclude(id__in=roles.values("organization_id"))
