# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cast: Alice owns, Bob is her colleague in team Sales, Gina is a guest, Charlie works somewhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.test import Client

from plein.core import events
from plein.core.audit import audit
from plein.core.ids import now
from plein.core.isolation import Context, no_workspace, workspace_context
from plein.core.operations import operation
from plein.trust.actions import make_team, make_workspace
from plein.trust.models import Passkey, Role, Seat, User
from plein.trust.seats import entered
from plein.trust.sessions import PROVED, VOUCHED

#: As `make_user` leaves it.
NO_PASSWORD = "!"  # noqa: S105 - none that anybody could type


@dataclass(frozen=True)
class Cast:
    """Four users and the two workspaces they work in."""

    alice: User
    bob: User
    gina: User
    charlie: User
    here: int
    elsewhere: int


def _seated(workspace: int, roles: dict[User, str]) -> dict[User, Seat]:
    """Seats given as `give_seat` gives them, but all at once and with nobody told: thousands of tests start with this.

    The cast has no persons, so that a test counts only what it made itself.
    """
    with workspace_context(Context(workspace_id=workspace, door="setup")), operation("give_seat"):
        seats = Seat.objects.bulk_create([Seat(user=user, role=role) for user, role in roles.items()])
        for seat in seats:
            audit("give_seat", kind="seat", about=seat.id, role=seat.role)
    return {seat.user: seat for seat in seats}


@contextmanager
def without_reactions() -> Iterator[None]:
    """Nothing follows what is published: a ground has no persons but those that it makes itself."""
    reactions = dict(events._reactions)
    events._reactions.clear()
    try:
        yield
    finally:
        events._reactions.update(reactions)


@pytest.fixture
def cast(db: None) -> Cast:
    """Two workspaces with their people."""
    here, elsewhere = make_workspace(name="Noorderlicht"), make_workspace(name="Elders")
    with no_workspace("the cast"):
        alice, bob, gina, charlie = User.objects.bulk_create(
            [User(email=f"{name}@plein.example", name=name.title(), language="en", password=NO_PASSWORD)
             for name in ("alice", "bob", "gina", "charlie")]
        )  # fmt: skip
    seats = _seated(here.id, {alice: Role.OWNER, bob: Role.MEMBER, gina: Role.GUEST})
    _seated(elsewhere.id, {charlie: Role.OWNER})
    with entered(alice) as actor:
        make_team(actor=actor, name="Sales", seats=[seats[bob].id])
    return Cast(alice, bob, gina, charlie, here=here.id, elsewhere=elsewhere.id)


@pytest.fixture
def alice(cast: Cast) -> User:
    """The owner."""
    return cast.alice


@pytest.fixture
def bob(cast: Cast) -> User:
    """A member, in team Sales."""
    return cast.bob


@pytest.fixture
def gina(cast: Cast) -> User:
    """A guest: may look, may not touch."""
    return cast.gina


@pytest.fixture
def charlie(cast: Cast) -> User:
    """The owner of another workspace: a stranger here."""
    return cast.charlie


def sign_in(client: Client, user: User) -> None:
    """Sign this client in, just now and with a second proof."""
    with no_workspace("test"):
        client.force_login(user)
        session = client.session
        session.update({PROVED: now().isoformat(), VOUCHED: True})
        session.save()


def give_second_proof(user: User) -> None:
    """Something to prove it with besides a password, without which the tokens of who manages open nothing."""
    with no_workspace("test"):
        Passkey.objects.create(user=user, name="Laptop", credential_id=user.id.bytes, credential=b"\x00")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A client that has signed in as the given user, just now and with a second proof."""

    def one(user: User) -> Client:
        client = Client()
        sign_in(client, user)
        return client

    return one
