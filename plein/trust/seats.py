# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entering a workspace: from a user to a context, in one round trip."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest

from plein.core.ids import now
from plein.core.isolation import Context, no_workspace, seat_id
from plein.core.isolation.context import context_set_by_database, entered_by_database
from plein.trust.models import Role, Seat, User


class NoSeat(Exception):
    """The user has no active seat in that workspace, or in any."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """The seat a user took: what the doors show and check, without another query.

    `scope` is what the door allows of what the role allows: everything, except through a token made for less.
    """

    seat_id: UUID
    role: str
    workspace_id: int
    workspace_name: str
    user: User
    scope: str = "all"
    #: Whether the door asks for a proof before what matters, or was given one for it: a token only when made for that.
    is_proven: bool = True
    #: Until when somebody may work without a second proof who has to have one and has none.
    prove_by: datetime | None = None

    @property
    def owes_proof(self) -> bool:
        """Whether nothing but setting up a second proof is left to do."""
        return self.prove_by is not None and self.prove_by <= now()

    @property
    def id(self) -> UUID:
        return self.seat_id

    @property
    def is_administrator(self) -> bool:
        return self.role in (Role.OWNER, Role.ADMINISTRATOR)

    @property
    def can_write(self) -> bool:
        return self.role != Role.GUEST


@contextmanager
def entered(user: User, workspace: int | None = None, *, door: str = "web") -> Iterator[Entrance]:
    """Run what is inside as this user, in one transaction; raises NoSeat when there is no seat to take.

    Without a workspace the user's oldest seat is taken. This is the only way in for requests, jobs and commands.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        with entered_by_database(door), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM plein_enter(%s, %s)", [user.id, workspace])
            row = cursor.fetchone()
        if row is None:
            raise NoSeat
        seat, workspace_id, role, workspace_name, circles, prove_by = row
        context = Context(workspace_id=workspace_id, seat_id=seat, user_id=user.id, circles=tuple(circles), door=door)
        with context_set_by_database(context, restore=not is_outermost):
            yield Entrance(seat, role, workspace_id, workspace_name, user, prove_by=prove_by)


def current_seat() -> Seat:
    """The seat in force; a query."""
    return Seat.objects.get(id=seat_id())


def seat_of(request: HttpRequest) -> Entrance:
    """The seat under which a signed-in request runs; the middleware put it there."""
    seat = getattr(request, "seat", None)
    if not isinstance(seat, Entrance):
        raise PermissionDenied("seat")
    return seat


def user_of_job(user: str) -> User:
    """The user for whom a job works, read before it enters a workspace."""
    with no_workspace("a job's user"):
        return User.objects.get(id=user)
