# SPDX-License-Identifier: AGPL-3.0-or-later
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.isolation import no_workspace
from plein.trust.actions import find_token, give_seat, make_user
from plein.trust.models import ApiToken, OneTimeLink, Role, Seat, Team, User, Workspace
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
OWN_PAGES = ("/settings/", "/settings/profile/", "/settings/password/", "/settings/security/", "/settings/tokens/")
ADMINISTRATORS_PAGES = ("/settings/users/", "/settings/teams/", "/settings/workspace/")


def test_everybody_has_their_own_pages_and_only_administrators_the_rest(
    alice: User, bob: User, gina: User, signed_in: SignIn
) -> None:
    for user, expected in ((alice, 200), (bob, 403), (gina, 403)):
        client = signed_in(user)
        assert {client.get(page).status_code for page in OWN_PAGES} == {200}
        assert {client.get(page).status_code for page in ADMINISTRATORS_PAGES} == {expected}
        shown = client.get("/settings/").content.decode()
        assert all((f'href="{page}"' in shown) == (expected == 200) for page in ADMINISTRATORS_PAGES)


def test_the_profile_changes_name_language_and_keys(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)

    changes = {"name": "Bob Smit", "language": "nl", "theme": "dark", "time_zone": "Europe/Amsterdam", "start_page": ""}
    client.post("/settings/profile/", changes)

    page = client.get("/settings/").content.decode()
    assert '<html lang="nl" data-theme="dark" data-keys="off">' in page and "Bob Smit" in page


@pytest.mark.parametrize(("theme", "status"), [("dark", 204), ("", 204), ("pink", 422)])
def test_the_theme_button_keeps_what_was_chosen(bob: User, signed_in: SignIn, theme: str, status: int) -> None:
    assert signed_in(bob).post("/settings/theme", {"theme": theme}).status_code == status


def test_a_token_is_shown_once_and_works_until_revoked(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)

    page = client.post("/settings/tokens/", {"name": "De website", "scope": "read", "days": "30"}).content.decode()
    secret = page.split('<code class="break">')[1].split("<")[0]
    listed = client.get("/settings/tokens/").text
    assert "De website" in listed and "Never used" in listed and "works until" in listed

    found = find_token(secret)
    assert found is not None and found.user_id == bob.id
    assert secret not in client.get("/settings/tokens/").content.decode()
    client.post(f"/settings/tokens/{found.id}/revoke/")
    assert find_token(secret) is None


def test_a_member_makes_no_token_that_manages_and_ends_nobody_elses(alice: User, bob: User, signed_in: SignIn) -> None:
    signed_in(alice).post("/settings/tokens/", {"scope": "all", "days": "0"})
    with no_workspace("test"):
        hers = ApiToken.objects.get(user=alice)

    assert signed_in(bob).post("/settings/tokens/", {"scope": "all", "days": "30"}).status_code == 403
    assert signed_in(bob).post(f"/settings/tokens/{hers.id}/revoke/").status_code == 404
    with no_workspace("test"):
        assert ApiToken.objects.filter(revoked_at__isnull=True).count() == 1


def test_an_invitation_gives_a_seat_and_a_link_that_is_shown_once(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    page = client.post(
        "/settings/users/", {"name": "Daan", "email": "daan@plein.example", "role": "member", "language": "nl"}
    ).content.decode()

    link = page.split("http://testserver")[1].split("<")[0].split('"')[0]
    chosen = {"name": "Daan", "language": "nl", "new_password": "a long enough sentence"}
    assert Client().post(link, chosen).status_code == 302
    assert Client().post(link, chosen).status_code == 410
    assert (
        "/sign-in/" not in client.get("/settings/users/").content.decode().split("<section>")[1].split("</section>")[0]
    )


def test_who_works_elsewhere_too_gets_a_seat_but_the_inviter_no_link(
    alice: User, charlie: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    invitation = {"name": "Charlie", "email": charlie.email, "role": "member", "language": "nl"}

    page = client.post("/settings/users/", invitation).content.decode()

    assert "signs in the way they already do" in page
    with entered(alice) as seat:
        colleague = Seat.objects.get(user=charlie)
        assert colleague.workspace_id == seat.workspace_id
    client.post(f"/settings/users/{colleague.id}/link/")
    with no_workspace("test"):
        assert not OneTimeLink.objects.filter(user=charlie).exists()


def test_an_administrator_does_not_become_owner(alice: User, cast: object, signed_in: SignIn) -> None:
    admin = make_user(email="admin@plein.example", name="Ada", language="en")
    with entered(alice) as owner:
        give_seat(workspace=owner.workspace_id, user=admin, role=Role.ADMINISTRATOR)
        hers, his = Seat.objects.get(user=alice), Seat.objects.get(user=admin)
    client = signed_in(admin)

    answers = [
        client.post(f"/settings/users/{his.id}/", {"role": "owner", "is_active": "on"}).status_code,
        client.post(f"/settings/users/{hers.id}/", {"role": "member", "is_active": "on"}).status_code,
        client.post(f"/settings/users/{hers.id}/link/").status_code,
        client.post("/settings/users/", {"name": "X", "email": "x@plein.example", "role": "owner", "language": "nl"})
        .status_code,
    ]  # fmt: skip

    assert answers == [422, 403, 403, 422]
    with entered(alice):
        assert Seat.objects.get(id=hers.id).role == "owner" and Seat.objects.get(id=his.id).role == "administrator"


def test_the_last_owner_stays_owner(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        seat = Seat.objects.get(user=alice)

    response = signed_in(alice).post(f"/settings/users/{seat.id}/", {"role": "member", "is_active": "on"})

    assert response.status_code == 422 and "A workspace needs an owner" in response.content.decode()


def test_a_stranger_finds_no_colleague_and_no_team(alice: User, charlie: User, signed_in: SignIn) -> None:
    with entered(alice):
        seat, team = Seat.objects.get(user=alice), Team.objects.get(name="Sales")
    client = signed_in(charlie)

    for path in (f"users/{seat.id}/", f"users/{seat.id}/link/", f"teams/{team.id}/"):
        assert client.post(f"/settings/{path}", {"name": "x", "role": "member"}).status_code == 404


def test_a_team_is_started_and_changed(alice: User, bob: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice):
        seat = Seat.objects.get(user=bob)

    client.post("/settings/teams/", {"name": "Service", "seats": [str(seat.id)]})
    with entered(alice):
        team = Team.objects.get(name="Service")
        assert team.members.count() == 1
    client.post(f"/settings/teams/{team.id}/", {"name": "Service en onderhoud", "seats": []})

    with entered(alice):
        team.refresh_from_db()
        assert team.name == "Service en onderhoud" and team.members.count() == 0
    refused = client.post(f"/settings/teams/{team.id}/", {"name": ""})
    assert refused.status_code == 422


def test_the_companys_domains_are_checked(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    wrong = client.post("/settings/workspace/", {"name": "Noorderlicht", "country": "NL", "domains": "geen domein"})
    client.post("/settings/workspace/", {"name": "Noorderlicht", "country": "BE", "domains": "@Noorderlicht.NL\nb.be"})

    assert wrong.status_code == 422 and "This is not a domain: geen." in wrong.content.decode()
    with entered(alice) as seat:
        kept = Workspace.objects.get(id=seat.workspace_id)
        assert kept.country == "BE" and kept.domains == ["b.be", "noorderlicht.nl"]


def test_a_token_says_whether_it_was_used_from_here(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    page = client.post("/settings/tokens/", {"name": "De website", "scope": "read", "days": "30"}).text
    secret = page.split('<code class="break">')[1].split("<")[0]
    asked = {"Authorization": f"Bearer {secret}"}

    Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/me", headers=asked)
    assert "from where you are now" not in client.get("/settings/tokens/").text
    with no_workspace("test"):
        token = ApiToken.objects.get(user=bob)
        assert token.last_used_from and "192.0.2.7" not in token.last_used_from
        ApiToken.objects.update(last_used_at=None)
    Client().get("/api/v1/me", headers=asked)

    assert "from where you are now" in client.get("/settings/tokens/").text
    assert Client().get("/api/v1/tokens", headers=asked).json()["items"][0]["last_used_from"]


def test_cookies_belong_to_one_host_alone_where_there_is_https() -> None:
    script = (
        "from plein import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PLEIN_URL": "https://plein.example"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["__Host-plein", "__Host-csrftoken", "True"]
