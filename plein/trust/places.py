# SPDX-License-Identifier: AGPL-3.0-or-later
"""The workspaces somebody works in, and the one that a session is in.

A session is in one workspace at a time. docs/adr says why, and what a tab that is still in another one meets.
"""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.utils.crypto import salted_hmac

from plein.core.isolation import Context, workspace_context
from plein.trust.models import Role, User
from plein.trust.queries import seats_of

#: What a session keeps: the workspace, whether it may go to another, and how many there are.
WORKSPACE, BOUND, COUNT = "workspace", "bound", "places"


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace as its people see it; `handle` names it without giving its number away."""

    handle: str
    name: str
    role: str
    is_here: bool

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


def handle_of(workspace: int) -> str:
    """The name of a workspace in pages and requests."""
    return salted_hmac("plein.place", str(workspace), algorithm="sha256").hexdigest()[:16]


def count_places(user: User) -> int:
    """In how many workspaces a user has a seat to take."""
    nowhere = Context(workspace_id=None, user_id=user.id, door="places")
    with workspace_context(nowhere), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_seat WHERE user_id = %s AND is_active", [user.id])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def places_of(user: User, session: SessionBase, here: int) -> list[Place]:
    """The workspaces that this session may be in, by name."""
    seats = [seat for seat in seats_of(user) if seat.is_active and may_be_in(session, seat.workspace_id)]
    places = [Place(handle_of(one.workspace_id), one.workspace, one.role, one.workspace_id == here) for one in seats]
    return sorted(places, key=lambda place: (place.name.lower(), place.handle))


def may_be_in(session: SessionBase, workspace: int) -> bool:
    """Whether a session may be in a workspace: one that a provider of one workspace opened stays there."""
    return not session.get(BOUND) or session.get(WORKSPACE) == workspace


def go_to(user: User, session: SessionBase, handle: str) -> bool:
    """Put a session into another workspace of its user; False when there is none of that name."""
    for seat in seats_of(user):
        if seat.is_active and handle_of(seat.workspace_id) == handle and may_be_in(session, seat.workspace_id):
            session[WORKSPACE] = seat.workspace_id
            return True
    return False
