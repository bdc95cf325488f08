# SPDX-License-Identifier: AGPL-3.0-or-later
"""What there is to tell about acts on many rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.core.models import Change, Operation
from plein.lists.bulk.models import BulkFailure, BulkRun, BulkState
from plein.lists.kinds import kind_of

#: After this long without a sign of life a worker is taken for dead.
SILENCE = timedelta(seconds=60)
ON_A_PAGE = 100
#: Columns that name a record that is gone, first one first.
NAMING = ("name", "title")


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that was left as it was: what it is called, where it is if it is still there, and why."""

    id: UUID
    record_id: UUID
    name: str
    href: str
    reason: str


def run_of(operation_id: UUID) -> BulkRun | None:
    """The run that an operation was, when it was one and the reader may see it."""
    found: BulkRun | None = BulkRun.objects.filter(operation_id=operation_id).first()
    return found


def look_of(run: BulkRun) -> str:
    """Which of the faces of its page fits a run."""
    return looks_of([run])[0]


def looks_of(runs: Sequence[BulkRun]) -> list[str]:
    """The same of several at once."""
    operations = [run.operation_id for run in runs if run.finished_at is not None]
    turned = Operation.objects.filter(id__in=operations, undone_by__isnull=False) if operations else ()
    undone = {one.id for one in turned}
    return [_look(run, is_undone=run.operation_id in undone) for run in runs]


def _look(run: BulkRun, *, is_undone: bool) -> str:
    if run.undo == "busy":
        return "undoing"
    if run.state == BulkState.RUNNING:
        if run.lease_until and run.lease_until < now() - SILENCE:
            return "silent"
        return "running" if run.fence else "waiting"
    return "undone" if is_undone else str(run.state)


def failures_of(run: BulkRun, *, after: UUID | None = None, limit: int = ON_A_PAGE) -> list[Failure]:
    """Rows that a run left as they were, named as far as the reader may see them."""
    found = BulkFailure.objects.filter(run=run).order_by("id")
    if after is not None:
        found = found.filter(id__gt=after)
    return list(_named(run.kind, list(found[:limit])))


def all_failures(run: BulkRun) -> Iterator[Failure]:
    """All of them, some at a time."""
    after: UUID | None = None
    while found := failures_of(run, after=after, limit=500):
        yield from found
        after = found[-1].id


def _named(kind_key: str, failures: Sequence[BulkFailure]) -> Iterator[Failure]:
    kind = kind_of(kind_key)
    ids = [one.record_id for one in failures]
    there = {record.id: record for record in kind.rows().filter(id__in=ids)}
    if kind.prepare is not None:
        kind.prepare(list(there.values()))
    gone = _names_of_gone(kind.model._meta.db_table, [one for one in ids if one not in there])
    for one in failures:
        record = there.get(one.record_id)
        name = kind.name_of(record) if record else gone.get(one.record_id) or _("no longer to be seen")
        yield Failure(one.id, one.record_id, name, kind.pages.record(one.record_id) if record else "", one.reason)


def _names_of_gone(table: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What removed records were called, of those whose removal the reader may see."""
    removals = Change.objects.filter(table_name=table, row_id__in=ids, kind="D").order_by("row_id", "-id")
    found = removals.distinct("row_id").values_list("row_id", "before")
    return {row: next((str(kept[name]) for name in NAMING if kept.get(name)), "") for row, kept in found if kept}
