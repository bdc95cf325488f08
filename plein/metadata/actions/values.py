# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing values, of one record or of many."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, JSONField, Q, Value
from django.utils.translation import gettext as _

from plein.core.audit import Shown
from plein.core.ids import now
from plein.core.models import Change, Operation
from plein.core.operations import operation
from plein.metadata.models import Field, ValueRow
from plein.metadata.queries import Catalog, catalog
from plein.metadata.queries.cells import named, names_of
from plein.metadata.reading import read, relation_id
from plein.metadata.refusals import Difference, Unreadable, ValueConflict, WrongValues
from plein.metadata.vocabulary import FieldType
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: Rows written by one statement.
BATCH = 5_000


def read_values(
    values: Mapping[str, Any], *, kind: str, known: Catalog, values_model: type[ValueRow]
) -> dict[Field, Any]:
    """Raw values by key as they are kept; raises WrongValues with a sentence for each that cannot be."""
    found: dict[Field, Any] = {}
    errors: dict[str, str] = {}
    for key, raw in values.items():
        field = known.by_key(key, kind)
        if field is None:
            errors[key] = _("There is no field of this name here.")
            continue
        try:
            found[field] = checked(field, raw, values_model)
        except Unreadable as trouble:
            errors[key] = str(trouble)
    if errors:
        raise WrongValues(errors)
    return found


def checked(field: Field, raw: Any, values_model: type[ValueRow]) -> Any:
    """One value as it is kept; raises Unreadable."""
    if field.is_retired:
        raise Unreadable(_("“%(field)s” is retired: its values stay, and can no longer be changed.")
                         % {"field": field.label})  # fmt: skip
    value = read(field, raw)
    if value is None and field.is_required:
        raise Unreadable(_("“%(field)s” must be filled in.") % {"field": field.label})
    return _relation(value, values_model) if field.type == FieldType.RELATION and value else value


def _relation(value: str, values_model: type[ValueRow]) -> str:
    """The relation that was meant, by its id or its name; raises Unreadable."""
    wanted = relation_id(value)
    if wanted is not None:
        if not names_of(values_model, [wanted]):
            raise Unreadable(_("Choose somebody from the list."))
        return value
    found = named(values_model, value)
    if len(found) > 1:
        raise Unreadable(_("Several are called so. Paste the address of the page of the one you mean."))
    if not found:
        raise Unreadable(_("There is nobody of that name. Add them first."))
    return str(found[0])


def kind_of(values_model: type[ValueRow], record: Any) -> str:
    """What a record is, in the words of fields."""
    return str(record.kind) if values_model.record_name == "relation" else values_model.record_name


def check_required(
    values: Mapping[str, Any], *, kind: str, known: Catalog, tags: Collection[UUID] = ()
) -> dict[str, str]:
    """A sentence for each field that a new record of this kind must have and `values` lacks."""
    return {
        field.key: _("“%(field)s” must be filled in.") % {"field": field.label}
        for field in known.shown(kind, tags=tags)
        if field.is_required and values.get(field.key) in (None, "", [], {})
    }


def set_values(
    *,
    actor: Entrance,
    values_model: type[ValueRow],
    record: models.Model,
    values: Mapping[str, Any],
    based_on: Mapping[UUID, int] | int | None = None,
    known: Catalog | None = None,
) -> Operation | None:
    """Write values of one record, from whatever door; returns the operation, None when nothing changed.

    `values` are raw, by the key of their field; None takes a value away. `based_on` is the version of the row an edit
    began with, or that of each group; without it nobody is asked. Raises WrongValues, and ValueConflict when one of
    these very fields was changed since.
    """
    permit(actor, "write")
    kind = kind_of(values_model, record)
    read_in = read_values(values, kind=kind, known=known or catalog(), values_model=values_model)
    by_group: dict[UUID, dict[Field, Any]] = {}
    for field, value in read_in.items():
        by_group.setdefault(field.group_id, {})[field] = value
    done: Operation | None = None
    with transaction.atomic():
        rows = _rows_of(values_model, record, by_group)
        if based_on is not None:
            _check(rows, by_group, based_on)
        changed = {
            group: wanted
            for group, wanted in by_group.items()
            if any(_present(rows.get(group), field) != value for field, value in wanted.items())
        }
        if changed:
            with operation("set_values") as done:
                for group, wanted in changed.items():
                    _write(values_model, record, group, rows.get(group), wanted)
    return done


def _rows_of(values_model: type[ValueRow], record: models.Model, groups: Iterable[UUID]) -> dict[UUID, ValueRow]:
    of_it = {f"{values_model.record_name}_id": record.pk}
    rows = values_model.objects.filter(group_id__in=list(groups), **of_it)
    return {row.group_id: row for row in rows.select_for_update(of=("self",))}


def _present(row: ValueRow | None, field: Field) -> Any:
    return row.values.get(str(field.id)) if row else None


def _check(
    rows: Mapping[UUID, ValueRow], by_group: Mapping[UUID, Mapping[Field, Any]], based_on: Mapping[UUID, int] | int
) -> None:
    """Raise ValueConflict when somebody changed one of these fields since; another field of the group is no matter."""
    differing: list[Difference] = []
    seen: dict[UUID, Shown] = {}
    version = 0
    for group, wanted in by_group.items():
        row = rows.get(group)
        base = based_on if isinstance(based_on, int) else based_on.get(group)
        if row is None or base is None or base == row.version:
            continue
        touched = _touched_since(row, base)
        for field, value in wanted.items():
            theirs = _present(row, field)
            if theirs != value and (touched is None or str(field.id) in touched):
                differing.append(Difference(field, theirs, value))
                version = row.version
                seen[group] = Shown(row.record_id, row.circle_id)
    if differing:
        raise ValueConflict(differing, version, list(seen.values()))


def _touched_since(row: ValueRow, version: int) -> set[str] | None:
    """The ids of the fields that changed after a version, None when history does not reach that far.

    Every version is one change in the history, so that counting back finds where an edit began.
    """
    count = row.version - version
    if version <= 0:
        return set(row.values)
    if count < 0 or count > 200:
        return None
    found = list(Change.objects.filter(row_id=row.id, kind="U").order_by("-id")[:count])
    if len(found) < count:
        return None
    touched: set[str] = set()
    for change in found:
        before, after = (change.before or {}).get("values"), (change.after or {}).get("values")
        if before is not None and after is not None:
            touched |= {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return touched


def _write(
    values_model: type[ValueRow],
    record: models.Model,
    group: UUID,
    row: ValueRow | None,
    wanted: Mapping[Field, Any],
) -> None:
    today = now().date().isoformat()
    given = {str(field.id): value for field, value in wanted.items() if value is not None}
    gone = [str(field.id) for field, value in wanted.items() if value is None]
    days = dict.fromkeys(given, today)
    if row is None:
        try:
            with transaction.atomic():
                of_it = {f"{values_model.record_name}_id": record.pk}
                values_model.objects.create(group_id=group, values=given, filled=days, **of_it)
            return
        except IntegrityError:
            # Somebody wrote the first value of this group at the same moment.
            row = _rows_of(values_model, record, [group])[group]
    values = {key: value for key, value in {**row.values, **given}.items() if key not in gone}
    values_model.objects.filter(id=row.id).update(values=values, filled={**row.filled, **days})


class Merged(Func):
    """One JSON object laid over another."""

    arg_joiner = " || "
    template = "(%(expressions)s)"
    output_field = JSONField()


class Without(Func):
    """A JSON object without one of its keys."""

    arg_joiner = " - "
    template = "(%(expressions)s)"
    output_field = JSONField()


def set_value_of_many(
    *,
    actor: Entrance,
    values_model: type[ValueRow],
    ids: Collection[UUID],
    field: Field,
    raw: Any,
) -> int:
    """Write one value of many records at once, or take it away (None); returns of how many it changed.

    The ids are those of records the reader may see. Raises WrongValues. Call it in batches inside one operation.
    """
    permit(actor, "write")
    try:
        value = checked(field, raw, values_model)
    except Unreadable as trouble:
        raise WrongValues({field.key: str(trouble)}) from trouble
    chosen = list(ids)
    changed = 0
    with operation("set_values_of_many", count=len(chosen)):
        for start in range(0, len(chosen), BATCH):
            changed += _write_many(values_model, chosen[start : start + BATCH], field, value)
    return changed


def _write_many(values_model: type[ValueRow], ids: list[UUID], field: Field, value: Any) -> int:
    record, key = f"{values_model.record_name}_id", str(field.id)
    rows = values_model.objects.filter(group_id=field.group_id, **{f"{record}__in": ids})
    if value is None:
        return rows.filter(values__has_key=key).update(values=Without(F("values"), Value(key)))
    day = {key: now().date().isoformat()}
    present = set(rows.values_list(record, flat=True))
    missing = [
        values_model(group_id=field.group_id, values={key: value}, filled=day, **{record: one})
        for one in ids
        if one not in present
    ]
    differs = ~Q(**{f"values__{key}": value}) | ~Q(values__has_key=key)
    changed = rows.filter(differs).update(
        values=Merged(F("values"), Value({key: value}, JSONField())),
        filled=Merged(F("filled"), Value(day, JSONField())),
    )
    values_model.objects.bulk_create(missing, ignore_conflicts=True)
    return changed + len(missing)
