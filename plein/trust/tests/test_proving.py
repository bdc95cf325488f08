# SPDX-License-Identifier: AGPL-3.0-or-later
"""What matters asks once more who one is, and goes on with what was sent."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust.actions import change_password
from plein.trust.attempts import OF_ACCOUNT
from plein.trust.models import ApiToken, Role, Seat, Team, User
from plein.trust.seats import entered

GOOD = "a long enough sentence"
SignIn = Callable[[User], Client]


@pytest.fixture
def stale(alice: User, signed_in: SignIn) -> Client:
    """Alice, who signed in eleven minutes ago."""
    with no_workspace("test"):
        change_password(user=alice, password=GOOD)
    client = signed_in(alice)
    with no_workspace("test"):
        session = client.session
        session["proved_at"] = (now() - timedelta(minutes=11)).isoformat()
        session.save()
    return client


def seat_of(owner: User, user: User) -> Seat:
    with entered(owner):
        return Seat.objects.get(user=user)


def test_what_was_sent_is_kept_and_goes_on_with_the_proof(stale: Client, alice: User, bob: User) -> None:
    path = f"/settings/users/{seat_of(alice, bob).id}/"
    sent = {"role": "manager", "is_active": "on"}

    asked = stale.post(path, sent)

    assert asked.status_code == 200 and "Is it you?" in asked.text
    assert all(f'name="{name}" value="{value}"' in unescape(asked.text) for name, value in sent.items())
    assert f'action="{path}"' in asked.text
    assert seat_of(alice, bob).role == Role.MEMBER

    wrong = stale.post(path, sent | {"proof_password": "no"})
    assert wrong.status_code == 422 and "That is not right" in wrong.text and 'value="manager"' in wrong.text
    assert seat_of(alice, bob).role == Role.MEMBER

    assert stale.post(path, sent | {"proof_password": GOOD}).status_code == 302
    assert seat_of(alice, bob).role == Role.MANAGER
    assert stale.post(path, sent | {"role": "member"}).status_code == 302
    assert seat_of(alice, bob).role == Role.MEMBER


def test_what_matters_asks_and_the_rest_does_not(stale: Client, alice: User, bob: User) -> None:
    seat = seat_of(alice, bob).id
    asking: dict[str, dict[str, object]] = {
        f"/settings/users/{seat}/": {"role": "manager", "is_active": "on"},
        f"/settings/users/{seat}/link/": {},
        f"/settings/users/{seat}/second-step/": {},
        f"/settings/users/{seat}/look/": {},
        "/settings/users/": {"name": "Z", "email": "z@plein.example", "role": "administrator", "language": "nl"},
        "/settings/teams/": {"name": "Nieuw", "seats": [str(seat)]},
        "/settings/tokens/": {"scope": "read", "days": "30"},
        "/settings/workspace/": {"name": "N", "country": "NL", "domains": "", "second_factor": "everyone"},
        "/settings/security/code-app/start/": {},
    }
    for path, sent in asking.items():
        answer = stale.post(path, sent)
        assert answer.status_code == 200 and "Is it you?" in answer.text, path
    with entered(alice):
        assert not Team.objects.filter(name="Nieuw").exists() and not ApiToken.objects.exists()

    invited = {"name": "Y", "email": "y@plein.example", "role": "member", "language": "nl"}
    assert "Is it you?" not in stale.post("/settings/users/", invited).text
    assert stale.get("/settings/users/").status_code == 200


def test_a_fragment_gets_the_whole_page(stale: Client) -> None:
    answer = stale.post("/settings/tokens/", {"scope": "read", "days": "30"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200 and answer["HX-Retarget"] == "body" and "<form" in answer.text


def test_guessing_is_slowed_down(stale: Client) -> None:
    sent = {"scope": "read", "days": "30"}
    for _time in range(OF_ACCOUNT):
        assert stale.post("/settings/tokens/", sent | {"proof_password": "no"}).status_code == 422

    refused = stale.post("/settings/tokens/", sent | {"proof_password": GOOD})

    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    with no_workspace("test"):
        assert not ApiToken.objects.exists()


def test_leaving_it_leads_back_to_where_one_was(stale: Client) -> None:
    sent = {"scope": "read", "days": "30"}

    inside = stale.post("/settings/tokens/", sent, headers={"Referer": "http://testserver/settings/tokens/?a=1"})
    outside = stale.post("/settings/tokens/", sent, headers={"Referer": "https://elsewhere.example/settings/tokens/"})

    assert 'href="/settings/tokens/?a=1"' in inside.text
    assert "elsewhere.example" not in outside.text
