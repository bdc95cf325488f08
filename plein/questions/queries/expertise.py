# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people did with a subject, as far as the reader may see it: what they wrote, took part in and took on.

Each text counts for everybody who had a part in it, by what part that was, and less when it is older: document-centric
expert finding (Balog, Azzopardi and de Rijke, "Formal models for expert finding in enterprise corpora", 2006, model 2).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding import Weighed
from plein.core.finding.finder import scoped
from plein.core.ids import now

#: A line of what the database says: who, of which record, what, and the places of the words in it.
type Row = tuple[UUID, UUID | None, str, list[int]]
#: A text counts when it holds so much of what a word of the question tells on average: common words alone do not.
LEAST = 0.5
#: After so many days a text counts half.
HALF_LIFE = 365.0


class Part(StrEnum):
    """What somebody had to do with a text."""

    ANSWERED = "answered"
    IS = "is"
    WROTE = "wrote"
    DID = "did"
    SPOKE = "spoke"
    READ = "read"


#: How much each part tells of what somebody knows.
WORTH: dict[Part, float] = {
    Part.ANSWERED: 2.0,
    Part.IS: 2.0,
    Part.WROTE: 1.0,
    Part.DID: 0.75,
    Part.SPOKE: 0.5,
    Part.READ: 0.25,
}
_PARTS = """
    SELECT p.relation_id, p.moment_id,
           CASE p.role WHEN 'from' THEN 'wrote' WHEN 'with' THEN 'spoke' ELSE 'read' END, ARRAY[]::bigint[]
      FROM moments_participant p
     WHERE {p} AND p.moment_id = ANY (%(records)s) AND p.relation_id = ANY (%(people)s)
       AND p.role IN ('from', 'with', 'to', 'cc')
     UNION ALL
    SELECT r.id, m.id, 'wrote', ARRAY[]::bigint[]
      FROM moments_moment m
      JOIN relations_relation r ON {r} AND r.seat_id = m.recorded_by_id AND r.id = ANY (%(people)s)
     WHERE {m} AND m.id = ANY (%(records)s) AND m.source = 'hand'
     UNION ALL
    SELECT r.id, t.id, 'did', ARRAY[]::bigint[]
      FROM moments_todo t JOIN relations_relation r ON {r} AND r.seat_id = t.assignee_id AND r.id = ANY (%(people)s)
     WHERE {t} AND t.id = ANY (%(records)s)
     UNION ALL
    SELECT r.id, a.moment_id, 'answered', ARRAY[]::bigint[]
      FROM questions_answer a JOIN relations_relation r ON {r} AND r.seat_id = a.seat_id AND r.id = ANY (%(people)s)
     WHERE {a} AND a.moment_id = ANY (%(records)s)
     UNION ALL
    SELECT s.id, NULL, 'is', ARRAY(SELECT q.place FROM unnest(%(queries)s::tsquery[]) WITH ORDINALITY q (query, place)
                                    WHERE plein_words(s.words) @@ q.query)
      FROM (SELECT r.id, r.headline AS words FROM relations_relation r WHERE {r} AND r.id = ANY (%(people)s)
             UNION ALL
            SELECT w.person_id, concat_ws(' ', w.role, w.department) FROM relations_membership w
             WHERE {w} AND w.person_id = ANY (%(people)s) AND (w.starts_on IS NULL OR w.starts_on <= %(today)s)
               AND (w.ends_on IS NULL OR w.ends_on >= %(today)s)
             UNION ALL
            SELECT g.relation_id, n.name FROM relations_tagging g JOIN relations_tag n ON {n} AND n.id = g.tag_id
             WHERE {g} AND g.relation_id = ANY (%(people)s)
             UNION ALL
            SELECT i.relation_id, i.text FROM relations_interest i
             WHERE {i} AND i.relation_id = ANY (%(people)s)) s
     WHERE s.words <> ''
     UNION ALL
    SELECT p, NULL, 'free', ARRAY[]::bigint[] FROM plein_questions_free(%(people)s) p
     UNION ALL
    SELECT r.id, NULL, 'helped', ARRAY[count(*)]
      FROM questions_answer b JOIN relations_relation r ON {r} AND r.seat_id = b.seat_id AND r.id = ANY (%(people)s)
     WHERE {b} GROUP BY r.id
"""


@dataclass(slots=True)
class Knowledge:
    """What one person did with a subject.

    score   how much that tells, 0 and up
    parts   how often they had which part in it
    last    when that was last
    held    the words that were in it, by their places
    """

    score: float = 0.0
    parts: dict[Part, int] = field(default_factory=dict)
    last: datetime | None = None
    held: set[int] = field(default_factory=set)

    @property
    def share(self) -> float:
        """How much they may know, 0 to 1: the first texts tell most."""
        return self.score / (self.score + 1)

    def add(self, part: Part, told: float, at: datetime | None, held: Iterable[int], moment: datetime) -> None:
        """Count one text."""
        days = max((moment - at).days, 0) if at and part != Part.IS else 0
        self.score += told * WORTH[part] * 0.5 ** (days / HALF_LIFE)
        self.parts[part] = self.parts.get(part, 0) + 1
        self.held |= set(held)
        if at is not None and part != Part.IS and (self.last is None or at > self.last):
            self.last = at


@dataclass(slots=True)
class Known:
    """Of some people: what each did with a subject, who may be asked this week, and how often each answered."""

    knowledge: dict[UUID, Knowledge] = field(default_factory=dict)
    free: set[UUID] = field(default_factory=set)
    helped: dict[UUID, int] = field(default_factory=dict)


def known_of(people: Collection[UUID], weighed: Weighed) -> Known:
    """What each of these people did with what was found; a query. Of each text their greatest part counts."""
    told = Known()
    rows = _parts(people, [one.record_id for one in weighed.found], weighed.queries)
    told.free = {person for person, _record, word, _places in rows if word == "free"}
    told.helped = {person: count for person, _record, word, counts in rows if word == "helped" for count in counts}
    told.knowledge = _knowledge(people, weighed, [row for row in rows if row[2] not in ("free", "helped")])
    return told


def _knowledge(people: Collection[UUID], weighed: Weighed, rows: Iterable[Row]) -> dict[UUID, Knowledge]:
    least = LEAST / max(len(weighed.words), 1)
    told = {one.record_id: share for one in weighed.found if (share := weighed.share(one.held)) >= least}
    texts = {one.record_id: one for one in weighed.found if one.record_id in told}
    known: dict[UUID, Knowledge] = {}
    moment = now()
    greatest: dict[tuple[UUID, UUID], Part] = {}
    for person, record, word, places in rows:
        part = Part(word)
        if record is None:
            held = {place - 1 for place in places}
            if (share := weighed.share(held)) >= least:
                known.setdefault(person, Knowledge()).add(Part.IS, share, None, held, moment)
        elif record in texts and ((before := greatest.get((person, record))) is None or WORTH[part] > WORTH[before]):
            greatest[person, record] = part
    for person in set(people) & texts.keys():
        greatest[person, person] = Part.IS
    for (person, record), part in sorted(greatest.items()):
        text = texts[record]
        known.setdefault(person, Knowledge()).add(part, told[record], text.at, text.held, moment)
    return known


def _parts(people: Collection[UUID], records: list[UUID], queries: Sequence[str]) -> list[Row]:
    if not people:
        return []
    values: Mapping[str, Any] = {
        "people": list(people),
        "records": records,
        "queries": list(queries),
        "today": now().date(),
    }
    with connection.cursor() as cursor:
        cursor.execute(scoped(_PARTS), values)
        return list(cursor.fetchall())
