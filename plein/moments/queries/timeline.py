# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.moments.queries.cursor import Cursor
from plein.moments.queries.reading import MANY, MomentLine, read_moments
from plein.moments.vocabulary import MomentKind, State

#: The filters of a timeline: their words, and the kinds behind them.
FILTERS = {
    "": (_("Everything"), ()),
    "talks": (
        _("Conversations"),
        (MomentKind.VISIT, MomentKind.MEETING, MomentKind.CALL, MomentKind.VOICEMAIL, MomentKind.TEXT, MomentKind.CHAT),
    ),
    "mail": (_("Mail"), (MomentKind.EMAIL, MomentKind.LETTER)),
    "visits": (_("Visits and meetings"), (MomentKind.VISIT, MomentKind.MEETING)),
    "calls": (_("Calls"), (MomentKind.CALL, MomentKind.VOICEMAIL)),
    "notes": (_("Notes"), (MomentKind.NOTE,)),
    "social": (_("Social"), (MomentKind.POST,)),
}
PAGE = 30
MOST_COMING = 10
MOST_IN_THREAD = 100


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """One page of a timeline, newest first, where the next one starts, and what is coming up, soonest first."""

    moments: list[MomentLine]
    next: Cursor | None
    coming: list[MomentLine]


@dataclass(frozen=True, slots=True)
class LastContact:
    """When and how we were last in contact with somebody."""

    moment_id: UUID
    occurred_at: datetime
    kind: str
    direction: str


_TAKEN_PART = """
    SELECT DISTINCT ON (p.occurred_at, p.moment_id) p.moment_id, p.occurred_at AS place, {coming} AS is_coming
      FROM moments_participant p
      JOIN moments_moment m ON {{m}} AND m.id = p.moment_id
     WHERE {{p}} AND p.relation_id = %(relation)s AND {conditions}
     ORDER BY p.occurred_at {way}, p.moment_id {way} LIMIT %({limit})s
"""
_COMING = _TAKEN_PART.format(
    coming="true", conditions="p.occurred_at > %(now)s AND m.state = 'planned'", way="ASC", limit="coming"
)


def _past(kinds: Sequence[str], before: Cursor | None) -> str:
    conditions = "(m.state <> 'planned' OR m.occurred_at <= %(now)s)"
    if before is not None:
        conditions += " AND (p.occurred_at, p.moment_id) < (%(at)s, %(id)s)"
    if kinds:
        conditions += " AND m.kind = ANY (%(kinds)s)"
    return _TAKEN_PART.format(coming="false", conditions=conditions, way="DESC", limit="limit")


def timeline(
    relation_id: UUID,
    *,
    kinds: Sequence[str] = (),
    before: Cursor | None = None,
    limit: int = PAGE,
    with_coming: bool = False,
) -> TimelinePage:
    """What happened with a relation, newest first, in one statement; its first page also brings what is coming up."""
    sources = [f"({_past(kinds, before)})"]
    if with_coming and before is None:
        sources.insert(0, f"({_COMING})")
    found = read_moments(
        f"""({" UNION ALL ".join(sources)}) page
       JOIN moments_moment m ON {{m}} AND m.id = page.moment_id
       %laterals%
      ORDER BY page.is_coming DESC, page.place DESC, page.moment_id DESC""",
        {
            "relation": relation_id,
            "at": before.occurred_at if before else None,
            "id": before.moment_id if before else None,
            "kinds": [str(kind) for kind in kinds],
            "now": (moment := now()),
            "limit": limit + 1,
            "coming": MOST_COMING,
        },
    )
    coming = [one for one in found if one.state == State.PLANNED and one.occurred_at > moment]
    past = found[len(coming) :]
    shown = past[:limit]
    more = len(past) > limit
    return TimelinePage(shown, Cursor(shown[-1].occurred_at, shown[-1].id) if more else None, coming[::-1])


def coming_up(relation_id: UUID) -> list[MomentLine]:
    """What is planned with a relation, soonest first."""
    return read_moments(
        f"""({_COMING}) page
       JOIN moments_moment m ON {{m}} AND m.id = page.moment_id
       %laterals%
      ORDER BY page.place, page.moment_id""",
        {"relation": relation_id, "now": now(), "coming": MOST_COMING},
    )


def thread(thread_id: UUID) -> list[MomentLine]:
    """The moments that belong together, oldest first, at most a hundred."""
    return read_moments(
        """(SELECT m.* FROM moments_moment m WHERE {m} AND m.thread_id = %(thread)s
              ORDER BY m.occurred_at DESC, m.id DESC LIMIT %(limit)s) m
       %laterals%
      ORDER BY m.occurred_at, m.id""",
        {"thread": thread_id, "limit": MOST_IN_THREAD},
    )


def moments_named(moment_ids: Sequence[UUID]) -> list[MomentLine]:
    """These moments as a list shows them, in this order; what may not be seen is not among them."""
    return read_moments(
        """unnest(%(ids)s::uuid[]) WITH ORDINALITY page (id, place)
       JOIN moments_moment m ON {m} AND m.id = page.id
       %laterals%
      ORDER BY page.place""",
        {"ids": list(moment_ids)},
    )


def one_moment(moment_id: UUID) -> MomentLine | None:
    """A moment with its whole text, all its participants and all its copies, or None for what may not be seen."""
    found = read_moments(
        "moments_moment m %laterals% WHERE {m} AND m.id = %(id)s",
        {"id": moment_id},
        whole=True,
        parts=MANY,
        sources=100,
    )
    return found[0] if found else None


def fold_threads(moments: Iterable[MomentLine]) -> list[tuple[MomentLine, list[MomentLine]]]:
    """Moments of one thread fold to the newest one, with the earlier ones behind it."""
    folded: dict[UUID, tuple[MomentLine, list[MomentLine]]] = {}
    for moment in moments:
        if moment.thread_id in folded:
            folded[moment.thread_id][1].append(moment)
        else:
            folded[moment.thread_id] = (moment, [])
    return list(folded.values())


def last_contact(relation_ids: Iterable[UUID]) -> dict[UUID, LastContact]:
    """The last contact with each of these relations, in one statement; notes and mass mail are no contact."""
    wanted = list(relation_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            scoped(
                """
                SELECT r.id, last.moment_id, last.occurred_at, last.kind, last.direction
                  FROM unnest(%(relations)s::uuid[]) r (id)
                 CROSS JOIN LATERAL (
                    SELECT p.moment_id, p.occurred_at, m.kind, m.direction
                      FROM moments_participant p
                      JOIN moments_moment m ON {m} AND m.id = p.moment_id
                     WHERE {p} AND p.relation_id = r.id AND p.role <> 'about' AND m.kind <> 'note'
                       AND m.state = 'done' AND m.nature = 'personal' AND p.occurred_at <= %(now)s
                     ORDER BY p.occurred_at DESC, p.moment_id DESC LIMIT 1) last
                """
            ),
            {"relations": wanted, "now": now()},
        )
        return {row[0]: LastContact(*row[1:]) for row in cursor.fetchall()}
