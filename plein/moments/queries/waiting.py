# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts that were not looked at yet, and the names that may help to read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.isolation import current, default_circle_id, workspace_id

#: Of a longer text the rest is not looked at.
LONGEST = 20_000
#: Names of each kind that are known beforehand; of more, those that changed last.
MOST_NAMES = 10_000
START = UUID(int=0)
_FRESH = {
    "light": "r.print = hashtext(t.text) AND r.made_by = %(version)s",
    "standard": "r.print = hashtext(t.text) AND r.made_by = %(version)s AND r.tier = 'standard'",
    # Of what is old, only another model is a reason to look again: not what a company taught since.
    "old": "split_part(r.made_by, '+', 1) = split_part(%(version)s, '+', 1)",
}
_WAITING = """
SELECT t.id, t.moment_id, t.circle_id, left(t.text, %(longest)s), hashtext(t.text), t.quote_from, m.kind, m.nature,
       coalesce(CASE WHEN m.kind = 'email' THEN (
           SELECT cp.value FROM moments_participant p
             JOIN relations_contact_point cp ON {cp} AND cp.id = p.contact_point_id
            WHERE {p} AND p.moment_id = m.id AND p.role = 'from' ORDER BY p.id LIMIT 1) END, ''),
       coalesce((SELECT o.language FROM moments_participant q JOIN relations_relation o ON {o} AND o.id = q.relation_id
         WHERE {q} AND q.moment_id = m.id AND NOT q.is_ours AND o.language <> '' AND o.kind = 'person'
           AND q.role IN ('from', 'with') AND o.circle_id IN (t.circle_id, %(everyone)s) ORDER BY q.id LIMIT 1), '')
  FROM moments_text t JOIN moments_moment m ON {m} AND m.id = t.moment_id
 WHERE {t} AND %place% AND t.text <> ''
   AND NOT EXISTS (SELECT FROM moments_recognised r WHERE {r} AND r.id = t.id AND %fresh%)
 ORDER BY t.id LIMIT %(limit)s
"""
#: Whoever is in the circle of the text is in these circles as well: a name hidden from one of them helps nobody.
_WIDE = """
SELECT c.id FROM trust_circle c JOIN trust_circle o ON o.workspace_id = c.workspace_id AND o.id = %(circle)s
 WHERE c.workspace_id = %(workspace)s AND c.id = ANY (%(mine)s) AND c.parts <@ o.parts
"""
_NAMES = """
(SELECT a.kind, a.name FROM relations_relation a
  WHERE {a} AND a.circle_id = ANY (%(wide)s) AND a.kind = 'person' ORDER BY a.updated_at DESC, a.id LIMIT %(most)s)
UNION ALL
(SELECT b.kind, b.name FROM relations_relation b
  WHERE {b} AND b.circle_id = ANY (%(wide)s) AND b.kind = 'organization'
  ORDER BY b.updated_at DESC, b.id LIMIT %(most)s)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits to be recognised, and what helps: who sent it, and what they are known to write in."""

    text_id: UUID
    moment_id: UUID
    circle_id: int
    text: str
    print: int
    quote_from: int | None
    kind: str
    nature: str
    sender: str
    language: str


def waiting_texts(
    *, version: str, want: str, after: UUID = START, moments: Sequence[UUID] | None = None, limit: int
) -> list[Waiting]:
    """Texts that the reader sees and that no such model has looked at since they were written, in the order of their
    ids from `after` on. `want` is `light`, `standard`, or `old`, which asks for the model only.
    """
    place = "t.id > %(after)s" if moments is None else "t.moment_id = ANY (%(moments)s) AND t.id > %(after)s"
    statement = _WAITING.replace("%place%", place).replace("%fresh%", _FRESH[want])
    facts: dict[str, Any] = {
        "longest": LONGEST,
        "version": version,
        "after": after,
        "moments": list(moments or ()),
        "everyone": default_circle_id(),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(scoped(statement), facts)
        return [Waiting(*row) for row in cursor.fetchall()]


def known_names(circle_id: int) -> list[tuple[str, str]]:
    """People and organizations whom everybody knows who is in a circle: of what kind each is, and the name."""
    mine: dict[str, Any] = {"circle": circle_id, "workspace": workspace_id(), "mine": list(current().circles)}
    with connection.cursor() as cursor:
        cursor.execute(_WIDE, mine)
        wide = [row[0] for row in cursor.fetchall()]
        cursor.execute(scoped(_NAMES), {"wide": wide, "most": MOST_NAMES})
        found: list[tuple[str, str]] = cursor.fetchall()
        return found
