# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which posts searches about a topic hear besides those with its words: what is recognised, and what colleagues say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.listening.models import Search
from plein.listening.vocabulary import MOST_HEARD, MOST_READ
from plein.moments.queries import ABOUT
from plein.moments.recognised_words import YES
from plein.recognition.topics import HOLDS

#: Of the newest posts, and of those with words: when each was, and of each search whether it holds its words, is about
#: its topic, and what a colleague said of that last.
_HEARD = f"""
WITH posts AS (
    SELECT m.id FROM moments_moment m
     WHERE {{m}} AND m.kind = 'post' AND m.direction = 'inbound'
       AND m.occurred_at >= %(since)s AND m.occurred_at <= %(now)s
     ORDER BY m.occurred_at DESC, m.id DESC LIMIT %(most)s)
SELECT m.id, m.occurred_at, s.place, v.is_worded, v.is_about, v.said
  FROM moments_moment m
 CROSS JOIN unnest(%(topics)s::text[], ARRAY[@wanted@]::tsquery[], ARRAY[@never@]::tsquery[])
            WITH ORDINALITY s (topic, wanted, never, place)
 CROSS JOIN LATERAL (SELECT
       m.id = ANY (%(ids)s) AND EXISTS (
           SELECT FROM core_search_document d WHERE {{d}} AND d.record_id = m.id
              AND d.kind IN ('subject', 'text') AND d.words @@ s.wanted) AS is_worded,
       s.topic IS NOT NULL AND {ABOUT.replace("%of%", "m.id").replace("%(topic)s", "s.topic")}
       AND NOT EXISTS (SELECT FROM core_search_document d WHERE {{d}} AND d.record_id = m.id
                          AND d.kind IN ('subject', 'text') AND d.words @@ s.never) AS is_about,
       (SELECT k.value FROM moments_correction k
         WHERE {{k}} AND k.moment_id = m.id AND k.about = 'topic:' || s.topic
         ORDER BY k.said_at DESC, k.id DESC LIMIT 1) AS said) v
 WHERE {{m}} AND (m.id = ANY (%(ids)s) OR m.id IN (SELECT id FROM posts)) AND (v.is_worded OR v.is_about)
"""


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks of a text, and what must not be in it, as SQL."""

    wanted: str
    never: str = ""

    @property
    def whole(self) -> str:
        """Both together."""
        return f"({self.wanted} && !!{self.never})" if self.never else self.wanted


def with_topics(
    searches: Sequence[Search], queries: Sequence[Query], ids: Sequence[UUID], parameters: Mapping[str, Any]
) -> tuple[list[UUID], dict[UUID, list[UUID]]]:
    """What each search heard, the newest first, and all of it, no more than is counted: of these posts what holds its
    words, and of the newest posts what is about its topic, but for what a colleague said is not. One statement.
    """
    statement = _HEARD.replace("@wanted@", ", ".join(one.whole for one in queries))
    statement = statement.replace("@never@", ", ".join(one.never or "NULL" for one in queries))
    topics = [str(one.topic_id) if one.topic_id else None for one in searches]
    facts = {**parameters, "topics": topics, "ids": list(ids), "holds": HOLDS, "most": MOST_READ}
    times: dict[UUID, datetime] = {}
    found: dict[UUID, list[UUID]] = {search.id: [] for search in searches}
    with connection.cursor() as cursor:
        cursor.execute(scoped(statement), facts)
        for moment_id, at, place, _is_worded, is_about, said in cursor.fetchall():
            if is_about or said in (None, YES):
                times[moment_id] = at
                found[searches[place - 1].id].append(moment_id)
    order = sorted(times, key=lambda one: (times[one], one), reverse=True)[: MOST_HEARD + 1]
    return order, found
