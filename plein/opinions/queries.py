# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which language model is asked here, and which texts Plein is not sure about that may go there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.moments.recognised_words import LABEL_WORDS, UNSURE
from plein.moments.vocabulary import Relevance
from plein.opinions.asking import BUSINESS, SMALL_TALK
from plein.opinions.models import Endpoint
from plein.trust.models import Role, Seat

#: What happened longer ago is not asked about.
RECENT = timedelta(days=90)
LONGEST = 20_000
LAST = UUID(int=2**128 - 1)
_UNSURE = """
SELECT t.id, t.moment_id, left(t.text, %(longest)s), r.print, t.quote_from, m.kind, r.language, r.labels, r.relevance,
       r.mentions, said.abouts, coalesce(who.names, ARRAY[]::text[])
  FROM moments_recognised r
  JOIN moments_text t ON {t} AND t.id = r.text_id AND hashtext(t.text) = r.print
  JOIN moments_moment m ON {m} AND m.id = r.moment_id AND m.direction <> 'outbound' AND m.occurred_at > %(recent)s
  LEFT JOIN LATERAL (SELECT coalesce(array_agg(c.about), ARRAY[]::varchar[]) AS abouts
                       FROM moments_correction c WHERE {c} AND c.text_id = t.id) said ON true
  LEFT JOIN LATERAL (
      SELECT array_agg(n.name) AS names FROM (
          SELECT p.heard_name AS name FROM moments_participant p WHERE {p} AND p.moment_id = m.id AND p.heard_name <> ''
          UNION
          SELECT a.name FROM moments_participant q JOIN relations_relation a ON {a} AND a.id = q.relation_id
           WHERE {q} AND q.moment_id = m.id) n) who ON true
 WHERE {r} AND r.id >= %(first)s AND r.id < %(before)s AND r.circle_id = ANY (%(chosen)s)
   AND m.circle_id = ANY (%(chosen)s) AND r.tier = ANY (%(tiers)s) AND r.relevance <> 'filed' AND r.opinion = '{}'
   AND (r.relevance = 'unsure' AND NOT 'relevance' = ANY (said.abouts) OR EXISTS (
       SELECT FROM jsonb_each_text(r.labels) l
        WHERE l.key = ANY (%(labels)s) AND NOT l.key = ANY (said.abouts)
          AND l.value::float8 BETWEEN %(low)s AND %(high)s))
 ORDER BY r.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A text that Plein is not sure about, what it found in it, and the labels to ask about."""

    text_id: UUID
    moment_id: UUID
    text: str
    print: int
    kind: str
    language: str
    labels: tuple[str, ...]
    asks_worth: bool
    named: tuple[tuple[str, str], ...]
    names: tuple[str, ...]


def endpoint() -> Endpoint | None:
    """The language model that is asked here, if any."""
    found: Endpoint | None = Endpoint.objects.order_by("agreed_at", "id").first()
    return found


def is_agreed(found: Endpoint) -> bool:
    """Whether who agreed is still an owner here."""
    if found.agreed_by_id is None:
        return False
    return Seat.objects.filter(id=found.agreed_by_id, role=Role.OWNER, is_active=True, user__is_active=True).exists()


def unsure_texts(
    found: Endpoint, *, tiers: Sequence[str], before: UUID, limit: int
) -> tuple[list[Unsure], UUID | None]:
    """Texts that may go, the latest first, from before a place; and where to look on, None when that was all.

    None of somebody whose data are not used, whoever sees that.
    """
    low, high = UNSURE
    facts: dict[str, Any] = {
        "longest": LONGEST,
        "recent": now() - RECENT,
        "first": UUID(int=int(found.agreed_at.timestamp() * 1000) << 80),
        "before": before,
        "chosen": found.circles,
        "tiers": list(tiers),
        "labels": list(LABEL_WORDS),
        "low": low,
        "high": high,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(scoped(_UNSURE), facts)
        rows = cursor.fetchall()
    theirs = _of_restricted([row[1] for row in rows])
    place = rows[-1][0] if len(rows) == limit else None
    return [_unsure(row) for row in rows if row[1] not in theirs], place


def _of_restricted(moments: Sequence[UUID]) -> set[UUID]:
    """Which of these moments are with somebody of whom nothing is used."""
    if not moments:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_opinions_withheld(%s::uuid[])", [list(moments)])
        return {row[0] for row in cursor.fetchall()}


def _unsure(row: tuple[Any, ...]) -> Unsure:
    text_id, moment_id, text, mark, quote_from, kind, language, labels, relevance, mentions, said, names = row
    chances, (low, high) = json.loads(labels), UNSURE
    asked = [one for one in LABEL_WORDS if low <= chances.get(one, 0.0) <= high and one not in said]
    asks_worth = relevance == Relevance.UNSURE and "relevance" not in said
    named = tuple((one, text[start:end]) for one, start, end in json.loads(mentions))
    return Unsure(
        text_id=text_id,
        moment_id=moment_id,
        text=text[:quote_from] if quote_from else text,
        print=mark,
        kind=kind,
        language=language,
        labels=(*asked, *((BUSINESS, SMALL_TALK) if asks_worth else ())),
        asks_worth=asks_worth,
        named=named,
        names=tuple(names),
    )
