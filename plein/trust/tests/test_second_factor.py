# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who manages has a second proof, and nobody is locked out by that."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import AuditEntry
from plein.core.operations import operation
from plein.testing.cast import Cast
from plein.trust.actions import add_code_app, change_password, change_workspace, give_seat, make_token, make_user
from plein.trust.models import CodeApp, ExternalIdentity, Role, Seat, User, Workspace
from plein.trust.providers import vouches
from plein.trust.seats import entered

GOOD = "a long enough sentence"
SECRET = b"twenty bytes of it .."
SET_UP = "/settings/security/second-step/"
SignIn = Callable[[User], Client]


def code() -> str:
    return TOTP(SECRET, 6, SHA1(), 30).generate(time.time()).decode()  # noqa: S303


def by_password(user: User) -> Client:
    """A client that signed in with a password and nothing else."""
    with no_workspace("test"):
        change_password(user=user, password=GOOD)
    client = Client()
    assert client.post("/sign-in/", {"email": user.email, "password": GOOD}).status_code == 302
    return client


def grow_old(user: User) -> None:
    """The seat of this user has been there for longer than a week."""
    with entered(user), operation("change_seat"):
        Seat.objects.filter(user=user).update(created_at=now() - timedelta(days=8))


def a_second_administrator(here: int) -> User:
    user = make_user(email="zoe@plein.example", name="Zoe", language="en")
    give_seat(workspace=here, user=user, role=Role.ADMINISTRATOR)
    return user


def test_the_first_owner_is_asked_kindly_for_a_week_and_may_work(alice: User) -> None:
    client = by_password(alice)

    page = client.get("/")

    assert page.status_code == 200 and "set up a second step before" in page.text
    assert "Not now" in client.get(SET_UP).text


def test_after_a_week_nothing_opens_but_setting_one_up(alice: User) -> None:
    client = by_password(alice)
    grow_old(alice)

    for path in ("/", "/people/", "/settings/users/", "/settings/tokens/"):
        assert client.get(path)["Location"] == SET_UP
    assert client.post("/settings/profile/", {"name": "Niemand"})["Location"] == SET_UP
    assert client.get("/people/", headers={"HX-Request": "true"})["HX-Redirect"] == SET_UP
    page = client.get(SET_UP).text
    assert "Use an app with codes" in page and "Not now" not in page
    with entered(alice):
        assert User.objects.get(id=alice.id).name == "Alice"


def test_setting_one_up_opens_everything_at_once(alice: User) -> None:
    client = by_password(alice)
    grow_old(alice)

    with no_workspace("test"):
        add_code_app(user=alice, secret=SECRET, code=code())

    assert client.get("/people/").status_code == 200
    assert client.get(SET_UP)["Location"] == "/settings/security/"


def test_a_second_administrator_has_no_week_and_ends_that_of_the_first(cast: Cast, alice: User) -> None:
    first = by_password(alice)
    assert first.get("/").status_code == 200

    second = by_password(a_second_administrator(cast.here))

    assert second.get("/")["Location"] == SET_UP
    assert first.get("/")["Location"] == SET_UP


def test_members_are_asked_only_when_the_workspace_says_so(alice: User, bob: User) -> None:
    client = by_password(bob)
    assert client.get("/").status_code == 200

    with entered(alice) as actor:
        change_workspace(actor=actor, name="Noorderlicht", country="NL", domains=[], second_factor="everyone")

    assert client.get("/")["Location"] == SET_UP


def test_the_owner_chooses_who_has_to_and_programs_may_too(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    client.post("/settings/workspace/", {"name": "N", "country": "NL", "domains": "", "second_factor": "everyone"})

    with entered(alice):
        assert Workspace.objects.get().second_factor == "everyone"
    client.post("/settings/workspace/", {"name": "N", "country": "NL", "domains": ""})
    with entered(alice):
        assert Workspace.objects.get().second_factor == "everyone"


def test_a_token_is_refused_until_its_user_has_one(alice: User) -> None:
    grow_old(alice)
    with entered(alice) as seat:
        token = make_token(user=alice, workspace=seat.workspace_id, scope="all")
    asked = {"headers": {"Authorization": f"Bearer {token}"}}

    refused = Client().get("/api/v1/me", **asked)  # type: ignore[arg-type]
    assert refused.status_code == 403 and refused.json()["type"].endswith("second_step_missing")

    with no_workspace("test"):
        identity = ExternalIdentity.objects.create(user=alice, issuer="https://id.example", subject="1")
        ExternalIdentity.objects.filter(id=identity.id).update(vouched_at=now())
    assert Client().get("/api/v1/me", **asked).status_code == 200  # type: ignore[arg-type]
    with no_workspace("test"):
        ExternalIdentity.objects.update(vouched_at=now() - timedelta(days=31))
    assert Client().get("/api/v1/me", **asked).status_code == 403  # type: ignore[arg-type]
    with no_workspace("test"):
        add_code_app(user=alice, secret=SECRET, code=code())
    assert Client().get("/api/v1/me", **asked).status_code == 200  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": ["pwd", "otp"]}, True),
        ({"amr": ["hwk", "pin"]}, True),
        ({"acr": "https://refeds.org/profile/mfa"}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["otp"]}, False),
        ({"amr": "mfa"}, False),
        ({"amr": [["mfa"], None]}, False),
        ({"acr": "1"}, False),
        ({}, False),
    ],
)
def test_a_provider_vouches_only_when_it_says_more_than_a_password(claims: dict[str, object], counts: bool) -> None:
    assert vouches(claims) == counts


def test_an_owner_takes_a_colleagues_second_step_away_and_that_is_logged(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    with no_workspace("test"):
        add_code_app(user=bob, secret=SECRET, code=code())
    his, hers = signed_in(bob), signed_in(alice)
    with entered(alice) as actor:
        seat, own = Seat.objects.get(user=bob), actor.seat_id
    assert "Take the second step of Bob away" in hers.get("/settings/users/").text

    assert hers.post(f"/settings/users/{seat.id}/second-step/").status_code == 302

    with no_workspace("test"):
        assert not CodeApp.objects.filter(user=bob).exists()
    assert his.get("/")["Location"].startswith("/sign-in/")
    with entered(alice):
        assert AuditEntry.objects.filter(event="remove_second_factor").exists()
    assert hers.post(f"/settings/users/{own}/second-step/").status_code == 422


def test_who_is_no_owner_takes_nobodys_second_step_away(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice):
        seat = Seat.objects.get(user=alice)

    assert signed_in(bob).post(f"/settings/users/{seat.id}/second-step/").status_code == 403
    assert signed_in(charlie).post(f"/settings/users/{seat.id}/second-step/").status_code == 404


def test_a_session_goes_on_under_another_key_when_its_rights_change(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    client.get("/")
    before = client.cookies["plein"].value
    with entered(alice), operation("change_seat"):
        Seat.objects.filter(user=bob).update(role=Role.MANAGER)

    assert client.get("/").status_code == 200

    after = client.cookies["plein"].value
    assert after != before
    stolen = Client()
    stolen.cookies["plein"] = before
    assert stolen.get("/")["Location"].startswith("/sign-in/")
