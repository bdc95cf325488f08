# SPDX-License-Identifier: AGPL-3.0-or-later
"""The topics of a company: what they were taught by, which moments are about one, how many each week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.moments.models import Correction, MomentText, Topic
from plein.moments.queries.reading import MomentLine
from plein.moments.queries.recognised import TOPIC
from plein.moments.queries.timeline import moments_named
from plein.moments.recognised_words import YES
from plein.recognition.topics import HOLDS, Lesson, Topics, learned_topics

#: So many corrections are learned from, the latest; and letters of each text.
MOST_LESSONS, LONGEST = 400, 2_000
#: The weeks that a picture shows, and how many moments a page does.
WEEKS, SHOWN = 13, 20
#: Whether the moment in {of} is about the topic %(topic)s: as a colleague said last, else as a model thinks.
ABOUT = """
EXISTS (SELECT FROM moments_text t LEFT JOIN moments_recognised r ON {r} AND r.text_id = t.id
            AND r.print = hashtext(t.text)
         WHERE {t} AND t.moment_id = %of% AND coalesce(
             (SELECT k.value = 'yes' FROM moments_correction k WHERE {k} AND k.text_id = t.id
                 AND k.about = 'topic:' || %(topic)s ORDER BY k.said_at DESC, k.id DESC LIMIT 1),
             (r.topics ->> %(topic)s)::float8 >= %(holds)s, false))
"""
_FOUND = f"""
SELECT m.id FROM moments_moment m
 WHERE {{m}} AND m.occurred_at >= %(since)s AND m.occurred_at <= %(now)s AND {ABOUT.replace("%of%", "m.id")}
 ORDER BY m.occurred_at DESC, m.id DESC LIMIT %(limit)s
"""
_WEEKS = f"""
SELECT date_trunc('week', m.occurred_at AT TIME ZONE %(zone)s)::date, count(*) FROM moments_moment m
 WHERE {{m}} AND m.occurred_at >= %(since)s AND m.occurred_at <= %(now)s AND {ABOUT.replace("%of%", "m.id")}
 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class TopicWeek:
    """One week, by its Monday, and how many moments were about a topic."""

    begin: date
    count: int


def topics() -> list[Topic]:
    """The topics, by name."""
    return list(Topic.objects.order_by("name", "id"))


def names_of_topics() -> dict[str, str]:
    """The name of each topic by its id as text."""
    return {str(one.id): one.name for one in topics()}


def is_topic(about: str) -> bool:
    """Whether a correction about this is about a topic that there is."""
    if not about.startswith(TOPIC):
        return False
    try:
        wanted = UUID(about.removeprefix(TOPIC))
    except ValueError:
        return False
    return str(wanted) == about.removeprefix(TOPIC) and Topic.objects.filter(id=wanted).exists()


def lessons_of_topics() -> list[Lesson]:
    """What each topic was taught by: its words and examples, and what colleagues said of texts that everyone may read.

    Three statements.
    """
    everyone = default_circle_id()
    taught = {str(one.id): one for one in topics()}
    said = Correction.objects.filter(circle_id=everyone, about__startswith=TOPIC).order_by("-said_at", "-id")
    chosen = list(said[:MOST_LESSONS]) if taught else []
    found = MomentText.objects.filter(id__in=[one.text_id for one in chosen], circle_id=everyone)
    texts = dict(found.values_list("id", "text")) if chosen else {}
    about: dict[str, dict[UUID, bool]] = {key: {} for key in taught}
    for one in reversed(chosen):
        if (key := one.about.removeprefix(TOPIC)) in about and texts.get(one.text_id, "").strip():
            about[key][one.text_id] = one.value == YES
    return [
        Lesson(
            key=key,
            words=tuple(topic.words.splitlines()),
            examples=tuple(topic.examples.splitlines()),
            said=tuple((texts[id][:LONGEST], holds) for id, holds in about[key].items()),
        )
        for key, topic in taught.items()
    ]


def topics_in_use() -> Topics | None:
    """What texts are read with to see what they are about; None where there are no topics."""
    lessons = lessons_of_topics()
    return learned_topics(tuple(lessons)) if lessons else None


def moments_about(topic_id: UUID, limit: int = SHOWN) -> list[MomentLine]:
    """The latest moments about a topic."""
    ids = [row[0] for row in _rows(_FOUND, topic_id, limit=limit)]
    return moments_named(ids) if ids else []


def weeks_about(topic_id: UUID) -> list[TopicWeek]:
    """The weeks up to this one, the oldest first, each with how many moments were about a topic: one statement."""
    counts = dict(_rows(_WEEKS, topic_id, zone=timezone.get_current_timezone_name()))
    monday = _monday()
    begins = [monday - timedelta(weeks=WEEKS - 1 - place) for place in range(WEEKS)]
    return [TopicWeek(begin, counts.get(begin, 0)) for begin in begins]


def _monday() -> date:
    today = timezone.localdate(now())
    return today - timedelta(days=today.weekday())


def _rows(statement: str, topic_id: UUID, **facts: Any) -> list[tuple[Any, ...]]:
    since = now() - timedelta(weeks=WEEKS)
    with connection.cursor() as cursor:
        known: dict[str, Any] = {"topic": str(topic_id), "holds": HOLDS, "since": since, "now": now(), **facts}
        cursor.execute(scoped(statement), known)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
