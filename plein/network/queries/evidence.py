# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a tie rests on, as far as the reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.metadata.models import in_reader_language
from plein.network.queries.following import Moment
from plein.network.queries.worn import WORN
from plein.network.strength import cost_of, is_cooling, strength_of
from plein.network.vocabulary import Ground

#: A step: from one relation to the next.
type Pair = tuple[str, str]

_EVIDENCE = f"""
    SELECT u.near::text, u.far::text, h.ground, h.is_lasting, h.weight, h.starts_on, h.ends_on, h.origin_id,
           c.low_id = u.near, c.moments, c.written_out, c.written_in, c.called_out, c.called_in, c.chatted_out,
           c.chatted_in, c.posted_out, c.posted_in, c.together, c.sum_out::float8, c.sum_in::float8,
           coalesce(worn.first_at, c.first_at), coalesce(worn.last_at, c.last_at), f.name,
           CASE WHEN t.id IS NULL THEN NULL ELSE t.one_id = u.near END, coalesce(t.note, ''), h.is_shared,
           CASE WHEN t.one_id = u.near OR NOT y.is_directed THEN y.name_nl ELSE y.inverse_nl END,
           CASE WHEN t.one_id = u.near OR NOT y.is_directed THEN y.name_en ELSE y.inverse_en END
      FROM unnest(%(near)s::uuid[], %(far)s::uuid[]) u (near, far)
      JOIN network_half h ON {{h}} AND h.near_id = u.near AND h.far_id = u.far
      LEFT JOIN network_contact c ON {{c}} AND h.ground = 0 AND c.low_id = least(u.near, u.far)
           AND c.high_id = greatest(u.near, u.far) AND c.circle_id = h.circle_id
      LEFT JOIN relations_relation f ON {{f}} AND h.ground = 1 AND f.id = h.origin_id
      LEFT JOIN relations_tie t ON {{t}} AND h.ground >= 10 AND t.id = h.origin_id
      LEFT JOIN relations_tie_type y ON {{y}} AND y.id = t.type_id
      LEFT JOIN LATERAL (
           SELECT min(m.occurred_at) AS first_at, max(m.occurred_at) AS last_at
              {WORN} AND c.is_worn AND p.relation_id = u.near AND q.relation_id = u.far) worn ON c.is_worn
     WHERE h.is_used AND (h.starts_on IS NULL OR h.starts_on <= %(today)s)
       AND (h.ends_on IS NULL OR h.ends_on >= %(today)s)
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """How often something passed between two people: from the near one, and from the far one."""

    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why two relations are tied.

    ground        contact, colleagues, a declared tie
    strength      0 to 1, of this reason alone
    both_ways     how evenly contact went, 0 to 1
    organization  where they are colleagues
    is_outgoing   whether a declared tie reads from the near one to the far one
    note          what somebody wrote beside a declared tie
    is_shared     whether it may be used in asking for an introduction
    words         how a tie of the company's own kind reads from the near one
    """

    ground: Ground
    strength: float
    moments: int = 0
    written: Passed = Passed()
    called: Passed = Passed()
    chatted: Passed = Passed()
    posted: Passed = Passed()
    together: int = 0
    both_ways: float = 0.0
    first_at: datetime | None = None
    last_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    organization: str = ""
    is_outgoing: bool = True
    words: str = ""
    is_cooling: bool = False
    note: str = ""
    is_shared: bool = True


def evidence_of(pairs: Sequence[Pair], moment: Moment) -> dict[Pair, list[Evidence]]:
    """What each of these ties rests on, the strongest first; one query for however many."""
    if not pairs:
        return {}
    values: dict[str, Any] = {
        "near": [UUID(near) for near, _ in pairs],
        "far": [UUID(far) for _, far in pairs],
        "today": moment.today,
    }
    found: dict[Pair, list[Evidence]] = {}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_EVIDENCE), values)
        for near, far, *rest in cursor.fetchall():
            found.setdefault((near, far), []).append(_one(rest, moment))
    for reasons in found.values():
        _note_cooling(reasons, moment.at)
        reasons.sort(key=lambda one: (-one.strength, one.ground))
    return found


def _note_cooling(reasons: list[Evidence], at: datetime) -> None:
    """Whether it has gone quiet between two people: by all contact that the reader sees, whatever circle it is in."""
    days = [(one.first_at, one.last_at) for one in reasons if one.first_at is not None and one.last_at is not None]
    if not days:
        return
    first_at, last_at = min(first for first, _last in days), max(last for _first, last in days)
    if is_cooling(moments=sum(one.moments for one in reasons), first_at=first_at, last_at=last_at, at=at):
        for place, one in enumerate(reasons):
            if one.last_at == last_at:
                reasons[place] = replace(one, is_cooling=True)


def _one(row: Sequence[Any], moment: Moment) -> Evidence:
    ground, is_lasting, weight, starts_on, ends_on, _origin, is_low, *contact, name, is_outgoing = row[:-4]
    note, is_shared, dutch, english = row[-4:]
    strength = strength_of(cost_of(weight, is_lasting=is_lasting, fading=moment.fading))
    if ground != Ground.CONTACT:
        return Evidence(
            Ground(ground),
            strength,
            starts_on=starts_on,
            ends_on=ends_on,
            organization=name or "",
            is_outgoing=is_outgoing is not False,
            note=note,
            is_shared=is_shared,
            words=in_reader_language(dutch or "", english or ""),
        )
    moments, *counts, together, sum_out, sum_in, first_at, last_at = contact
    written, called, chatted, posted = (
        Passed(*(pair if is_low else pair[::-1])) for pair in zip(counts[::2], counts[1::2], strict=True)
    )
    return Evidence(
        Ground.CONTACT,
        strength,
        moments,
        written,
        called,
        chatted,
        posted,
        together=together,
        both_ways=2 * min(sum_out, sum_in) / (sum_out + sum_in) if sum_out + sum_in > 0 else 0.0,
        first_at=first_at,
        last_at=last_at,
        is_shared=is_shared,
    )
