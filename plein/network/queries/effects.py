# SPDX-License-Identifier: AGPL-3.0-or-later
"""What another measure would make of the ties one has."""

from dataclasses import dataclass
from math import log
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from plein.core.finding.finder import scoped
from plein.network.queries.following import PEOPLE, this_moment
from plein.network.strength import cost_of, faded, strength_of
from plein.network.vocabulary import Measure
from plein.relations.models import Relation

#: How many ties a preview shows.
SHOWN = 12
#: The strength of what lasts stands there as it is; that of contact is what `strength.cost_of` makes of it.
_STRONGEST = """
    SELECT s.far_id, max(s.strength), coalesce(max(s.lasting), 0) FROM (
        SELECT h.far_id, CASE WHEN h.is_lasting THEN h.weight
                    ELSE 1 / (1 + exp(greatest(least(%(fading)s - h.weight, 700), -700))) END AS strength,
               CASE WHEN h.is_lasting THEN coalesce((%(floors)s ->> h.ground::text)::float8, h.weight) END AS lasting
          FROM network_half h WHERE {h} AND h.near_id = %(near)s AND h.to_person AND @conditions@) s
     GROUP BY s.far_id ORDER BY greatest(max(s.strength), max(s.lasting)) DESC, s.far_id LIMIT %(limit)s
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


def weight_of(sum_out: float, sum_in: float, measured: Measure) -> float:
    """The logarithm of a sum of contact, as the database takes it (`plein_network_weight`)."""
    total = sum_out + sum_in
    evenness = 2 * min(sum_out, sum_in) / total
    kept = max(measured.reciprocity + (1 - measured.reciprocity) * evenness, 1e-9)
    return log(total) - log(measured.even) + log(kept)


def effects(wanted: Measure, seat_id: UUID) -> list[Effect]:
    """What another measure would make of the strongest ties of a colleague; four queries.

    First comes who is nearest, by the measure there is or by what is noted as the other would have it.
    """
    near = Relation.objects.filter(kind="person", seat_id=seat_id).values_list("id", flat=True).first()
    if near is None:
        return []
    moment = this_moment()
    other = faded(moment.at, wanted.half_life)
    floors = Jsonb({str(ground.value): floor for ground, floor in wanted.floors.items()})
    asked = {"near": near, "fading": moment.fading, "floors": floors, "today": moment.today, "limit": SHOWN}
    found = _rows(_STRONGEST.replace("@conditions@", PEOPLE.conditions()), **asked)
    strengths = {far: strength for far, strength, _lasting in found}
    would: dict[UUID, float] = {far: lasting for far, _strength, lasting in found}
    values: dict[str, Any] = {
        "half_life": wanted.half_life.total_seconds(),
        "weights": Jsonb({str(kind): worth for kind, worth in wanted.weights.items()}),
        "crowd": wanted.crowd,
    }
    for far, sum_out, sum_in in _rows(_WOULD_BE, near=near, others=list(strengths), **values):
        strength = _strength(weight_of(float(sum_out), float(sum_in), wanted), other)
        would[far] = max(strength, would[far])
    people = Relation.objects.in_bulk(list(strengths))
    return [Effect(people[far], strength, would[far]) for far, strength in strengths.items() if far in people]


def _strength(weight: float, fading: float) -> float:
    return strength_of(cost_of(weight, is_lasting=False, fading=fading))


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(scoped(sql), values)
        return list(cursor.fetchall())
