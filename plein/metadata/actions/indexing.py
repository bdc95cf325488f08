# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making the cells of a field that is asked for in filters. What people keep does not change by it: it is no operation.

A writer that began before a field was marked knows nothing of it. Writers share a lock for as long as they write; who
marks a field wants it alone for a moment, so that every writer after it knows.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.core.isolation.cells import LOCK
from plein.metadata.events import FieldAskedFor
from plein.metadata.models import Field, FieldIndex, ValueRow

#: With so many rows of values in its group, the cells of a field are made while somebody waits.
AT_ONCE = 5_000
BATCH = 20_000
START = UUID(int=0)


def values_models() -> list[type[ValueRow]]:
    """Every table of values there is."""
    return [model for model in apps.get_models() if issubclass(model, ValueRow)]


def _alone() -> bool:
    """Whether no writer is at work that began without knowing what we are about to mark."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, workspace_id()])
        row = cursor.fetchone()
    return bool(row and row[0])


def _rows(field: Field) -> int:
    return sum(
        len(model.objects.filter(group_id=field.group_id).values_list("id", flat=True)[: AT_ONCE + 1])
        for model in values_models()
    )


def ensure_indexed(fields: Iterable[Field]) -> None:
    """Give these fields cells: at once where there are few values, otherwise in the background.

    Every door through which somebody filters or sorts by a field calls this; fields that have cells cost nothing.
    """
    for field in fields:
        if field.is_indexed:
            continue
        with transaction.atomic():
            if _rows(field) <= AT_ONCE and _alone():
                mark(field)
                for model in values_models():
                    fill(field, model)
                done(field)
                field.has_cells = True  # type: ignore[attr-defined]
            else:
                publish(FieldAskedFor(field.id))


def mark(field: Field) -> bool:
    """From now on triggers keep cells for this field; False while a writer is at work that would not know."""
    if FieldIndex.objects.filter(field=field).exists():
        return True
    if not _alone():
        return False
    FieldIndex.objects.bulk_create([FieldIndex(field=field, type=field.type)], ignore_conflicts=True)
    return True


def fill(field: Field, model: type[ValueRow], *, behind: UUID = START) -> None:
    """Make the cells of a whole table of values."""
    last: UUID | None = behind
    while last is not None:
        last = fill_batch(field, model, last)


def fill_batch(field: Field, model: type[ValueRow], behind: UUID) -> UUID | None:
    """Make the cells of the next rows; returns the last of them, None at the end."""
    with connection.cursor() as cursor:
        statement = f"SELECT plein_fill_{model._meta.db_table}(%s, %s, %s)"
        cursor.execute(statement, [field.id, behind, BATCH])
        row = cursor.fetchone()
    return row[0] if row else None


def is_done(field: Field) -> bool:
    """Whether all values of a field have their cells."""
    return FieldIndex.objects.filter(field=field, filled_at__isnull=False).exists()


def done(field: Field) -> None:
    """Questions may follow the index from now on."""
    FieldIndex.objects.filter(field=field).update(filled_at=now())


def fill_cells(field: Field, *, models: Sequence[type[ValueRow]] = ()) -> None:
    """Make all cells of a field that is marked, in one transaction: for tests and for who fills tables in bulk."""
    for model in models or values_models():
        fill(field, model)
    done(field)
