# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of the inbox, as one reader has them: pages along an index, and whom each message is for.

Every table is named with `{alias}`, where the literal workspace and circles go (lock 2); row-level security asks again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.core.isolation import seat_id
from plein.inbox.models import Message
from plein.inbox.vocabulary import PAGE, Tab
from plein.moments.queries import ABOUT, Cursor, MomentLine, PartLine, moments_named
from plein.recognition.topics import HOLDS

#: Whom a message is for: those it was written to, who owns a relation in it, who brought the mailbox in; and when that
#: is nobody who works here, everybody who may see it.
SOURCE = """
  FROM inbox_message i
  JOIN moments_moment m ON {m} AND m.id = i.moment_id
  LEFT JOIN trust_seat a ON a.workspace_id = i.workspace_id AND a.id = i.assignee_id AND a.is_active
 CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(s.id = %(me)s OR NOT p.is_ours AND o.id = %(me)s), false) AS is_mine,
           bool_or(s.id IS NOT NULL OR NOT p.is_ours AND o.id IS NOT NULL) IS NOT TRUE AS is_nobodys,
           coalesce(bool_or(p.role IN ('from', 'sender') AND p.relation_id IS NOT NULL), false) AS is_known
      FROM moments_participant p
      LEFT JOIN relations_relation r ON {r} AND r.id = p.relation_id
      LEFT JOIN trust_seat s ON s.workspace_id = r.workspace_id AND s.id = r.seat_id AND s.is_active
           AND p.role IN ('to', 'cc', 'bcc', 'with')
      LEFT JOIN trust_seat o ON o.workspace_id = r.workspace_id AND o.id = r.owner_id AND o.is_active
     WHERE {p} AND p.moment_id = i.moment_id) w
"""
OPEN = "i.state = 'open' AND (i.is_kept OR NOT (i.lane = 'filed'))"
MINE = """
(a.id = %(me)s OR a.id IS NULL AND (w.is_mine OR w.is_nobodys OR m.recorded_by_id = %(me)s))
"""
#: Business of somebody we do not know is for me all the same; before anybody looked, only of whom we know.
SURE = "(a.id IS NOT NULL OR i.is_kept OR NOT i.is_unsure AND (w.is_known OR i.worth = 'business'))"
HERE = f"{OPEN} AND i.at <= %(now)s AND (i.is_kept OR i.lane = 'inbox')"
_TABS: dict[str, str] = {
    Tab.ME: f"{HERE} AND {MINE} AND {SURE}",
    Tab.UNSURE: f"{HERE} AND {MINE} AND NOT {SURE}",
    Tab.HEARD: f"{OPEN} AND i.at <= %(now)s AND i.lane = 'heard' AND NOT i.is_kept",
    Tab.LATER: f"{OPEN} AND i.at > %(now)s AND {MINE}",
    Tab.DONE: "i.state = 'done'",
    Tab.FILED: "i.lane = 'filed' AND NOT i.is_kept",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A message in a list: what became of it, and the moment as lists show it."""

    id: UUID
    state: str
    lane: str
    worth: str
    filed_as: str
    is_unsure: bool
    is_kept: bool
    came_at: datetime
    at: datetime
    assignee_id: UUID | None
    done_by_id: UUID | None
    done_at: datetime | None
    is_known: bool
    moment: MomentLine


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page of a list, and where the next one starts."""

    lines: list[Line]
    next: Cursor | None


def _key(tab: str) -> str:
    return "i.done_at" if tab == Tab.DONE else "i.at"


def _rows(tab: str, before: Cursor | None, limit: int, kind: str, topic: UUID | None) -> list[Any]:
    key, is_later = _key(tab), tab == Tab.LATER
    sign, way = (">", "ASC") if is_later else ("<", "DESC")
    channel = "AND m.kind = %(kind)s" if kind else ""
    about = f"AND {ABOUT.replace('%of%', 'i.moment_id')}" if topic else ""
    place = f"AND ({key}, i.id) {sign} (%(at)s, %(id)s)" if before is not None else ""
    statement = f"""
SELECT i.moment_id, i.id, i.state, i.lane, i.worth, i.filed_as, i.is_unsure, i.is_kept, i.came_at, i.at, i.assignee_id,
       i.done_by_id, i.done_at, w.is_known
  {SOURCE}
 WHERE {{i}} AND {_TABS[tab]} {channel} {about} {place}
 ORDER BY {key} {way}, i.id {way} LIMIT %(limit)s"""
    return fetch(
        statement,
        {
            "at": before.occurred_at if before else None,
            "id": before.moment_id if before else None,
            "limit": limit,
            "kind": kind,
            "topic": str(topic),
            "holds": HOLDS,
        },
    )


def fetch(statement: str, parameters: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement, for the reader and the clock in force."""
    with connection.cursor() as cursor:
        cursor.execute(scoped(statement), {"me": seat_id(), "now": now(), **parameters})
        rows: list[Any] = cursor.fetchall()
        return rows


def messages(
    tab: str, *, kind: str = "", topic: UUID | None = None, before: Cursor | None = None, limit: int = PAGE
) -> MessagePage:
    """A page of a list, of one kind of contact and topic or of all: the latest first; what is put off, the soonest.

    Two statements.
    """
    rows = _rows(tab, before, limit + 1, kind, topic)
    shown = rows[:limit]
    found = {line.id: line for line in moments_named([row[0] for row in shown])} if shown else {}
    lines = [Line(*(*row[1:], found[row[0]])) for row in shown if row[0] in found]
    last = shown[-1] if len(rows) > limit else None
    place = (last[12] if tab == Tab.DONE else last[9]) if last is not None else None
    return MessagePage(lines, Cursor(place, last[1]) if place is not None and last is not None else None)


def after(tab: str, message: Message, kind: str = "", topic: UUID | None = None) -> UUID | None:
    """The moment of the message below this one in a list, or of the first one."""
    at = message.done_at if tab == Tab.DONE else message.at
    below = _rows(tab, Cursor(at, message.id) if at is not None else None, 1, kind, topic)
    found: list[Any] = below or _rows(tab, None, 1, kind, topic)
    return next((row[0] for row in found if row[1] != message.id), None)


def message_of(moment_id: UUID) -> Message | None:
    """The message behind a moment, as far as the reader may see it."""
    found: Message | None = (
        Message.objects.filter(moment_id=moment_id).select_related("assignee__user", "done_by__user").order_by("id")
    ).first()
    return found


def sender_of(parts: Sequence[PartLine]) -> PartLine | None:
    """Who wrote: whom we believe it was, else as heard."""
    writers = [part for role in ("from", "sender") for part in parts if part.role == role]
    others = [part for part in parts if not part.is_ours and part.role != "for"]
    return next(iter([*writers, *others]), None)
