# SPDX-License-Identifier: AGPL-3.0-or-later
"""The notifications of one colleague as lines. Every query here asks for one seat: what concerns others is theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from plein.channels.models import Connection
from plein.core.audit import audit_look
from plein.moments.models import MomentSubject, Participant
from plein.notifications.models import Notification, Preference
from plein.notifications.queries.preferences import kinds_by
from plein.notifications.vocabulary import STRENGTH, Channel, Kind
from plein.relations.models import Relation

PAGE = 30
#: Unread lines are counted no further than this.
MOST_COUNTED = 99
#: So many rows of one line are looked at; a line that has more says "and more".
MOST_ROWS = 600


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of lines ends."""

    at: datetime
    line: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.line}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor of an address; None when it cannot be read."""
        at, _sign, line = text.partition("~")
        try:
            moment = datetime.fromisoformat(at)
            return cls(moment, UUID(line)) if moment.tzinfo is not None else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown as one: the strongest of its rows first, and what it is about as far as the reader may see it."""

    id: UUID
    kind: str
    rows: tuple[Notification, ...]
    whom: tuple[Relation, ...] = ()
    subject: str = ""

    @property
    def first(self) -> Notification:
        return self.rows[0]

    @property
    def at(self) -> datetime:
        return max(row.at for row in self.rows)

    @property
    def is_unread(self) -> bool:
        return any(row.read_at is None for row in self.rows)

    @property
    def count(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def by_name(self) -> str:
        """Who it came from, when that was one person."""
        by = {row.by_id: row.by for row in self.rows}
        one = next(iter(by.values()))
        return str(one) if len(by) == 1 and one is not None else ""


def mine(seat: UUID, preference: Preference, channel: str = Channel.PRODUCT) -> QuerySet[Notification]:
    """What concerns one colleague, of the kinds they want to hear by this means."""
    found: QuerySet[Notification] = Notification.objects.filter(seat_id=seat, kind__in=kinds_by(preference, channel))
    return found


def unread_count(seat: UUID, preference: Preference) -> int:
    """How many lines are unread, counted to 99 at most."""
    unread = mine(seat, preference).filter(read_at__isnull=True)
    return len(unread.order_by().values_list("line", flat=True).distinct()[: MOST_COUNTED + 1])


def page_of_lines(
    seat: UUID, preference: Preference, *, unread_only: bool = False, after: Cursor | None = None, limit: int = PAGE
) -> tuple[list[Line], Cursor | None]:
    """A page of lines, the newest first, and where the next one begins."""
    found = mine(seat, preference)
    if unread_only:
        found = found.filter(read_at__isnull=True)
    if after is not None:
        found = found.filter(line_at__lte=after.at).exclude(line_at=after.at, line__gte=after.line)
    keys = list(found.order_by("-line_at", "-line").values_list("line_at", "line").distinct()[: limit + 1])
    shown = keys[:limit]
    following = Cursor(*shown[-1]) if len(keys) > limit else None
    return lines_of(mine(seat, preference), [line for _at, line in shown]), following


def lines_of(rows: QuerySet[Notification], ids: Sequence[UUID]) -> list[Line]:
    """These lines, in this order; what is not there for the reader is left out."""
    if not ids:
        return []
    wanted = rows.filter(line__in=ids).select_related("relation__owner__user", "moment", "text", "todo", "by__user")
    by_line: dict[UUID, list[Notification]] = {}
    for row in wanted.order_by("-at", "-id")[:MOST_ROWS]:
        by_line.setdefault(row.line, []).append(row)
    moments = [row.moment_id for rows in by_line.values() for row in rows[:1] if row.moment_id]
    stopped = [row.about for rows in by_line.values() for row in rows[:1] if row.what == "connection"]
    whom, subjects = _whom(moments), _subjects(moments) | _names_of(stopped)
    shown = [row for rows in by_line.values() for row in rows[:1]]
    named = [one for some in whom.values() for one in some]
    audit_look("relation", [*(row.relation for row in shown), *named], how="list")
    audit_look("moment", [row.moment for row in shown], how="list")
    audit_look("todo", [row.todo for row in shown], how="list")
    return [_line(one, by_line[one], whom, subjects) for one in ids if one in by_line]


def _line(id: UUID, rows: Iterable[Notification], whom: dict[UUID, list[Relation]], subjects: dict[UUID, str]) -> Line:
    ordered = sorted(rows, key=lambda row: STRENGTH.index(Kind(row.kind)))
    first = ordered[0]
    moment = first.about if first.what == "connection" else first.moment_id
    if moment is None:
        return Line(id, first.kind, tuple(ordered))
    return Line(id, first.kind, tuple(ordered), tuple(whom.get(moment, ())), subjects.get(moment, ""))


def _whom(moments: list[UUID]) -> dict[UUID, list[Relation]]:
    """With whom these moments were, as far as the reader may see them."""
    found: dict[UUID, list[Relation]] = {}
    if not moments:
        return found
    parts = Participant.objects.filter(moment_id__in=moments, relation__isnull=False, is_ours=False)
    for part in parts.select_related("relation").order_by("id"):
        if part.relation is not None and part.relation not in found.setdefault(part.moment_id, []):
            found[part.moment_id].append(part.relation)
    return found


def _subjects(moments: list[UUID]) -> dict[UUID, str]:
    if not moments:
        return {}
    found = MomentSubject.objects.filter(moment_id__in=moments).exclude(title="").order_by("-id")
    return dict(found.values_list("moment_id", "title"))


def _names_of(connections: list[UUID]) -> dict[UUID, str]:
    """What the reader calls these connections, as far as they are still there."""
    if not connections:
        return {}
    return dict(Connection.objects.filter(id__in=connections).values_list("id", "name"))


def newest(seat: UUID, preference: Preference, *, after: datetime) -> QuerySet[Notification]:
    """What came in after a moment and is unread."""
    return mine(seat, preference).filter(Q(read_at__isnull=True), at__gt=after).order_by("at", "id")
