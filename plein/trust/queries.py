# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who works where, for those who look from outside a workspace: commands."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from plein.core.isolation import Context, no_workspace, workspace_context
from plein.trust.models import User, Workspace


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A place of a user in a workspace."""

    user: User
    seat_id: UUID
    workspace_id: int
    workspace: str
    role: str
    is_active: bool


def find_user(email: str) -> User | None:
    """The user with this address, whether or not they may sign in."""
    with no_workspace("find a user"):
        return User.objects.filter(email=email.strip().lower()).first()


def seats_of(user: User) -> list[SeatLine]:
    """Every seat of a user, the oldest first."""
    nowhere = Context(workspace_id=None, user_id=user.id, door="setup")
    with workspace_context(nowhere), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, workspace_id, role, is_active FROM trust_seat WHERE user_id = %s ORDER BY id", [user.id]
        )
        rows = cursor.fetchall()
    return [SeatLine(user, seat, place, _name_of(place), role, is_active) for seat, place, role, is_active in rows]


def home_of(user: User) -> int | None:
    """The workspace that a user came to first, of those they still have a seat in."""
    return next((seat.workspace_id for seat in seats_of(user) if seat.is_active), None)


def every_seat() -> Iterator[SeatLine]:
    """Every seat there is, by user."""
    with no_workspace("list users"):
        users = list(User.objects.order_by("email"))
    for user in users:
        yield from seats_of(user)


def _name_of(workspace: int) -> str:
    with workspace_context(Context(workspace_id=workspace, door="setup")):
        return Workspace.objects.get().name
