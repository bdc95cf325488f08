# SPDX-License-Identifier: AGPL-3.0-or-later
"""How strength is measured here, and what another measure would make of the ties one has."""

from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from math import log
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.core.isolation import Context, current
from plein.network.models import Measuring
from plein.network.strength import cost_of, faded, strength_of
from plein.network.vocabulary import MEASURE, Ground, Measure
from plein.relations.models import Relation

#: How many ties a preview shows.
SHOWN = 12
_STRONGEST = """
    SELECT h.far_id, max(h.weight) FROM network_half h
     WHERE {h} AND h.near_id = %(near)s AND h.ground = 0 AND h.is_used AND h.to_person
     GROUP BY h.far_id ORDER BY max(h.weight) DESC, h.far_id LIMIT %(limit)s
"""
_WOULD_BE = """
    SELECT CASE WHEN w.low = %(near)s THEN w.high ELSE w.low END, w.sum_out, w.sum_in
      FROM plein_network_would_be(%(near)s, %(others)s, %(half_life)s, %(weights)s, %(crowd)s) w
      JOIN network_contact c ON {c} AND c.low_id = w.low AND c.high_id = w.high AND c.circle_id = w.circle
     WHERE w.sum_out + w.sum_in > 0
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """A tie as it is and as it would be; strengths from 0 to 1."""

    relation: Relation
    strength: float
    would_be: float


#: The half-life as it was found in a context, which is a request: asked once, whatever a page asks the network.
_found: ContextVar[tuple[Context, timedelta] | None] = ContextVar("plein_half_life", default=None)


def half_life() -> timedelta:
    """After how long half of a contact is left in this company; one query, once a request."""
    found = _found.get()
    if found is not None and found[0] is current():
        return found[1]
    return remember_half_life(Measuring.objects.values_list("half_life", flat=True).first())


def remember_half_life(days: int | None) -> timedelta:
    """It was found along with something else."""
    answer = MEASURE.half_life if days is None else timedelta(days=days)
    _found.set((current(), answer))
    return answer


def forget_half_life() -> None:
    """It is another one from now on."""
    _found.set(None)


def measure() -> Measure:
    """How this company measures; one query."""
    found = Measuring.objects.first()
    if found is None:
        return MEASURE
    return replace(
        MEASURE,
        half_life=timedelta(days=found.half_life),
        reciprocity=found.reciprocity,
        even=found.even,
        crowd=found.crowd,
        weights=MEASURE.weights | found.weights,
        floors=MEASURE.floors | {Ground(int(key)): floor for key, floor in found.floors.items()},
    )


def is_own_measure() -> bool:
    """Whether this company measures otherwise than Plein."""
    return Measuring.objects.exists()


def weight_of(sum_out: float, sum_in: float, measured: Measure) -> float:
    """The logarithm of a sum of contact, as the database takes it (`plein_network_weight`)."""
    total = sum_out + sum_in
    evenness = 2 * min(sum_out, sum_in) / total
    kept = max(measured.reciprocity + (1 - measured.reciprocity) * evenness, 1e-9)
    return log(total) - log(measured.even) + log(kept)


def effects(wanted: Measure, seat_id: UUID) -> list[Effect]:
    """What another measure would make of the strongest contact of a colleague, the strongest first; four queries."""
    near = Relation.objects.filter(kind="person", seat_id=seat_id).values_list("id", flat=True).first()
    if near is None:
        return []
    at = now()
    present, other = faded(at, half_life()), faded(at, wanted.half_life)
    weights = dict(_rows(_STRONGEST, near=near, limit=SHOWN))
    would: dict[UUID, float] = {}
    values: dict[str, Any] = {
        "half_life": wanted.half_life.total_seconds(),
        "weights": Jsonb({str(kind): worth for kind, worth in wanted.weights.items()}),
        "crowd": wanted.crowd,
    }
    for far, sum_out, sum_in in _rows(_WOULD_BE, near=near, others=list(weights), **values):
        strength = _strength(weight_of(float(sum_out), float(sum_in), wanted), other)
        would[far] = max(strength, would.get(far, 0.0))
    people = Relation.objects.in_bulk(list(weights))
    return [
        Effect(people[far], _strength(weight, present), would.get(far, 0.0))
        for far, weight in weights.items()
        if far in people
    ]


def _strength(weight: float, fading: float) -> float:
    return strength_of(cost_of(weight, is_lasting=False, fading=fading))


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(scoped(sql), values)
        return list(cursor.fetchall())
