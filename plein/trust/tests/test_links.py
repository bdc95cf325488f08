# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page
from procrastinate.contrib.django import app

from plein.channels.actions.mail_server import ServerFacts, set_mail_server
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.testing.browser import axe_violations
from plein.testing.cast import Cast
from plein.testing.mail_server import Box, mail_server
from plein.trust.actions import change_password, give_seat, has_second_factor, make_one_time_link
from plein.trust.attempts import OF_ACCOUNT
from plein.trust.models import OneTimeLink, Passkey, Seat, User, Workspace
from plein.trust.seats import entered

GOOD, BETTER = "a long enough sentence", "an even longer sentence"
SignIn = Callable[[User], Client]


@pytest.fixture
def box(cast: Cast) -> Iterator[Box]:
    """The mail server of Noorderlicht, and what it got."""
    with mail_server() as running:
        with entered(cast.alice) as actor:
            facts = ServerFacts(host="localhost", port=running.port, security="none", user_name="",
                                sender="plein@noorderlicht.example", sender_name="", is_inside=True)  # fmt: skip
            set_mail_server(actor=actor, facts=facts)
        yield running


def work() -> int:
    """Carry out the jobs that wait; how many they were."""
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' "
                       "RETURNING task_name, args")  # fmt: skip
        jobs = [(name, args if isinstance(args, dict) else json.loads(args)) for name, args in cursor.fetchall()]
    for name, args in jobs:
        if name.startswith("trust."):
            app.tasks[name].func(**args)
    return len(jobs)


def waiting() -> str:
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs")
        return str(cursor.fetchall()[0][0])


def link_in(box: Box, number: int = -1) -> str:
    text = box.kept[number].data.decode().replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"http://localhost:\d+(/sign-in/[\w-]{43}/)", text)
    assert found is not None, text
    return found[1]


def wait_a_minute() -> None:
    with no_workspace("test"):
        for link in OneTimeLink.objects.all():
            OneTimeLink.objects.filter(id=link.id).update(expires_at=link.expires_at - timedelta(minutes=2))


def test_a_reset_comes_by_mail_works_once_and_signs_out_everywhere(bob: User, box: Box, signed_in: SignIn) -> None:
    with no_workspace("test"):
        change_password(user=bob, password=GOOD)
    elsewhere = signed_in(bob)
    assert Client().post("/sign-in/reset/", {"email": "BOB@plein.example"}).status_code == 200
    assert bob.email not in waiting()
    work()

    assert box.kept[0].receivers == [bob.email]
    path, client = link_in(box), Client()
    assert "bob@plein.example" in client.get(path).text
    assert client.post(path, {"new_password": "short"}).status_code == 422
    assert client.post(path, {"new_password": BETTER})["Location"] == "/"
    assert client.get("/history/").status_code == 200
    assert elsewhere.get("/history/").status_code == 302
    assert Client().post(path, {"new_password": GOOD}).status_code == 410
    assert Client().post("/sign-in/", {"email": bob.email, "password": BETTER}).status_code == 302


@pytest.mark.parametrize("change", ["an hour", "another address", "another password", "another reset"])
def test_a_reset_dies_of_time_and_of_what_changes(change: str, bob: User, box: Box) -> None:
    Client().post("/sign-in/reset/", {"email": bob.email})
    work()
    path = link_in(box)
    assert Client().get(path).status_code == 200
    with no_workspace("test"):
        if change == "an hour":
            OneTimeLink.objects.update(expires_at=now() - timedelta(seconds=1))
        if change == "another address":
            User.objects.filter(id=bob.id).update(email="robert@plein.example")
        if change == "another password":
            change_password(user=bob, password=GOOD)
        if change == "another reset":
            make_one_time_link(user=bob, purpose="reset")

    assert Client().get(path).status_code == 410 and Client().post(path, {"new_password": BETTER}).status_code == 410


def test_known_and_unknown_addresses_get_the_same_answer_for_the_same_work(bob: User, box: Box) -> None:
    seen: list[tuple[str, list[str]]] = []
    for email in (bob.email, "who@plein.example"):
        with CaptureQueriesContext(connection) as captured:
            page = Client().post("/sign-in/reset/", {"email": email})
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured]
        seen.append((page.text, statements))

    assert seen[0] == seen[1]
    work()
    assert [letter.receivers for letter in box.kept] == [[bob.email]]


def test_asking_again_and_again_fills_nobodys_mailbox(bob: User, box: Box) -> None:
    answers = [Client().post("/sign-in/reset/", {"email": bob.email}).status_code for _time in range(OF_ACCOUNT + 1)]
    assert answers == [200] * OF_ACCOUNT + [429]

    assert work() == OF_ACCOUNT
    assert len(box.kept) == 1
    wait_a_minute()
    with no_workspace("test"):
        from_later = make_one_time_link(user=bob, purpose="reset")
    assert Client().get(from_later).status_code == 200


def test_the_link_leads_to_us_whatever_host_a_visitor_names(bob: User, box: Box) -> None:
    Client().post("/sign-in/reset/", {"email": bob.email}, headers={"X-Forwarded-Host": "evil.example"})
    assert Client().post("/sign-in/reset/", {"email": bob.email}, headers={"Host": "evil.example"}).status_code == 400
    work()

    assert b"evil.example" not in box.kept[0].data and link_in(box)


def test_a_workspace_that_invited_somebody_later_carries_none_of_their_ways_in(
    charlie: User, cast: Cast, box: Box
) -> None:
    give_seat(workspace=cast.here, user=charlie, role="member")

    Client().post("/sign-in/reset/", {"email": charlie.email})
    work()

    assert box.kept == [], "the mail server of Noorderlicht would read the way into Elders"


@pytest.mark.parametrize("nasty", ["", "nobody", "a@b", "x" * 300 + "@plein.example", "\x00@plein.example"])
def test_what_is_no_address_gets_a_sentence(nasty: str, db: None) -> None:
    assert Client().post("/sign-in/reset/", {"email": nasty}).status_code == 422


INVITATION = {"name": "Daan", "email": "daan@plein.example", "role": "member", "language": "nl"}
CHOSEN = {"name": "Daan de Wit", "language": "en", "new_password": GOOD}


def invited(client: Client) -> str:
    page = client.post("/settings/users/", INVITATION).text
    return page.split("http://testserver")[1].split("<")[0].split('"')[0]


def daan() -> User:
    with no_workspace("test"):
        return User.objects.get(email="daan@plein.example")


def test_who_is_invited_gets_a_letter_and_chooses_name_language_and_password(
    alice: User, box: Box, signed_in: SignIn
) -> None:
    page = signed_in(alice).post("/settings/users/", INVITATION).text
    assert "by mail, too" in page
    assert "/sign-in/" not in waiting()
    work()
    path, client = link_in(box), Client()
    assert box.kept[0].receivers == ["daan@plein.example"]
    assert b"Alice" in box.kept[0].data

    assert "daan@plein.example" in client.get(path).text
    assert client.post(path, {**CHOSEN, "new_password": ""}).status_code == 422
    assert client.post(path, {**CHOSEN, "name": ""}).status_code == 422
    assert client.post(path, CHOSEN)["Location"] == "/"

    fresh = daan()
    assert (fresh.name, fresh.language) == ("Daan de Wit", "en") and fresh.check_password(GOOD)
    assert client.get("/history/").status_code == 200
    assert Client().post(path, CHOSEN).status_code == 410


def test_without_a_mail_server_the_link_is_there_to_send_oneself(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    path = invited(client)

    work()
    assert Client().get(path).status_code == 200
    assert "by mail" not in client.post("/settings/users/", {**INVITATION, "email": "eva@plein.example"}).text


def test_who_lost_a_password_gets_another_link_from_an_administrator(alice: User, bob: User, signed_in: SignIn) -> None:
    with no_workspace("test"):
        change_password(user=bob, password=GOOD)
    with entered(alice):
        seat = Seat.objects.get(user=bob)

    page = signed_in(alice).post(f"/settings/users/{seat.id}/link/").text

    assert "within an hour" in page
    path = page.split("http://testserver")[1].split("<")[0].split('"')[0]
    assert Client().post(path, {"new_password": BETTER}).status_code == 302


def test_a_newcomer_lives_where_the_company_is(alice: User, signed_in: SignIn) -> None:
    with entered(alice), operation("change_workspace"):
        Workspace.objects.update(timezone="Europe/Lisbon")

    invited(signed_in(alice))

    assert daan().time_zone == "Europe/Lisbon"


@pytest.mark.parametrize("path", ["x" * 43, "a"])
def test_only_an_invitation_asks_for_a_first_passkey(path: str, bob: User) -> None:
    with no_workspace("test"):
        sign_in = make_one_time_link(user=bob)

    assert Client().post(f"/sign-in/{path}/passkey/").status_code == 404
    assert Client().post(f"{sign_in}passkey/").status_code == 404


@pytest.mark.browser
def test_who_is_invited_begins_with_a_passkey_and_gets_codes(
    server: str, page: Page, alice: User, signed_in: SignIn
) -> None:
    path = invited(signed_in(alice))
    line: Any = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.goto(f"{server}{path}")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Begin with a passkey").click()
    page.get_by_text("One thing more").wait_for()
    assert axe_violations(page) == []
    assert page.locator("ul.codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(f"{server}/")

    with no_workspace("test"):
        assert has_second_factor(daan()) and not daan().has_usable_password()


def test_who_lost_the_second_step_is_told_by_mail_who_took_it_away(
    alice: User, bob: User, box: Box, signed_in: SignIn
) -> None:
    with no_workspace("test"):
        Passkey.objects.create(user=bob, name="Laptop", credential_id=bob.id.bytes, credential=b"\x00")
    with entered(alice):
        seat = Seat.objects.get(user=bob)

    signed_in(alice).post(f"/settings/users/{seat.id}/second-step/")
    work()

    assert [letter.receivers for letter in box.kept] == [[bob.email]]
    assert b"Alice" in box.kept[0].data and b"second step" in box.kept[0].data
