# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts pairs where whoever sees both people finds them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from plein.core.isolation import default_circle_id
from plein.identity.comparing import FIELDS
from plein.identity.models import Pair
from plein.identity.pairs import id_of_pair
from plein.identity.queries.apart import pairs_apart
from plein.relations.models import Relation
from plein.trust.circles import circle_of_all

_LEVELS = {field.key: [level.key for level in field.levels] for field in FIELDS}


def forget_older(run_id: UUID) -> None:
    """Pairs that one sees and that an earlier run found are of no use any more; what an import asks stays asked."""
    Pair.objects.exclude(run_id=run_id).filter(brought_by__isnull=True).delete()


def write_pairs(
    run_id: UUID,
    prior: float,
    found: Sequence[tuple[Any, ...]],
    known: Sequence[tuple[UUID, int, Mapping[str, str]]],
    together: Mapping[int, int],
    fields: Sequence[str],
) -> None:
    """Pairs of a run, without those of whom somebody is gone and those who were said to be two; some queries."""
    ids = {known[number][0] for pair in found for number in pair[:2]}
    there = set(Relation.objects.filter(id__in=ids).values_list("id", flat=True))
    apart = pairs_apart(ids)
    meeting = cache(_meeting)
    made = []
    for one, other, bits, *rest in found:
        left, right = sorted((known[one], known[other]), key=lambda person: person[0])
        if not {left[0], right[0]} <= there or apart & {(left[0], right[0]), (right[0], left[0])}:
            continue
        is_together = one in together and together[one] == together.get(other)
        circle = meeting(left[1], right[1])
        made.append(
            Pair(
                id=id_of_pair(left[0], right[0], circle),
                one_id=left[0],
                other_id=right[0],
                own_circle_id=circle,
                bits=bits,
                prior=prior,
                levels=list(_told(fields, rest)),
                group_id=known[together[one]][0] if is_together else None,
                run_id=run_id,
            )
        )
    Pair.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)


def _meeting(one: int, other: int) -> int | None:
    """Who saw both when they were compared; nothing for everyone."""
    if not (one or other):
        return None
    return circle_of_all([circle or default_circle_id() for circle in (one, other)])


def _told(fields: Sequence[str], rest: Sequence[Any]) -> Iterable[list[Any]]:
    for place, field in enumerate(fields):
        level, bits = rest[2 * place], rest[2 * place + 1]
        if level is not None:
            yield [field, _LEVELS[field][level], round(bits, 3)]
