# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what was done, and to turning it back."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from plein.api.operation_shapes import (
    ChangeList,
    ChangeOut,
    ConflictOut,
    Doer,
    EffectOut,
    OperationFilters,
    OperationItem,
    OperationList,
    OperationOut,
    RemovedList,
    RemovedOut,
    Undone,
    UndoOutlook,
    UndoPreview,
    UndoWish,
)
from plein.core.models import Change, Operation
from plein.core.operations import (
    Chosen,
    Conflict,
    changes_about,
    conflicts_of,
    look_at,
    outlook,
    preview_undo,
    recent_operations,
    recycle_page,
)
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Impossible, needs
from plein.lists.bulk.actions import turn_back
from plein.lists.bulk.acts import CannotChange
from plein.moments.models import Moment
from plein.relations.models import Relation
from plein.trust.models import Seat
from plein.trust.permissions import may_undo
from plein.trust.seats import Entrance, seat_of

router = Router(tags=["operations"])
PAGE = 50
MOST_CHANGES = 200
#: Columns that stay inside: by which rows are kept apart, compared or sorted.
KEPT_INSIDE = frozenset(
    {"circle_id", "own_circle_id", "workspace_id", "sort_name", "fingerprint", "key", "sha256", "photo"}
)
#: What the recycle bin holds: what programs call it, and the column that names it.
BIN: dict[str, tuple[Literal["relation", "moment", "todo"], str]] = {
    "relations_relation": ("relation", "name"),
    "moments_moment": ("moment", "kind"),
    "moments_todo": ("todo", "title"),
}


@router.get("/operations", response=OperationList, summary="List what was done")
def list_operations(
    request: HttpRequest, filters: Query[OperationFilters], limit: Limit = PAGE, cursor: CursorText = ""
) -> OperationList:
    """Operations of which the reader may see something, newest first."""
    actor = seat_of(request)
    found = recent_operations(before=_place(cursor), wanted=filters.wanted(actor), limit=limit + 1)
    page = found[:limit]
    names = _names({one.seat_id for one in page})
    following = (
        f"{page[-1].started_at.isoformat()}~{page[-1].id}".replace("+00:00", "Z") if len(found) > limit else None
    )
    return OperationList(items=[_item(one, names, actor) for one in page], next=following)


@router.post("/operations/{operation_id}/undo", response=Undone, summary="Turn an operation back")
def undo(request: HttpRequest, operation_id: UUID, payload: UndoWish | None = None) -> Undone:
    """Turn back what an operation did; what was changed since is left alone and counted, unless it is named."""
    anyway = [Chosen(one.row, one.last_change) for one in payload.anyway] if payload else []
    try:
        result = turn_back(actor=seat_of(request), operation_id=operation_id, anyway=anyway)
    except CannotChange as refusal:
        raise Impossible(str(refusal)) from refusal
    if result is None:
        return Undone(operation=None, turned_back=0, left_alone=0, is_busy=True)
    request.operation_id = result.operation.id  # type: ignore[attr-defined]
    return Undone(
        operation=result.operation.id, turned_back=result.turned_back, left_alone=result.left_alone, is_busy=False
    )


@router.get("/operations/{operation_id}", response=OperationOut, summary="Read what an operation did")
def read_operation(request: HttpRequest, operation_id: UUID) -> OperationOut:
    """The first two hundred changes; of one of which nothing may be seen, nothing is there."""
    actor, found = seat_of(request), _found(operation_id)
    rows = list(Change.objects.filter(operation_id=operation_id).order_by("-id")[: MOST_CHANGES + 1])
    if not rows:
        raise Http404
    look_at(rows)
    names = _names({found.seat_id, *(row.seat_id for row in rows)})
    changes = [_of_row(row, found, names) for row in rows[:MOST_CHANGES]]
    facts = _item(found, names, actor).model_dump()
    return OperationOut(**facts, changes=changes, has_more=len(rows) > MOST_CHANGES)


@router.get("/operations/{operation_id}/undo", response=UndoPreview, summary="Look what turning back would do")
def preview(request: HttpRequest, operation_id: UUID) -> UndoPreview:
    """What was changed since is left alone; this tells what."""
    del request
    found = _found(operation_id)
    if not Change.objects.filter(operation_id=operation_id).exists():
        raise Http404
    rows = preview_undo(operation_id)[:MOST_CHANGES]
    look_at(rows)
    names = _names({row.seat_id for row in rows})
    return UndoPreview(left_alone=[_of_row(row, found, names) for row in rows])


@router.post("/operations/{operation_id}/preview-undo", response=UndoOutlook, summary="Look at the effect of an undo")
@needs("read")
def preview_operation_undo(request: HttpRequest, operation_id: UUID) -> UndoOutlook:
    """Writes nothing: how much it would change, bring back and remove, and what was changed since, side by side."""
    del request
    _found(operation_id)
    if not Change.objects.filter(operation_id=operation_id).exists():
        raise Http404
    conflicts = conflicts_of(operation_id, limit=MOST_CHANGES)
    names = _names({later.seat_id for one in conflicts for later in one.later.values()})
    return UndoOutlook(
        effect=[
            EffectOut(table=one.table, done=one.done, is_left=one.is_left, count=one.count)
            for one in outlook(operation_id)
        ],
        conflicts=[_conflict(one, names) for one in conflicts],
    )


def _conflict(one: Conflict, names: dict[UUID, str]) -> ConflictOut:
    later = dict.fromkeys(line.seat_id for line in one.later.values())
    return ConflictOut(
        table=one.table,
        row=one.row_id,
        kind=one.kind,
        before=_shown(one.before),
        made=_shown(one.made),
        now=_shown({name: one.present.get(name) for name in one.before}) if one.present is not None else None,
        changed_by=[doer for seat in later if (doer := _seat(seat, names))],
        last_change=one.last_change,
        may_be_chosen=one.may_be_chosen,
    )


@router.get("/relations/{relation_id}/history", response=ChangeList, summary="Read the history of a relation")
def read_relation_history(
    request: HttpRequest, relation_id: UUID, limit: Limit = PAGE, cursor: CursorText = ""
) -> ChangeList:
    """What was done to it and to what belongs to it."""
    del request
    if not Relation.objects.filter(id=relation_id).exists():
        raise Http404
    return _history(relation_id, limit, cursor)


@router.get("/moments/{moment_id}/history", response=ChangeList, summary="Read the history of a contact moment")
def read_moment_history(
    request: HttpRequest, moment_id: UUID, limit: Limit = PAGE, cursor: CursorText = ""
) -> ChangeList:
    """What was done to it and to what belongs to it."""
    del request
    if not Moment.objects.filter(id=moment_id).exists():
        raise Http404
    return _history(moment_id, limit, cursor)


@router.get("/bin", response=RemovedList, summary="List what was removed")
def list_removed(request: HttpRequest, limit: Limit = PAGE, cursor: CursorText = "") -> RemovedList:
    """In the last thirty days, and still gone."""
    del request
    before = _number(cursor)
    page, last = recycle_page({table: naming for table, (_kind, naming) in BIN.items()}, before_id=before, limit=limit)
    names = _names({one.seat_id for one in page})
    items = [
        RemovedOut(
            kind=BIN[one.table][0],
            id=one.row_id,
            name=one.name,
            operation=one.operation_id,
            by=_seat(one.seat_id, names),
            at=one.at,
        )
        for one in page
    ]
    return RemovedList(items=items, next=str(last) if last else None)


def _found(operation_id: UUID) -> Operation:
    found = Operation.objects.filter(id=operation_id).first()
    if found is None:
        raise Http404
    return found


def _history(record_id: UUID, limit: int, cursor: str) -> ChangeList:
    lines = changes_about(record_id, before_id=_number(cursor), limit=limit + 1)
    names = _names({line.seat_id for line in lines})
    items = [
        ChangeOut(
            table=line.table,
            row=line.row_id,
            kind=line.kind,
            at=line.at,
            operation=line.operation_id,
            verb=line.verb,
            by=_seat(line.seat_id, names),
            is_undone=line.is_undone,
            before=_shown(line.before),
            after=_shown(line.after),
        )
        for line in lines[:limit]
    ]
    last = str(lines[limit - 1].id) if len(lines) > limit else None
    return ChangeList(items=items, next=last)


def _of_row(row: Change, operation: Operation, names: dict[UUID, str]) -> ChangeOut:
    return ChangeOut(
        table=row.table_name,
        row=row.row_id,
        kind=row.kind,
        at=row.at,
        operation=row.operation_id,
        verb=operation.verb if row.operation_id == operation.id else "",
        by=_seat(row.seat_id, names),
        is_undone=operation.undone_by is not None and row.operation_id == operation.id,
        before=_shown(row.before or {}),
        after=_shown(row.after or {}),
    )


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """What of a row its readers see: no numbers of ours by which it is kept apart or compared."""
    return {name: value for name, value in values.items() if name not in KEPT_INSIDE}


def _names(seats: set[UUID | None]) -> dict[UUID, str]:
    found = Seat.objects.filter(id__in={seat for seat in seats if seat}).select_related("user")
    return {seat.id: str(seat) for seat in found}


def _seat(seat: UUID | None, names: dict[UUID, str]) -> Doer | None:
    return Doer(id=seat, name=names[seat]) if seat in names else None


def _number(cursor: str) -> int | None:
    if not cursor:
        return None
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))


def _place(cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    at, _tilde, identifier = cursor.partition("~")
    try:
        started_at = datetime.fromisoformat(at)
        if timezone.is_aware(started_at):
            return started_at, UUID(identifier)
    except ValueError:
        pass
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))


def _item(operation: Operation, names: dict[UUID, str], actor: Entrance) -> OperationItem:
    return OperationItem(
        id=operation.id,
        verb=operation.verb,
        facts={name: value for name, value in operation.facts.items() if name != "circle"},
        door=operation.door,
        by=_seat(operation.seat_id, names),
        started_at=operation.started_at,
        undoes=operation.undoes,
        undone_by=operation.undone_by,
        may_undo=may_undo(actor, operation),
    )
