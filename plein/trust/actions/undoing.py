# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turning operations back."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from plein.core.models import Change, Operation
from plein.core.operations import CannotUndo, Chosen, UndoResult, undo
from plein.trust import permissions
from plein.trust.models import Role, Seat
from plein.trust.permissions import is_managing, permit, require_proof
from plein.trust.seats import Entrance


def undo_operation(*, actor: Entrance, operation_id: UUID, anyway: Iterable[Chosen] = ()) -> UndoResult:
    """Turn an operation back: one's own, or anybody's when one leads; raises CannotUndo.

    Of what was edited since, `anyway` is turned back as well, if it is still as it was looked at.
    """
    permit_undo(actor=actor, operation_id=operation_id)
    return turn_back(operation_id, anyway)


def permit_undo(*, actor: Entrance, operation_id: UUID) -> None:
    """Raise PermissionDenied for who may not turn this back, and CannotUndo when there is nothing to turn back."""
    found = Operation.objects.filter(id=operation_id).first()
    # Of which nothing is seen, that is not there.
    if found is None or not Change.objects.filter(operation_id=operation_id).exists():
        raise CannotUndo("unknown")
    permit(actor, "write")
    if found.seat_id != actor.seat_id:
        permit(actor, "undo_others")
    if is_managing(found):
        permit(actor, "manage")
    if found.verb in permissions.THEIRS:
        raise PermissionDenied("theirs")
    if found.verb in permissions.ANSWERED:
        raise CannotUndo("answered")
    if found.undone_by is not None:
        raise CannotUndo("undone")
    _permit_managing(actor, operation_id)


def touches_rights(operation_id: UUID) -> bool:
    """Whether an operation changed seats, teams or how one comes in: that asks for a proof, and so does undoing it."""
    return Change.objects.filter(operation_id=operation_id, table_name__startswith="trust_").exists()


def _permit_managing(actor: Entrance, operation_id: UUID) -> None:
    """Raise PermissionDenied for who could not have done this to seats and teams: turning back is doing, too."""
    rows = Change.objects.filter(operation_id=operation_id, table_name__startswith="trust_")
    touched = set(rows.values_list("table_name", "row_id", "before__role", "after__role"))
    if not touched:
        return
    permit(actor, "manage")
    require_proof(actor)
    seats = {row for table, row, _before, _after in touched if table == Seat._meta.db_table}
    was_owner = any(Role.OWNER in roles for _table, _row, *roles in touched)
    if was_owner or Seat.objects.filter(id__in=seats, role=Role.OWNER).exists():
        permit(actor, "own")


def turn_back(operation_id: UUID, anyway: Iterable[Chosen] = ()) -> UndoResult:
    """Turn an operation back, unless that would leave a workspace without an owner; raises CannotUndo."""
    with transaction.atomic():
        result = undo(operation_id, anyway=anyway)
        if not Seat.objects.filter(role=Role.OWNER, is_active=True).exists():
            raise CannotUndo("owner")
    return result
