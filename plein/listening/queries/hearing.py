# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which posts hold what is listened for, and how many there were each week in which mood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from plein.core.finding.finder import find_ids, scoped
from plein.core.ids import now
from plein.listening.models import Search
from plein.listening.queries.naming import called, with_names
from plein.listening.queries.topical import Query, with_topics
from plein.listening.vocabulary import BACK, MOODS, MOST_HEARD, UNREAD, WEEKS
from plein.moments.models import Topic
from plein.moments.queries import ABOUT
from plein.recognition.topics import HOLDS

#: Dutch and English stems of a line, as texts are kept: all words of it.
_LINE = "(plainto_tsquery('plein_nl', %({key})s) || plainto_tsquery('plein_en', %({key})s))"
_HEARD = """
SELECT d.record_id AS id FROM core_search_document d
  JOIN moments_moment m ON {m} AND m.id = d.record_id AND m.kind = 'post' AND m.direction = 'inbound'
 WHERE {d} AND d.kind IN ('subject', 'text') AND d.occurred_at >= %(since)s AND d.occurred_at <= %(now)s
   AND d.words @@ (@asked@)
 GROUP BY d.record_id ORDER BY max(d.occurred_at) DESC, d.record_id DESC
"""
_WHICH = """
SELECT DISTINCT d.record_id, s.place
  FROM core_search_document d
  JOIN unnest(ARRAY[@queries@]) WITH ORDINALITY s (query, place) ON d.words @@ s.query
 WHERE {d} AND d.record_id = ANY (%(ids)s) AND d.kind IN ('subject', 'text')
"""
_TOPICAL = f"""
SELECT m.id FROM moments_moment m WHERE {{m}} AND m.id = ANY (%(ids)s) AND {ABOUT.replace("%of%", "m.id")}
"""
_WEEKS = """
SELECT date_trunc('week', m.occurred_at AT TIME ZONE %(zone)s)::date, coalesce(said.value, h.sentiment, %(unread)s),
       count(*)
  FROM moments_moment m
  LEFT JOIN LATERAL (SELECT t.id, hashtext(t.text) AS print FROM moments_text t
                      WHERE {t} AND t.moment_id = m.id ORDER BY t.id LIMIT 1) b ON true
  LEFT JOIN moments_recognised h ON {h} AND h.text_id = b.id AND h.print = b.print
  LEFT JOIN LATERAL (SELECT c.value FROM moments_correction c
                      WHERE {c} AND c.text_id = b.id AND c.about = 'sentiment'
                      ORDER BY c.said_at DESC, c.id DESC LIMIT 1) said ON true
 WHERE {m} AND m.id = ANY (%(ids)s)
 GROUP BY 1, 2
"""


@dataclass(slots=True)
class Week:
    """One week: the Monday it began, and how many posts there were in each mood."""

    begin: date
    moods: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MOODS, 0))

    @property
    def count(self) -> int:
        return sum(self.moods.values())


def searches() -> list[Search]:
    """What is listened for, as far as the reader sees it, by name."""
    return list(with_names(Search.objects.order_by("name", "id")))


def searches_and_topics() -> tuple[list[Search], dict[str, str]]:
    """The same with the topics by which one may narrow what was heard, by id as text: one statement."""
    there = Topic.objects.order_by("name", "id").values(told=JSONObject(id="id", name="name"))
    rows: QuerySet[Any] = with_names(Search.objects.order_by("name", "id")).annotate(topics=ArraySubquery(there))
    found: list[Search] = list(rows)
    topics = vars(found[0])["topics"] if found else []
    return found, {one["id"]: one["name"] for one in topics}


@dataclass(frozen=True, slots=True)
class Found:
    """The posts in which anything was heard, the newest first, and of each search those in which it was."""

    ids: list[UUID] = field(default_factory=list)
    by: dict[UUID, list[UUID]] = field(default_factory=dict)

    def searches_of(self, moment_id: UUID) -> list[UUID]:
        """The searches that heard something in a post."""
        return [search for search, moments in self.by.items() if moment_id in moments]


def heard_by(searches: Sequence[Search]) -> Found:
    """The posts in which each of these was heard, the newest first.

    No further back than pictures go, and of all of them together no more than are counted. Two questions, however many
    searches there are: which posts hold any of it, asked by the finder; and which hold what, of these alone, or are
    about what.
    """
    if not searches:
        return Found()
    parameters: dict[str, Any] = {"since": now() - BACK, "now": now()}
    queries = [_query(search, place, parameters) for place, search in enumerate(searches)]
    asked = " || ".join(one.whole for one in queries)
    ids = find_ids(_HEARD.replace("@asked@", asked), parameters, limit=MOST_HEARD + 1)
    if any(search.topic_id for search in searches):
        ids, found = with_topics(searches, queries, ids, parameters)
    else:
        found = _which(searches, ids, queries, parameters)
    order = {one: place for place, one in enumerate(ids)}
    return Found(ids, {search: _in_order(moments, order) for search, moments in found.items()})


def _in_order(moments: Sequence[UUID], order: Mapping[UUID, int]) -> list[UUID]:
    return sorted((one for one in moments if one in order), key=order.__getitem__)


def _which(
    searches: Sequence[Search], ids: Sequence[UUID], queries: Sequence[Query], parameters: dict[str, Any]
) -> dict[UUID, list[UUID]]:
    """Which of these posts each search heard by its words."""
    if len(searches) == 1:
        return {searches[0].id: list(ids)}
    found: dict[UUID, list[UUID]] = {search.id: [] for search in searches}
    if ids:
        statement = scoped(_WHICH.replace("@queries@", ", ".join(one.whole for one in queries)))
        with connection.cursor() as cursor:
            cursor.execute(statement, {**parameters, "ids": list(ids)})
            for moment_id, place in cursor.fetchall():
                found[searches[place - 1].id].append(moment_id)
    return found


def about_topic(ids: Sequence[UUID], topic_id: UUID) -> list[UUID]:
    """Those of these posts that are about a topic, in their order: one statement."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(scoped(_TOPICAL), {"ids": list(ids), "topic": str(topic_id), "holds": HOLDS})
        found = {row[0] for row in cursor.fetchall()}
    return [one for one in ids if one in found]


def _query(search: Search, place: int, parameters: dict[str, Any]) -> Query:
    """What a search asks of a text and what must not be in it, as SQL; its words go into the parameters."""
    sides = []
    for name, lines in (("line", [*search.words.splitlines(), *called(search)]), ("never", search.never.splitlines())):
        keys = [f"{name}{place}_{number}" for number in range(len(lines))]
        parameters |= dict(zip(keys, lines, strict=True))
        sides.append(" || ".join(_LINE.replace("{key}", key) for key in keys))
    wanted, never = sides
    return Query(f"({wanted})", f"({never})" if never else "")


def weeks_of(ids: Sequence[UUID]) -> list[Week]:
    """The weeks up to this one, the oldest first, each with what was heard in it: one statement."""
    today = timezone.localdate(now())
    monday = today - timedelta(days=today.weekday())
    weeks = {begin: Week(begin) for begin in (monday - timedelta(weeks=WEEKS - 1 - place) for place in range(WEEKS))}
    if ids:
        with connection.cursor() as cursor:
            facts: dict[str, Any] = {"ids": list(ids), "zone": timezone.get_current_timezone_name(), "unread": UNREAD}
            cursor.execute(scoped(_WEEKS), facts)
            for begin, mood, count in cursor.fetchall():
                if begin in weeks:
                    weeks[begin].moods[mood] = weeks[begin].moods.get(mood, 0) + count
    return list(weeks.values())
