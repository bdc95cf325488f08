# SPDX-License-Identifier: AGPL-3.0-or-later
"""Global search: people and organizations before texts, forgiving for typos, good with fragments of phone numbers.

Each step looks in one index and stops as soon as there is enough, so that a common name costs no more than a rare one.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from plein.core.finding.finder import looking, scoped
from plein.core.finding.slips import slips

NAMED = ("person", "organization")
FEWEST_DIGITS = 4
SHORTEST_TYPO = 3
#: With fewer names than this, what looks like the words typed is shown too; for a very short word only with none.
FEW = 5
#: How many words that look like the one typed are followed; how alike they must be, `looking` sets.
ALIKE = 6
#: From how many letters on a word can be a slip, and in how many words of a query one is looked for.
SHORTEST_DOUBT = 3
MOST_DOUBTS = 3
LONGEST = 200
#: So many of the newest texts are looked through; of older ones at most so many are put in order.
NEWEST, MOST_TEXTS = 3_000, 3_000


@dataclass(frozen=True, slots=True)
class Hits:
    """Ids of what was found, best first; `moments` are newest first."""

    relations: list[UUID] = field(default_factory=list)
    moments: list[UUID] = field(default_factory=list)
    todos: list[UUID] = field(default_factory=list)


def fold(text: str) -> str:
    """As the database's `plein_fold`: lower case, accents off."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "o"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def _words(query: str) -> list[str]:
    return [word for word in re.split(r"[^\w]+", fold(query)) if word][:8]


def _prefixed(words: Sequence[str]) -> str:
    """All words, the last one as a beginning."""
    return " & ".join([*words[:-1], f"{words[-1]}:*"])


def _column(cursor: CursorWrapper, statement: str, parameters: dict[str, Any]) -> list[UUID]:
    cursor.execute(scoped(statement), parameters)
    return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def _by_first_letters(cursor: CursorWrapper, words: Sequence[str], kinds: Sequence[str], limit: int) -> list[UUID]:
    """Names of which some word starts with the longest word typed, and that hold the others."""
    longest = max(words, key=len)
    others = [word for word in words if word is not longest]
    return _column(
        cursor,
        "SELECT t.document_id FROM core_search_token t WHERE {t} AND t.token >= %(start)s AND t.token < %(stop)s"
        " AND t.kind = ANY (%(kinds)s)"
        + "".join(f" AND t.title LIKE %(other{place})s" for place in range(len(others)))
        + " ORDER BY t.token, t.title LIMIT %(limit)s",
        {
            "start": longest,
            "stop": longest + "\U0010ffff",
            "kinds": list(kinds),
            "limit": limit,
            **{f"other{place}": f"%{word}%" for place, word in enumerate(others)},
        },
    )


def _by_typo(cursor: CursorWrapper, words: Sequence[str], kinds: Sequence[str], limit: int) -> list[UUID]:
    """Names in which one of the words typed is slightly different, nearest first, and that hold the others."""
    doubtful = [word for word in sorted(words, key=len, reverse=True) if len(word) >= SHORTEST_DOUBT][:MOST_DOUBTS]
    if not doubtful:
        return []
    parameters: dict[str, Any] = {"kinds": list(kinds), "alike": ALIKE, "limit": limit}
    attempts = []
    for turn, word in enumerate(doubtful):
        others = [other for other in words if other is not word]
        parameters |= {f"word{turn}": word, f"near{turn}": slips(word)}
        parameters |= {f"other{turn}_{place}": f"%{other}%" for place, other in enumerate(others)}
        attempts.append(
            "SELECT t.document_id, a.likeness, t.title FROM (SELECT DISTINCT w.word,"
            f" similarity(w.word, %(word{turn})s) + (w.word = ANY (%(near{turn})s))::int AS likeness"
            " FROM core_search_word w WHERE {w}"
            f" AND (w.word %% %(word{turn})s OR w.word = ANY (%(near{turn})s))"
            # Only words that somebody still bears: one that is gone would stand in the way of another.
            " AND EXISTS (SELECT FROM core_search_token b WHERE b.workspace_id = w.workspace_id AND b.token = w.word"
            " AND b.circle_id = w.circle_id AND b.kind = ANY (%(kinds)s))"
            " ORDER BY likeness DESC, w.word LIMIT %(alike)s) a"
            " JOIN core_search_token t ON t.token = a.word AND {t} AND t.kind = ANY (%(kinds)s)"
            + "".join(f" AND t.title LIKE %(other{turn}_{place})s" for place in range(len(others)))
        )
    return _column(
        cursor,
        f"SELECT document_id FROM ({' UNION ALL '.join(attempts)}) found ORDER BY likeness DESC, title LIMIT %(limit)s",
        parameters,
    )


def _by_contact(cursor: CursorWrapper, query: str, limit: int) -> list[UUID]:
    """Whose e-mail address, web page or name on a network this is, or whose phone number has these digits."""
    digits = re.sub(r"\D", "", query)
    found: list[UUID] = []
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d]", query):
        national = digits[1:] if digits.startswith("0") else digits
        found = _column(
            cursor,
            "SELECT d.record_id FROM core_search_document d WHERE {d} AND d.digits <> '' AND d.digits LIKE %(digits)s"
            " LIMIT %(limit)s",
            {"digits": f"%{national}%", "limit": limit},
        )
    elif "@" in query or "." in query:
        words = _words(query)
        if words:
            found = _column(
                cursor,
                "SELECT d.record_id FROM core_search_document d WHERE {d} AND d.kind = 'contact'"
                " AND d.words @@ to_tsquery('plein_simple', %(words)s) LIMIT %(limit)s",
                {"words": _prefixed(words), "limit": limit},
            )
    return found


def _relations(cursor: CursorWrapper, query: str, kinds: Sequence[str], limit: int) -> list[UUID]:
    words = _words(query)
    if not words:
        return []
    found = _by_contact(cursor, query, limit)
    if len(found) < limit:
        found += _by_first_letters(cursor, words, kinds, limit)
    enough = FEW if max(map(len, words)) > SHORTEST_TYPO else 1
    if len(found) < min(enough, limit) and len("".join(words)) >= SHORTEST_TYPO and not query.strip().isdigit():
        found += _by_typo(cursor, words, kinds, limit)
    return list(dict.fromkeys(found))[:limit]


def _by_values(cursor: CursorWrapper, query: str, limit: int) -> list[UUID]:
    """Relations that hold the words in a text of a field that the company added itself."""
    return _column(
        cursor,
        "SELECT d.record_id FROM core_search_document d WHERE {d} AND d.kind = 'values'"
        f" AND d.words @@ {_ASKED} LIMIT %(limit)s",
        {"query": query, "limit": limit},
    )


#: Dutch and English stems of what was typed, once where they are the same: asked twice, the word index answers slowly.
_ASKED = (
    "(CASE WHEN plainto_tsquery('plein_nl', %(query)s) = plainto_tsquery('plein_en', %(query)s)"
    " THEN plainto_tsquery('plein_nl', %(query)s)"
    " ELSE plainto_tsquery('plein_nl', %(query)s) || plainto_tsquery('plein_en', %(query)s) END)"
)
_TEXTS = f"""
WITH newest AS MATERIALIZED (
    SELECT d.record_id, d.occurred_at, d.words FROM core_search_document d
     WHERE {{d}} AND d.kind IN ('subject', 'text') ORDER BY d.occurred_at DESC LIMIT %(newest)s)
SELECT record_id, 'text', occurred_at FROM (
    (SELECT n.record_id, n.occurred_at FROM newest n WHERE n.words @@ {_ASKED})
    UNION ALL
    (SELECT o.record_id, o.occurred_at FROM (
         SELECT d.record_id, d.occurred_at FROM core_search_document d
          WHERE {{d}} AND d.kind IN ('subject', 'text') AND d.words @@ {_ASKED}
            AND d.occurred_at <= (SELECT min(n.occurred_at) FROM newest n) LIMIT %(most)s) o
      ORDER BY o.occurred_at DESC LIMIT %(texts)s)) found LIMIT %(texts)s
"""
_TODOS = f"""
SELECT d.record_id, 'todo', d.occurred_at FROM core_search_document d
 WHERE {{d}} AND d.kind = 'todo' AND d.words @@ {_ASKED} LIMIT %(todos)s
"""


def _texts_and_todos(cursor: CursorWrapper, query: str, limit: int) -> tuple[list[UUID], list[UUID]]:
    """Moments whose subject or text holds the words, newest first, and to-dos that do: in one question.

    The newest texts are looked through one by one, which is enough for common words; for others the word index is
    asked. Left to choose, the planner walks through all of them in search of a word that is nowhere.
    """
    cursor.execute(
        scoped(f"({_TEXTS}) UNION ALL ({_TODOS})"),
        {"query": query, "newest": NEWEST, "most": MOST_TEXTS, "texts": 2 * limit, "todos": limit},
    )
    found = cursor.fetchall()
    texts = sorted((row for row in found if row[1] == "text"), key=lambda row: row[2], reverse=True)
    return list(dict.fromkeys(row[0] for row in texts))[:limit], [row[0] for row in found if row[1] == "todo"]


def search(query: str, *, limit: int = 20) -> Hits:
    """Everything the reader may see that answers a query; an empty query finds nothing."""
    query = query.replace("\x00", "").strip()[:LONGEST]
    if not query:
        return Hits()
    with looking() as cursor:
        relations = _relations(cursor, query, NAMED, limit)
        if len(relations) < limit:
            relations = list(dict.fromkeys([*relations, *_by_values(cursor, query, limit)]))[:limit]
        moments, todos = _texts_and_todos(cursor, query, limit)
        return Hits(relations, moments, todos)


def suggest(query: str, *, kinds: Sequence[str] = NAMED, limit: int = 8) -> list[UUID]:
    """Relations for a field in which somebody is typing."""
    query = query.replace("\x00", "").strip()[:LONGEST]
    if not query:
        return []
    with looking() as cursor:
        return _relations(cursor, query, kinds, limit)
