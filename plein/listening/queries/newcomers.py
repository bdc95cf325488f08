# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who became interesting to us: new followers of ours who stand near people with whom something is going on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.network.queries.following import Id, neighbours, this_moment
from plein.relations.models import Relation, Tie
from plein.relations.vocabulary import RelationKind, TieKind

#: Who began to follow us longer ago is no news; of more than so many the latest are looked at.
NEWS, MOST = timedelta(days=30), 30
#: What somebody wrote longer ago is going on no more; so many people with whom something is are looked at.
LATELY, MOST_GOING_ON = timedelta(days=60), 2_000
#: So many neighbours are followed one tie further.
MOST_BETWEEN = 3_000
_GOING_ON = """
SELECT x.id, min(x.what) FROM (
    (SELECT p.relation_id AS id, 'appointment' AS what
       FROM moments_moment m
       JOIN moments_participant p ON {p} AND p.moment_id = m.id AND NOT p.is_ours AND p.relation_id IS NOT NULL
      WHERE {m} AND m.state = 'planned' AND m.occurred_at >= %(now)s ORDER BY m.occurred_at LIMIT %(most)s)
    UNION ALL
    (SELECT q.relation_id, 'wants_to_buy'
       FROM moments_moment n
       JOIN moments_recognised h ON {h} AND h.moment_id = n.id AND (h.labels ->> 'buying_intent')::float8 >= 0.5
       JOIN moments_participant q ON {q} AND q.moment_id = n.id AND q.role = 'from' AND NOT q.is_ours
            AND q.relation_id IS NOT NULL
      WHERE {n} AND n.direction = 'inbound' AND n.occurred_at >= %(since)s ORDER BY n.occurred_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT t.relation_id, 'todo' FROM moments_todo t
      WHERE {t} AND t.done_at IS NULL AND t.relation_id IS NOT NULL ORDER BY t.id DESC LIMIT %(most)s)) x
 GROUP BY x.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new follower: whom of us they follow, since when, and how many ties they are from whom something is going on
    with; `between` is who stands between the two when there are two ties, `what` what is going on.
    """

    person: Relation
    followed: Relation
    since: date
    ties: int
    near: Relation
    between: Relation | None
    what: str


def newcomers() -> list[Newcomer]:
    """The new followers that stand near something, the nearest first: at most five statements."""
    follows = _new_follows()
    going = _going_on() if follows else {}
    moment, ids = this_moment(), [str(tie.one_id) for tie in follows]
    first = neighbours(ids, moment) if going else {}
    between = {far for theirs in first.values() for far in theirs if far not in going}
    second = neighbours(sorted(between)[:MOST_BETWEEN], moment) if between else {}
    ways = {one: way for one in ids if (way := _way(one, going, first, second)) is not None}
    named = {str(one.id): one for one in Relation.objects.filter(id__in={id for way in ways.values() for id in way})}
    return sorted(_told(follows, ways, named, going), key=lambda one: (one.ties, one.person.name))


def _new_follows() -> list[Tie]:
    since = timezone.localdate(now()) - NEWS
    first = UUID(int=int((now() - NEWS).timestamp() * 1000) << 80)
    new = Q(starts_on__gte=since) | Q(starts_on__isnull=True, id__gte=first)
    found = Tie.objects.filter(new, kind=TieKind.FOLLOWS, one__kind=RelationKind.PERSON, other__seat_id__isnull=False)
    latest = found.filter(ends_on__isnull=True, one__seat_id__isnull=True).select_related("one", "other")
    return list({tie.one_id: tie for tie in latest.order_by("-id")[:MOST]}.values())


def _going_on() -> dict[Id, str]:
    facts: dict[str, Any] = {"now": now(), "since": now() - LATELY, "most": MOST_GOING_ON}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_GOING_ON), facts)
        return {str(one): what for one, what in cursor.fetchall()}


def _way(one: Id, going: dict[Id, str], first: dict[Id, Any], second: dict[Id, Any]) -> tuple[Id, ...] | None:
    """The ends of the shortest way to where something is going on: the cheapest tie first."""
    theirs = sorted(first.get(one, {}).items(), key=lambda tie: (tie[1].cost, tie[0]))
    for far, _tie in theirs:
        if far in going:
            return (far,)
    for middle, _tie in theirs:
        for far, _other in sorted(second.get(middle, {}).items(), key=lambda tie: (tie[1].cost, tie[0])):
            if far in going and far != one:
                return (middle, far)
    return None


def _told(
    follows: Iterable[Tie], ways: dict[Id, tuple[Id, ...]], named: dict[Id, Relation], going: dict[Id, str]
) -> Iterator[Newcomer]:
    for tie in follows:
        way = ways.get(str(tie.one_id))
        if way is None or any(one not in named for one in way):
            continue
        since = tie.starts_on or timezone.localdate(now())
        between = named[way[0]] if len(way) > 1 else None
        yield Newcomer(tie.one, tie.other, since, len(way), named[way[-1]], between, going[way[-1]])
