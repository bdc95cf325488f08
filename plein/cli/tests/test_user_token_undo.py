# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any, Protocol

import pytest
from django.test import Client

from plein.cli.main import COMMANDS, main
from plein.core.ids import new_id, now
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.operate.places import OWNER
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_person
from plein.testing.home import ROOT
from plein.trust import recovery_codes
from plein.trust.actions import change_seat
from plein.trust.circles import only_me
from plein.trust.models import ApiToken, Seat, User
from plein.trust.seats import entered


class Command(Protocol):
    """The `plein` command, as typed."""

    def __call__(self, *words: str) -> Any: ...


@pytest.fixture
def plein(
    test_database: TestDatabase, cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Carry out a command on the test's database, and give what it hands over."""
    del cast
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)

    def carried_out(*words: str) -> Any:
        code = main([*words, "--json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return carried_out


@pytest.fixture
def refused(plein: Command, capsys: pytest.CaptureFixture[str]) -> Command:
    """Carry out a command that must be refused, and give its sentence."""
    del plein

    def carried_out(*words: str) -> str:
        assert main([*words, "--json"]) == 1
        said = capsys.readouterr()
        assert said.out == "" and "Traceback" not in said.err
        return said.err.strip()

    return carried_out


def last_operation() -> str:
    return str(Operation.objects.order_by("-id").values_list("id", flat=True)[0])


def test_a_new_user_gets_a_seat_and_a_link_that_works_once(plein: Command, cast: Cast) -> None:
    made = plein("user", "add", "Eva.Smit@Plein.example", "--role", "manager", "--language", "en")

    path = "/sign-in/" + made["link"].partition("/sign-in/")[2]
    assert made["link"].startswith("http://localhost:")
    assert Client().post(path).status_code == 302
    assert Client().post(path).status_code != 302
    with entered(cast.alice):
        seat = Seat.objects.select_related("user").get(id=made["seat"])
        assert (str(seat.user_id), seat.user.email, seat.user.name) == (
            made["user"],
            "eva.smit@plein.example",
            "Eva Smit",
        )
        assert seat.role == "manager"


def test_adding_somebody_again_changes_the_role_and_nothing_else(plein: Command) -> None:
    first = plein("user", "add", "bob@plein.example", "--role", "member")
    again = plein("user", "add", "bob@plein.example", "--role", "manager")

    assert (first["user"], first["seat"]) == (again["user"], again["seat"]) and again["role"] == "manager"


def test_the_last_owner_stays_owner(refused: Command) -> None:
    assert "needs an owner" in refused("user", "add", "alice@plein.example", "--role", "member")


def test_a_workspace_of_its_own_starts_with_its_owner(plein: Command, refused: Command) -> None:
    assert "--role owner" in refused(
        "user", "add", "zoe@plein.example", "--role", "member", "--new-workspace", "Zeezicht"
    )
    plein("user", "add", "zoe@plein.example", "--role", "owner", "--new-workspace", "Zeezicht")
    plein("user", "add", "yde@plein.example", "--role", "guest", "--workspace", "Zeezicht")

    found = [(one["email"], one["role"]) for one in plein("user", "list")["users"] if one["workspace"] == "Zeezicht"]
    assert found == [("yde@plein.example", "guest"), ("zoe@plein.example", "owner")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("user", "add", "nobody", "--role", "member"), "nobody is not an e-mail address."),
        (("user", "add", "a@b.example", "--role", "member", "--name", "x" * 10_000), "120 characters at most"),
        (("user", "add", "a@b.example", "--role", "member", "--workspace", "Nergens"), "no workspace called Nergens"),
        (("user", "link", "nobody@plein.example"), "There is no user nobody@plein.example."),
        (("token", "nobody@plein.example", "--scope", "read"), "There is no user nobody@plein.example."),
        (("token", "bob@plein.example", "--scope", "read", "--days", "0"), "--days wants a number"),
        (("token", "bob@plein.example", "--scope", "read", "--workspace", "Elders"), "has no seat in Elders"),
        (("undo", "yesterday"), "yesterday is not the id of an operation."),
        (("undo", str(new_id())), "There is no operation with this id."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(refused: Command, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(*words)


def test_a_suspended_seat_gets_no_token(refused: Command, cast: Cast) -> None:
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=Seat.objects.get(user=cast.bob), role="member", is_active=False)

    assert "suspended" in refused("token", "bob@plein.example", "--scope", "read")


def test_a_token_opens_the_rest_door_within_its_scope(plein: Command) -> None:
    made = plein("token", "bob@plein.example", "--scope", "read", "--days", "3")

    me = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {made['token']}"}).json()
    assert (me["email"], me["scope"], me["may"]) == ("bob@plein.example", "read", ["read", "export"])
    with no_workspace("test"):
        expires_at = ApiToken.objects.get().expires_at
    assert expires_at and timedelta(days=2) < expires_at - now() < timedelta(days=3, minutes=1)


def test_undo_turns_an_operation_back_as_the_user_who_did_it(plein: Command, refused: Command, cast: Cast) -> None:
    with entered(cast.bob) as bob:
        make_person("Alleen van Bob", circle_id=only_me())
        operation, seat = last_operation(), bob.seat_id

    assert plein("undo", operation) == {"turned_back": 1, "left_alone": 0}
    assert "turned back already" in refused("undo", operation)
    with entered(cast.bob):
        assert not Relation.objects.filter(name="Alleen van Bob").exists()
        reversal = Operation.objects.get(undoes=operation)
        assert (reversal.seat_id, reversal.door) == (seat, "cli")


def test_undo_as_somebody_who_may_not_see_it_says_so(refused: Command, cast: Cast) -> None:
    with entered(cast.bob):
        make_person("Alleen van Bob", circle_id=only_me())
        operation = last_operation()

    assert "nothing of this operation" in refused("undo", operation, "--as", "alice@plein.example")
    assert "no seat in the workspace" in refused("undo", operation, "--as", "charlie@plein.example")


def test_undo_says_when_it_is_too_late(refused: Command, cast: Cast) -> None:
    with entered(cast.bob):
        make_person("Lang geleden")
        operation = last_operation()
        Operation.objects.filter(id=operation).update(started_at=now() - timedelta(days=31))

    assert "more than 30 days ago" in refused("undo", operation)


def test_who_lost_everything_is_helped_and_signed_out(plein: Command, cast: Cast, refused: Command) -> None:
    client = Client()
    with no_workspace("test"):
        client.force_login(cast.bob)
        recovery_codes.renew(cast.bob)
    client.get("/history/", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})

    listed = plein("user", "sessions", cast.bob.email)["sessions"]
    assert [one["on"] for one in listed] == ["Firefox, Linux"]
    assert client.cookies["plein"].value not in str(listed)
    assert plein("user", "reset-factor", cast.bob.email)["email"] == cast.bob.email
    assert client.get("/history/").status_code == 302
    with no_workspace("test"):
        assert recovery_codes.left(cast.bob) == 0
    assert "no user" in refused("user", "reset-factor", "nobody@plein.example")


def test_one_session_or_all_of_a_user_are_ended(plein: Command, cast: Cast, refused: Command) -> None:
    clients = [Client(), Client(), Client()]
    with no_workspace("test"):
        for client in clients:
            client.force_login(cast.bob)
    one = plein("user", "sessions", cast.bob.email)["sessions"][0]["session"]

    assert plein("user", "sign-out", cast.bob.email, "--session", one)["ended"] == 1
    assert sorted(client.get("/history/").status_code for client in clients) == [200, 200, 302]
    assert "not signed in there" in refused("user", "sign-out", cast.bob.email, "--session", one)
    assert plein("user", "sign-out", cast.bob.email)["ended"] == 2


def test_the_manual_names_every_command() -> None:
    manual = (ROOT / "docs" / "operate" / "commands.md").read_text()

    assert [name for name in COMMANDS if f"`plein {name}" not in manual] == []


@pytest.mark.slow
def test_commands_work_without_a_server(test_database: TestDatabase, transactional_db: None) -> None:
    del transactional_db
    environment = os.environ | {"DATABASE_URL": test_database.url(), "DATABASE_OWNER_URL": test_database.url(OWNER)}

    def plein(*words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "plein.cli.main", *words, "--json"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return json.loads(done.stdout)

    made = plein("user", "add", "eva@plein.example", "--role", "owner")
    token = plein("token", "eva@plein.example", "--scope", "all")

    assert set(made) >= {"user", "seat", "link"} and set(token) == {"token"}
    with no_workspace("test"):
        assert User.objects.filter(email="eva@plein.example").exists()
