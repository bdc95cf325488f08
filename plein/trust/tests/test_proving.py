# SPDX-License-Identifier: AGPL-3.0-or-later
"""What matters asks once more who one is, and goes on with what was sent."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.erasure.actions import subject_of
from plein.relations.models import Relation
from plein.testing.cast import give_second_proof
from plein.testing.factories import make_person
from plein.trust.actions import change_password, change_seat, make_team
from plein.trust.attempts import OF_ACCOUNT
from plein.trust.models import ApiToken, Role, Seat, Team, User, Workspace
from plein.trust.seats import entered

__all__ = ["calling"]
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
        "/settings/sessions/end/": {},
    }
    for path, sent in asking.items():
        answer = stale.post(path, sent)
        assert answer.status_code == 200 and "Is it you?" in answer.text, path
    with entered(alice):
        assert not Team.objects.filter(name="Nieuw").exists() and not ApiToken.objects.exists()

    invited = {"name": "Y", "email": "y@plein.example", "role": "member", "language": "nl"}
    assert "Is it you?" not in stale.post("/settings/users/", invited).text
    assert stale.get("/settings/users/").status_code == 200


def test_who_has_nothing_to_prove_with_sets_something_up_first(stale: Client, alice: User, bob: User) -> None:
    path, sent = f"/settings/users/{seat_of(alice, bob).id}/", {"role": "manager", "is_active": "on"}
    with no_workspace("test"):
        alice.set_unusable_password()
        alice.save()
        session = dict(stale.session)
        stale.force_login(alice)
        again = stale.session
        again.update({name: value for name, value in session.items() if not name.startswith("_auth")})
        again.save()

    asked = stale.post(path, sent)
    assert "Set something up" in asked.text and 'name="role" value="manager"' in unescape(asked.text)
    assert "Set something up" in stale.get("/settings/security/prove/").text
    assert seat_of(alice, bob).role == Role.MEMBER
    # What they set up first needs no proof: there is nothing to give one with.
    assert "Is it you?" not in stale.post("/settings/security/code-app/start/").text

    with no_workspace("test"):
        alice.set_password(GOOD)
        alice.save(update_fields=["password"])
        again = stale.session
        again["_auth_user_hash"] = alice.get_session_auth_hash()
        again.save()
    assert "Password" in stale.post(path, sent).text
    assert stale.post(path, sent | {"proof_password": GOOD}).status_code == 302
    assert seat_of(alice, bob).role == Role.MANAGER


def test_turning_back_a_change_of_rights_asks_too(stale: Client, alice: User, bob: User) -> None:
    with entered(alice) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=bob), role="manager", is_active=True)
        done = Operation.objects.get(verb="change_seat")
    path = f"/undo/{done.id}/"

    assert "Is it you?" in stale.post(path).text and seat_of(alice, bob).role == Role.MANAGER
    assert stale.post(path, {"proof_password": GOOD}).status_code == 302
    assert seat_of(alice, bob).role == Role.MEMBER


def test_a_token_does_what_asks_for_a_proof_only_when_it_was_made_for_that(
    alice: User, bob: User, calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plein.lists.export.actions.REMEMBERED_ABOVE", 0)
    give_second_proof(alice)
    seat = seat_of(alice, bob).id
    with entered(alice) as actor:
        person = make_person()
        subject = subject_of(actor=actor, relation_id=person.id)
        make_team(actor=actor, name="Board", seats=[seat])
        team = Team.objects.get(name="Board").id
        done = Operation.objects.filter(verb="make_team").latest("started_at").id
    asking: list[tuple[str, str, dict[str, Any] | None]] = [
        ("PATCH", "/workspace", {"second_factor": "everyone"}),
        ("POST", "/seats", {"name": "Z", "email": "z@plein.example", "role": "administrator", "language": "nl"}),
        ("PATCH", f"/seats/{seat}", {"role": "manager"}),
        ("POST", f"/seats/{seat}/link", None),
        ("DELETE", f"/seats/{seat}/second-step", None),
        ("POST", "/teams", {"name": "Nieuw", "seats": []}),
        ("PATCH", f"/teams/{team}", {"name": "Anders"}),
        ("GET", "/lists/person/file", None),
        ("POST", f"/operations/{done}/undo", None),
        ("POST", f"/subjects/{subject}/erase", {}),
    ]
    weak, strong = calling(alice, "all", is_proven=False), calling(alice, "all")

    for method, path, body in asking:
        refused = weak.send(method, path, json=body)
        assert refused.status_code == 403 and refused.json()["code"] == "proof_missing", (path, refused.content)
    with entered(alice):
        assert Workspace.objects.get().second_factor != "everyone" and Team.objects.filter(id=team).exists()
        assert Relation.objects.filter(id=person.id).exists()
    assert weak.send("PATCH", "/workspace", json={"name": "Zon"}).status_code == 200
    for method, path, body in asking:
        assert strong.send(method, path, json=body).status_code < 300, path


def test_a_token_for_that_is_asked_for_by_name_and_ends(alice: User, signed_in: SignIn) -> None:
    client, sent = signed_in(alice), {"scope": "all", "is_proven": "on"}

    for days in ("0", "365"):
        refused = client.post("/settings/tokens/", sent | {"days": days})
        assert refused.status_code == 422 and "90 days or less" in refused.text
    assert "Copy it now" in client.post("/settings/tokens/", sent | {"days": "90"}).text
    with no_workspace("test"):
        made = ApiToken.objects.get()
    assert made.is_proven and made.expires_at is not None
    assert "also what asks for a proof" in client.get("/settings/tokens/").text


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
