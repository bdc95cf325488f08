# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from plein.core.isolation import no_workspace
from plein.testing.browser import axe_violations
from plein.trust.actions import change_password, has_second_factor, make_one_time_link
from plein.trust.models import Passkey, User

GOOD = "a long enough sentence"
SignIn = Callable[[User], Client]


@pytest.fixture
def device(page: Page) -> Iterator[tuple[Any, str]]:
    """A device with a finger reader, as Chromium plays it: the line to the browser, and the device's name."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    yield line, line.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    line.detach()


def with_password(user: User) -> User:
    with no_workspace("test"):
        return change_password(user=user, password=GOOD)


def sign_in(page: Page, server: str, user: User) -> None:
    page.goto(f"{server}/sign-in/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def make_passkey(page: Page, server: str, name: str = "Laptop") -> None:
    page.goto(f"{server}/settings/security/")
    page.get_by_label("What you call it").fill(name)
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_text("made", exact=False).first.wait_for()
    page.get_by_text("Your recovery codes").wait_for()


@pytest.mark.browser
def test_a_passkey_is_made_signs_in_alone_and_serves_as_second_step(
    server: str, page: Page, device: tuple[Any, str], bob: User
) -> None:
    with_password(bob)
    sign_in(page, server, bob)
    page.wait_for_url(f"{server}/")
    make_passkey(page, server)
    with no_workspace("test"):
        assert Passkey.objects.get().name == "Laptop"
    assert axe_violations(page) == []

    page.context.clear_cookies()
    page.goto(f"{server}/sign-in/?next=/history/")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{server}/history/")

    page.context.clear_cookies()
    sign_in(page, server, bob)
    page.wait_for_url(f"{server}/sign-in/second-step/")
    assert axe_violations(page) == []
    page.goto(f"{server}/history/")
    assert page.url.startswith(f"{server}/sign-in/"), "half a sign-in opens nothing"
    page.goto(f"{server}/sign-in/second-step/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{server}/")
    with no_workspace("test"):
        assert Passkey.objects.get().sign_count > 1


@pytest.mark.browser
def test_a_device_that_does_not_know_who_holds_it_is_no_way_in(
    server: str, page: Page, device: tuple[Any, str], bob: User
) -> None:
    line, name = device
    with_password(bob)
    sign_in(page, server, bob)
    make_passkey(page, server)
    page.context.clear_cookies()
    line.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})

    page.goto(f"{server}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("No passkey was used").wait_for()
    assert page.url == f"{server}/sign-in/"


@pytest.mark.browser
def test_a_copied_device_that_counts_back_is_refused(
    server: str, page: Page, device: tuple[Any, str], bob: User
) -> None:
    with_password(bob)
    sign_in(page, server, bob)
    make_passkey(page, server)
    with no_workspace("test"):
        Passkey.objects.update(sign_count=1_000_000)
    page.context.clear_cookies()

    page.goto(f"{server}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("That passkey did not work here").wait_for()
    page.goto(f"{server}/history/")
    assert "/sign-in/" in page.url


def text(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


NONSENSE = ["", "{}", "[]", "null", "x", "{" * 9000, '{"id": 1}', '{"id": "eA", "rawId": "eA"}',
            '{"id": "eA", "rawId": "eA", "response": 3}', "\x00", "9" * 60_000,
            json.dumps({"id": "eA", "rawId": "eA", "response": {
                "clientDataJSON": text({"type": "webauthn.get"}), "authenticatorData": "eA", "signature": "eA"}}),
            json.dumps({"id": "eA", "rawId": "eA", "response": {
                "clientDataJSON": text({"type": "webauthn.get", "challenge": "eA", "origin": "https://evil.example"}),
                "authenticatorData": "A" * 60, "signature": "eA"}})]  # fmt: skip


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_no_passkey(answer: str, bob: User) -> None:
    client = Client()
    client.post("/sign-in/passkey/ask/")

    response = client.post("/sign-in/passkey/", {"answer": answer})

    assert response.status_code == 422 and "did not work here" in response.text
    assert client.get("/history/").status_code == 302


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_makes_no_passkey(answer: str, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    client.post("/settings/security/passkeys/ask/")

    assert client.post("/settings/security/passkeys/", {"answer": answer}).status_code == 422
    with no_workspace("test"):
        assert not Passkey.objects.exists()


def test_what_a_device_is_asked_differs_each_time_and_names_nobody(bob: User) -> None:
    asked = [Client().post("/sign-in/passkey/ask/").json()["publicKey"] for _time in range(3)]

    assert len({one["challenge"] for one in asked}) == 3
    assert all(one["userVerification"] == "required" and not one.get("allowCredentials") for one in asked)


def passkey_of(user: User) -> Passkey:
    with no_workspace("test"):
        return Passkey.objects.create(user=user, name="Laptop", credential_id=user.id.bytes, credential=b"\x00")


def test_a_passkey_is_renamed_and_removed_by_its_owner_only(alice: User, bob: User, signed_in: SignIn) -> None:
    key = passkey_of(bob)
    path = f"/settings/security/passkeys/{key.id}/"

    assert signed_in(alice).post(path + "rename/", {"name": "Van mij"}).status_code == 404
    assert signed_in(alice).post(path + "remove/").status_code == 404
    owner = signed_in(bob)
    session = owner.session
    assert owner.post(path + "rename/", {"name": ""}).status_code == 422
    assert owner.post(path + "rename/", {"name": "Telefoon"}).status_code == 302
    with no_workspace("test"):
        session.pop("proved_at")
        session.save()
    assert "Is it you?" in owner.post(path + "remove/").text
    with no_workspace("test"):
        session["proved_at"] = "2999-01-01T00:00:00+00:00"
        session.save()
        assert Passkey.objects.get().name == "Telefoon"
    assert owner.post(path + "remove/")["Location"] == "/settings/security/"
    with no_workspace("test"):
        assert not has_second_factor(bob)


def test_who_came_by_a_link_has_nothing_to_prove_with_and_may_begin(bob: User) -> None:
    with no_workspace("test"):
        path = make_one_time_link(user=bob)
    client = Client()
    client.post(path)

    assert client.post("/settings/security/passkeys/ask/").json()["publicKey"]["user"]["name"] == bob.email
