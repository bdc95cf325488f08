# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a colleague's day is made of: appointments, what happened around them, and what was promised."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plein.core.ids import now
from plein.moments.queries.reading import MomentLine, read_moments
from plein.relations.models import Relation

#: Recent moments are looked through up to here for those around one colleague.
LOOKED_THROUGH = 400
FORGOTTEN_AFTER = timedelta(days=60)
UNSETTLED = timedelta(days=14)
#: So many of the latest follow-ups of the company are looked through for those of one colleague.
FOLLOW_UPS = 1000


_MINE = """
    AND EXISTS (SELECT FROM moments_participant p
                  JOIN relations_relation r ON {r} AND r.id = p.relation_id
                 WHERE {p} AND p.moment_id = m.id
                   AND (r.owner_id = %(seat)s OR r.seat_id = %(seat)s
                        OR EXISTS (SELECT FROM relations_favourite f
                                    WHERE {f} AND f.seat_id = %(seat)s AND f.relation_id = r.id)))
"""
_EVERYBODYS = ""
_RECENT = """(SELECT m.* FROM (SELECT m.* FROM moments_moment m
                        WHERE {m} AND m.occurred_at <= %(now)s
                        ORDER BY m.occurred_at DESC, m.id DESC LIMIT %(through)s) m
              WHERE m.state = 'done' AND m.nature = 'personal' %around%
              ORDER BY m.occurred_at DESC, m.id DESC LIMIT %(limit)s) m
       %laterals%
      ORDER BY m.occurred_at DESC, m.id DESC"""


@dataclass(frozen=True, slots=True)
class Agenda:
    """Appointments of a stretch of time, and those before it of which nobody said whether they took place."""

    appointments: list[MomentLine]
    unsettled: list[MomentLine]


def person_of(seat_id: UUID) -> Relation | None:
    """The person a colleague is in this workspace."""
    return Relation.objects.filter(seat_id=seat_id).order_by("id").first()


_MY_PART = """
    AND (m.recorded_by_id = %(seat)s AND m.state = 'planned' OR EXISTS (
         SELECT FROM moments_participant p
           JOIN relations_relation r ON {r} AND r.id = p.relation_id
          WHERE {p} AND p.moment_id = m.id AND r.seat_id = %(seat)s))
"""
#: What is planned has an index of its own; of what is done only today's visits and meetings are looked at.
_APPOINTMENTS = """((SELECT m.* FROM moments_moment m
              WHERE {m} AND m.state = 'planned' AND m.occurred_at >= %(since)s AND m.occurred_at < %(end)s %my_part%
              ORDER BY m.occurred_at, m.id LIMIT %(limit)s)
             UNION ALL
             (SELECT m.* FROM moments_moment m
              WHERE {m} AND m.state = 'done' AND m.kind IN ('visit', 'meeting')
                AND m.occurred_at >= %(start)s AND m.occurred_at < %(end)s %my_part%
              ORDER BY m.occurred_at, m.id LIMIT %(limit)s)) m
       %laterals%
      ORDER BY m.occurred_at, m.id""".replace("%my_part%", _MY_PART)


def appointments_between(seat_id: UUID, start: datetime, end: datetime, *, limit: int = 40) -> Agenda:
    """What a colleague planned or takes part in, between two times, soonest first; and what is unsettled before."""
    found = read_moments(
        _APPOINTMENTS, {"seat": seat_id, "start": start, "end": end, "since": start - UNSETTLED, "limit": limit}
    )
    moment = now()
    return Agenda(
        [one for one in found if one.occurred_at >= start or (one.is_all_day and end_of(one) > start)],
        [one for one in found if one.state == "planned" and end_of(one, at_least=timedelta()) < moment],
    )


def end_of(line: MomentLine, *, at_least: timedelta = timedelta(hours=1)) -> datetime:
    """When an appointment is over: a whole day at its end, others an hour after they began unless they say when."""
    if line.is_all_day:
        return (line.ends_at or line.occurred_at) + timedelta(days=1)
    return line.ends_at or line.occurred_at + at_least


def recent_activity(seat_id: UUID, *, everybody: bool = False, limit: int = 14) -> list[MomentLine]:
    """The latest moments of relations a colleague owns, keeps at hand or was in contact with; or of everybody."""
    around = _EVERYBODYS if everybody else _MINE
    return read_moments(
        _RECENT.replace("%around%", around),
        {"seat": seat_id, "now": now(), "through": LOOKED_THROUGH, "limit": limit},
    )


def open_follow_ups(seat_id: UUID, *, limit: int = 5) -> list[MomentLine]:
    """Moments a colleague recorded that name a follow-up, of which no to-do was made yet."""
    return read_moments(
        """(SELECT m.* FROM (SELECT f.moment_id FROM moments_text f WHERE {f} AND f.follow_up <> ''
                             ORDER BY f.moment_id DESC LIMIT %(through)s) f
              JOIN moments_moment m ON {m} AND m.id = f.moment_id
             WHERE m.recorded_by_id = %(seat)s AND m.state = 'done'
               AND m.occurred_at > %(since)s
               AND NOT EXISTS (SELECT FROM moments_todo d WHERE {d} AND d.moment_id = m.id)
             ORDER BY f.moment_id DESC LIMIT %(limit)s) m
       %laterals%
      ORDER BY m.occurred_at DESC, m.id DESC""",
        {"seat": seat_id, "since": now() - FORGOTTEN_AFTER, "through": FOLLOW_UPS, "limit": limit},
    )
