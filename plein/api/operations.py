# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what was done, and to turning it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema

from plein.core.models import Operation
from plein.core.operations import recent_operations
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.trust.actions import undo_operation
from plein.trust.models import Seat
from plein.trust.permissions import may_undo
from plein.trust.seats import Entrance, seat_of

router = Router(tags=["operations"])
PAGE = 50


class SeatOut(Schema):
    """A colleague."""

    id: UUID
    name: str


class OperationItem(Schema):
    """One thing that was done; `facts` are counts and ids, never names."""

    id: UUID
    verb: str
    facts: dict[str, Any]
    door: str
    by: SeatOut | None
    started_at: datetime
    undoes: UUID | None
    undone_by: UUID | None
    may_undo: bool


class OperationList(Schema):
    """A page of what was done, and where the next one starts."""

    items: list[OperationItem]
    next: str | None


class Undone(Schema):
    """What turning back did: its own operation, the rows turned back, and those left alone as changed since."""

    operation: UUID
    turned_back: int
    left_alone: int


@router.get("/operations", response=OperationList, summary="List what was done")
def list_operations(request: HttpRequest, limit: Limit = PAGE, cursor: CursorText = "") -> OperationList:
    """Operations of which the reader may see something, newest first."""
    actor = seat_of(request)
    found = recent_operations(before=_place(cursor), limit=limit + 1)
    page = found[:limit]
    names = {seat.id: str(seat) for seat in Seat.objects.filter(id__in={one.seat_id for one in page if one.seat_id})
             .select_related("user")}  # fmt: skip
    following = (
        f"{page[-1].started_at.isoformat()}~{page[-1].id}".replace("+00:00", "Z") if len(found) > limit else None
    )
    return OperationList(items=[_item(one, names, actor) for one in page], next=following)


@router.post("/operations/{operation_id}/undo", response=Undone, summary="Turn an operation back")
def undo(request: HttpRequest, operation_id: UUID) -> Undone:
    """Turn back what an operation did; what was changed since is left alone and counted."""
    result = undo_operation(actor=seat_of(request), operation_id=operation_id)
    return Undone(operation=result.operation.id, turned_back=result.turned_back, left_alone=result.left_alone)


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
    by = operation.seat_id
    return OperationItem(
        id=operation.id,
        verb=operation.verb,
        facts=operation.facts,
        door=operation.door,
        by=SeatOut(id=by, name=names[by]) if by in names else None,
        started_at=operation.started_at,
        undoes=operation.undoes,
        undone_by=operation.undone_by,
        may_undo=may_undo(actor, operation),
    )
