# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stream, from a real server: what it says, to whom, and how it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.test import Client

from plein.core.isolation import no_workspace
from plein.moments import actions as moments
from plein.notifications import actions
from plein.notifications.tests.at_work import work
from plein.notifications.tests.listening import Listener, listening
from plein.operate.places import OWNER
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_person
from plein.testing.home import ROOT
from plein.testing.server import free_port, wait_for
from plein.trust import sessions
from plein.trust.actions import change_password, change_seat, change_team, make_token, revoke_token
from plein.trust.circles import people_key
from plein.trust.models import ApiToken, Seat, Team, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
pytestmark = pytest.mark.slow
SOON = 2.0


@pytest.fixture
def henk(server: str, alice: User) -> Relation:
    with entered(alice):
        return make_person()


def mention(alice: User, henk: Relation, text: str = "Zie @Bob", circle: str = "everyone") -> None:
    with entered(alice) as actor:
        part = moments.Part(henk.id, "about")
        moments.record_moment(actor=actor, kind="note", participants=[part], text=text, circle=circle)
    work()


def test_what_concerns_somebody_is_said_to_them_and_to_nobody_else(
    server: str, alice: User, bob: User, gina: User, henk: Relation, signed_in: SignIn
) -> None:
    with listening(server, signed_in(bob)) as bobs, listening(server, signed_in(gina)) as ginas:
        assert bobs.answer.status == 200
        assert bobs.answer.headers["Content-Type"] == "text/event-stream"
        assert bobs.answer.headers["X-Accel-Buffering"] == "no"
        assert "no-store" in bobs.answer.headers["Cache-Control"]
        assert bobs.next() == {"unread": 0, "words": "", "fresh": []}
        assert ginas.next()["unread"] == 0
        mention(alice, henk)

        said = bobs.next()
        assert (said["unread"], said["words"]) == (1, "1 new")
        news = said["fresh"] or bobs.next()["fresh"]
        assert [one["text"] for one in news] == ["Alice names you in what was written about Henk van Dijk"]
        assert ginas.fresh(1) == []

        with entered(bob) as actor:
            actions.mark_read(actor=actor)
        assert bobs.next() == {"unread": 0, "words": "", "fresh": []}


def test_a_page_that_comes_back_hears_what_it_missed_once(
    server: str, alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    client = signed_in(bob)
    with listening(server, client) as first:
        first.next()
        mention(alice, henk, "Eerste @Bob")
        assert len(first.fresh()) == 1
        last = first.last_id
    mention(alice, henk, "Tweede @Bob")

    with listening(server, client, last=last) as again:
        assert len(again.fresh(3)) == 1
    with listening(server, client) as fresh:
        assert fresh.next() == {"unread": 2, "words": "2 new", "fresh": []}


def test_a_record_that_is_hidden_is_never_said_and_leaves_the_count(
    server: str, alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    with listening(server, signed_in(bob)) as bobs:
        bobs.next()
        mention(alice, henk, "Niet voor @Bob", "me")
        assert bobs.fresh(1) == []
        mention(alice, henk)
        assert bobs.until_unread(1)
        with entered(alice) as actor:
            moment = moments.record_moment(actor=actor, kind="note", participants=[], text="@Bob nog eens")
        work()
        assert bobs.until_unread(2)

        with entered(alice) as actor:
            moments.change_moment_circle(actor=actor, moment=moment, circle="me")
        assert bobs.until_unread(1, SOON)

        with entered(alice) as actor:
            team, seats = Team.objects.get(name="Sales"), Seat.objects.order_by("user__name")
            hers, his = (seats.get(user=one).id for one in (alice, bob))
            change_team(actor=actor, team=team, name="Sales", seats=[hers, his])
        mention(alice, henk, circle="Sales")
        assert bobs.until_unread(2)
        with entered(alice) as actor:
            change_team(
                actor=actor, team=team, name="Sales", seats=[one.id for one in seats if one.user_id == alice.id]
            )
        assert bobs.until_unread(1, SOON)


@pytest.mark.parametrize("before", ["people", "everyone"])
def test_a_share_that_is_removed_is_gone_from_the_stream(
    before: str, server: str, alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    alices, address = signed_in(alice), f"/who-sees/relations/{henk.id}/"
    with entered(bob):
        his = str(Seat.objects.get(user=bob).id)
    circle = people_key([UUID(his)]) if before == "people" else before
    with listening(server, signed_in(bob)) as bobs:
        bobs.next()
        assert alices.post(address, {"audience": before, "audience-people": [his]}).status_code == 302
        mention(alice, henk, circle=circle)
        assert bobs.until_unread(1)
        assert alices.post(address, {"audience": "me", "also": ["moments"]}).status_code == 302
        assert bobs.until_unread(0, SOON)


def _suspend(alice: User, bob: User, client: Client) -> None:
    with entered(alice) as actor:
        seat = Seat.objects.get(user=bob)
        change_seat(actor=actor, seat=seat, role=seat.role, is_active=False)


def _end_elsewhere(alice: User, bob: User, client: Client) -> None:
    with no_workspace("test"):
        sessions.end(bob)


def _sign_out(alice: User, bob: User, client: Client) -> None:
    client.post("/sign-out/")


def _other_password(alice: User, bob: User, client: Client) -> None:
    with no_workspace("test"):
        change_password(user=bob, password="een heel ander geheim")  # noqa: S106


@pytest.mark.parametrize("end", [_suspend, _end_elsewhere, _sign_out, _other_password])
def test_a_stream_ends_with_the_seat_the_session_or_the_password(
    server: str, alice: User, bob: User, signed_in: SignIn, end: Callable[[User, User, Client], None]
) -> None:
    client = signed_in(bob)
    with listening(server, client) as bobs, listening(server, signed_in(alice)) as alices:
        bobs.next()
        alices.next()
        began = time.monotonic()
        end(alice, bob, client)

        assert bobs.ended.wait(SOON)
        assert time.monotonic() - began < SOON
        assert bobs.goodbye
        assert not alices.ended.wait(0.3)


def test_nobody_gets_a_stream_without_signing_in(server: str, alice: User) -> None:
    client = Client()
    client.cookies["plein"] = "nothing"
    listener = Listener(server, client)
    listener.close()

    assert listener.answer.status == 302


def test_the_thirteenth_stream_of_a_seat_ends_the_first(server: str, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    open_ones = [Listener(server, client) for _number in range(13)]
    try:
        assert open_ones[0].ended.wait(SOON) and open_ones[0].goodbye
        assert not open_ones[1].ended.is_set()
    finally:
        for one in open_ones:
            one.close()


def test_the_stream_listens_again_when_its_connection_broke(
    server: str, alice: User, bob: User, henk: Relation, signed_in: SignIn, test_database: TestDatabase
) -> None:
    with listening(server, signed_in(bob)) as bobs:
        bobs.next()
        with test_database.cluster.connect() as admin:
            cut = admin.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%'"
                " AND datname = %s",
                [test_database.name],
            ).fetchone()
        assert cut == (1,)
        mention(alice, henk)

        assert bobs.until_unread(1, 5)


@pytest.fixture
def own_server(server: str, test_database: TestDatabase) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server that a test may stop."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": test_database.url(),
        "DATABASE_OWNER_URL": test_database.url(OWNER),
        "PLEIN_PORT": str(port),
        "PLEIN_URL": f"http://localhost:{port}",
    }
    process = subprocess.Popen([sys.executable, "-m", "plein.cli.main", "web"], cwd=ROOT, env=environment)
    try:
        wait_for(process, f"http://localhost:{port}")
        yield f"http://localhost:{port}", process
    finally:
        process.kill()
        process.wait(timeout=10)


def test_a_server_that_stops_does_not_wait_for_open_pages(
    own_server: tuple[str, subprocess.Popen[bytes]], bob: User, signed_in: SignIn
) -> None:
    address, process = own_server
    with listening(address, signed_in(bob)) as bobs:
        bobs.next()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)

        assert time.monotonic() - began < 4.5
        assert bobs.ended.wait(1)
        # The page comes back by itself: it was not told that it may not.
        assert not bobs.goodbye


def test_a_program_hears_with_its_token_until_it_is_revoked(
    server: str, alice: User, bob: User, henk: Relation, cast: Cast
) -> None:
    secret = make_token(user=bob, workspace=cast.here, scope="read")
    program = Listener(server, token=secret, path="/api/v1/notifications/stream")
    try:
        assert program.answer.status == 200
        assert program.next()["unread"] == 0
        mention(alice, henk)
        assert program.until_unread(1)

        with entered(bob) as actor:
            [token] = ApiToken.objects.filter(user=bob)
            revoke_token(actor=actor, token_id=token.id)
        assert program.ended.wait(SOON) and program.goodbye
    finally:
        program.close()

    refused = Listener(server, token=secret, path="/api/v1/notifications/stream")
    refused.close()
    assert refused.answer.status == 401
