# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was written about the same as a text: not all of its words, but as many as possible of those that tell most.

A word tells more the fewer of the texts found hold it (Spärck Jones, "A statistical interpretation of term
specificity", 1972). It is counted in what the reader may see, and in nothing else: what is hidden changes no rank.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import log
from typing import Any
from uuid import UUID

from plein.core.finding.finder import looking, scoped

#: So many words of a text are looked for, the longest; so many of the newest texts that hold one are weighed.
MOST_WORDS, MOST_TEXTS = 12, 2_000
SHORTEST = 3
#: A word that nobody wrote tells as much as one that a single text holds.
NEVER = 1
#: Words with which one asks, and that are about nothing.
ASKING = frozenset(
    """
    anybody anyone best better does done find good great have help idea know known knows looking need needs please some
    somebody someone something tell that there think want wants what when where which whom with would could should
    antwoord beste beter bekend denk denkt ervaring gaan gezocht goed goede graag hebben heeft help iemand iets kennen
    kent ken kunnen moet moeten nodig vraag vraagje waar waarom wanneer weet weten welke wil willen wie zoek zoeken
    zoekt zou
    """.split()  # noqa: SIM905 — a list that people read
)
_WORD = re.compile(r"[^\W_]+")

#: The words that are in no list of stop words, each with what it is asked for as, and what asks for any of them.
_ASKED = """
    WITH asked AS MATERIALIZED (
        SELECT u.word, u.place, CASE WHEN a.nl = a.en THEN a.nl ELSE a.nl || a.en END AS query
          FROM unnest(%(words)s::text[]) WITH ORDINALITY u (word, place)
         CROSS JOIN LATERAL (
               SELECT plainto_tsquery('plein_nl', u.word) AS nl, plainto_tsquery('plein_en', u.word) AS en) a
         WHERE numnode(a.nl) > 0 AND numnode(a.en) > 0 ORDER BY u.place LIMIT %(longest)s),
    every AS MATERIALIZED (SELECT string_agg('( ' || query::text || ' )', ' | ')::tsquery AS query FROM asked)
    SELECT NULL::uuid AS record, 'word' AS kind, NULL::timestamptz AS at, ARRAY[word, query::text] AS held FROM asked
"""
#: A kind of text has an index of its own, so each is asked by itself.
_OF_KIND = """
    (SELECT d.record_id, '@kind@', d.occurred_at, ARRAY(SELECT q.word FROM asked q WHERE d.words @@ q.query)
       FROM core_search_document d
      WHERE {d} AND d.kind @kinds@ AND d.words @@ (SELECT query FROM every)
      ORDER BY d.occurred_at DESC NULLS LAST, d.record_id LIMIT %(most)s)
"""
#: How many of them there are, as far as that matters.
_TOTAL = """
    SELECT NULL, '@kind@', NULL, ARRAY[(SELECT count(*) FROM (
           SELECT FROM core_search_document d WHERE {d} AND d.kind @kinds@ LIMIT %(most)s) counted)::text]
"""
KINDS = {"text": "IN ('subject', 'text')", "todo": "= 'todo'", "values": "= 'values'", "question": "= 'question'"}
#: What somebody wrote, wherever; and what was asked.
WRITTEN, QUESTIONS = ("text", "todo", "values"), ("question",)


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that holds some of the words, by their places."""

    record_id: UUID
    at: datetime | None
    held: frozenset[int]


@dataclass(frozen=True)
class Weighed:
    """What was found among so many texts, with how much each word tells.

    `queries` are what the words were asked for as.
    """

    words: tuple[str, ...]
    queries: tuple[str, ...]
    found: tuple[Alike, ...]
    total: int = 0

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """How much each word tells: the logarithm of one and how rare it is."""
        counted = Counter(place for one in self.found for place in one.held)
        total = max(self.total, len(self.found), 1)
        return tuple(log(1 + total / (counted[place] or NEVER)) for place in range(len(self.words)))

    def share(self, held: Iterable[int]) -> float:
        """How much of what all the words tell is told by these, 0 to 1."""
        whole = sum(self.weights)
        return sum(self.weights[place] for place in held) / whole if whole else 0.0


def alike(text: str, *groups: Sequence[str]) -> tuple[Weighed, ...]:
    """For each group of kinds the newest that hold a word of a text, each record once. Three statements in all."""
    kinds = [kind for group in groups for kind in group]
    asked = [
        part.replace("@kinds@", KINDS[kind]).replace("@kind@", kind) for kind in kinds for part in (_TOTAL, _OF_KIND)
    ]
    values: dict[str, Any] = {"words": words_in(text), "longest": MOST_WORDS, "most": MOST_TEXTS}
    with looking() as cursor:
        cursor.execute(scoped(" UNION ALL ".join([_ASKED, *asked])), values)
        rows = cursor.fetchall()
    told = [held for _record, kind, _at, held in rows if kind == "word"]
    words, queries = tuple(word for word, _ in told), tuple(query for _, query in told)
    return tuple(_weighed(words, queries, [row for row in rows if row[1] in group]) for group in groups)


def _weighed(words: tuple[str, ...], queries: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Weighed:
    places = {word: place for place, word in enumerate(words)}
    total = 0
    found: dict[UUID, Alike] = {}
    for record, _kind, at, held in rows:
        if record is None:
            total += int(held[0])
            continue
        known = found.get(record)
        here = frozenset(places[word] for word in held)
        found[record] = Alike(record, at, here | known.held if known else here)
    return Weighed(words, queries, tuple(found.values()), total)


def words_in(text: str) -> list[str]:
    """The words of a text that may tell what it is about, as they are written there, the longest first."""
    spelt: dict[str, str] = {}
    for word in _WORD.findall(text.replace("\x00", "")):
        spelt.setdefault(word.lower(), word)
    longest = sorted(spelt, key=len)
    about = [spelt[one] for one in reversed(longest) if SHORTEST <= len(one) <= 60 and one not in ASKING]
    return about[: 3 * MOST_WORDS]
