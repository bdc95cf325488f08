# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds out what happened that a program is to be told: in the history, as whoever looks after it may read it.

The history is numbered as it is written, and what was written earlier may become visible later. So one looks only up to
a number behind which every transaction has ended that ran when it was the last one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection

from plein.core.isolation import current, default_circle_id, workspace_id
from plein.hooks.models import OutHook, Telling
from plein.hooks.vocabulary import Happening, OutState

#: So many changes are looked at in one step.
AT_ONCE = 2000
_HORIZON = """
    SELECT coalesce((SELECT max(id) FROM core_change WHERE workspace_id = %s), 0),
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
_CHANGES = """
    SELECT c.id, c.table_name, c.kind, c.row_id, c.about_id, c.operation_id, c.circle_id, c.at,
           coalesce(c.after ->> 'done_at', '') <> ''
      FROM core_change c
     WHERE c.workspace_id = %s AND c.id > %s AND c.id <= %s
       AND (c.circle_id IS NULL OR c.circle_id = ANY(%s))
     ORDER BY c.id LIMIT %s
"""
#: Of what a change is: the table, and what happened to its row (I, U, D).
_PARTS_OF_RELATIONS = (
    "relations_contact_point_link", "relations_membership", "relations_values", "relations_tagging",
    "relations_interest", "relations_important_date",
)  # fmt: skip
_PARTS_OF_MOMENTS = ("moments_subject", "moments_text", "moments_participant", "moments_values", "moments_attachment")
_FIRST = {
    ("relations_relation", "I"): Happening.RELATION_CREATED,
    ("relations_relation", "U"): Happening.RELATION_CHANGED,
    ("relations_relation", "D"): Happening.RELATION_REMOVED,
    ("moments_moment", "I"): Happening.MOMENT_CREATED,
    ("moments_moment", "U"): Happening.MOMENT_CHANGED,
    ("moments_todo", "I"): Happening.TODO_CREATED,
    ("webforms_confirmed", "I"): Happening.FORM_CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history."""

    id: int
    table: str
    kind: str
    row_id: UUID
    about_id: UUID
    operation_id: UUID
    circle_id: int | None
    at: datetime
    is_done: bool

    @property
    def happening(self) -> Happening | None:
        """What it is to a program, if anything."""
        if self.table in _PARTS_OF_RELATIONS:
            return Happening.RELATION_CHANGED
        if self.table in _PARTS_OF_MOMENTS:
            return Happening.MOMENT_CHANGED
        if (self.table, self.kind) == ("moments_todo", "U"):
            return Happening.TODO_DONE if self.is_done else None
        if (self.table, self.kind) == ("consent_in_force", "I"):
            return Happening.CONSENT_CHANGED
        return _FIRST.get((self.table, self.kind))

    @property
    def record_id(self) -> UUID:
        """The record that a program would ask for."""
        is_part = self.table in _PARTS_OF_RELATIONS or self.table in _PARTS_OF_MOMENTS
        return self.about_id if is_part else self.row_id


def last_change() -> int:
    """The number of the last change there is."""
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON, [workspace_id()])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def watch(hook: OutHook) -> bool:
    """Note what happened since the last look; returns whether there is more to look at already."""
    if hook.state != OutState.OPEN:
        return False
    last, running, ended = _horizon()
    if hook.ahead is not None and hook.ahead_xid is not None and running >= hook.ahead_xid:
        bound = hook.ahead
        hook.ahead = hook.ahead_xid = None
    else:
        bound = hook.cursor
    if running >= ended:
        # Nobody is writing: all there is can be read.
        bound, hook.ahead, hook.ahead_xid = last, None, None
    elif hook.ahead is None and last > bound:
        hook.ahead, hook.ahead_xid = last, ended
    changes = list(_changes(hook.cursor, bound)) if bound > hook.cursor else []
    _note(hook, changes)
    is_more = len(changes) == AT_ONCE
    hook.cursor = changes[-1].id if is_more else max(bound, hook.cursor)
    if is_more:
        hook.ahead, hook.ahead_xid = bound, 0
    OutHook.objects.filter(id=hook.id).update(cursor=hook.cursor, ahead=hook.ahead, ahead_xid=hook.ahead_xid)
    return is_more


def _horizon() -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON, [workspace_id()])
        row = cursor.fetchone() or (0, 0, 1)
    return int(row[0]), int(row[1]), int(row[2])


def _changes(after: int, until: int) -> Iterator[Change]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [workspace_id(), after, until, list(current().circles), AT_ONCE])
        yield from (Change(*row) for row in cursor.fetchall())


def _note(hook: OutHook, changes: Sequence[Change]) -> None:
    """One message for each record, happening and act: its id says so, so that looking twice tells once."""
    wanted, everyone = set(hook.happenings), default_circle_id()
    made: dict[UUID, Telling] = {}
    created = {one.record_id for one in changes if one.happening in _CREATED}
    for one in changes:
        happening = one.happening
        if happening is None or happening not in wanted or (hook.is_wide_only and one.circle_id != everyone):
            continue
        if happening in _CHANGED and one.record_id in created:
            continue
        id = uuid5(hook.id, f"{happening} {one.record_id} {one.operation_id}")
        made[id] = Telling(
            id=id,
            hook=hook,
            own_circle_id=None if one.circle_id == everyone else one.circle_id,
            circle_id=one.circle_id or everyone,
            happening=happening,
            record_id=one.record_id,
            operation_id=one.operation_id,
            happened_at=one.at,
        )
    Telling.objects.bulk_create(made.values(), ignore_conflicts=True)


_CREATED = (Happening.RELATION_CREATED, Happening.MOMENT_CREATED)
_CHANGED = (Happening.RELATION_CHANGED, Happening.MOMENT_CHANGED)
