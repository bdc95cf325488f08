# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from plein.core.isolation import no_workspace
from plein.relations.models import Relation
from plein.testing.browser import axe_violations
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust import sessions
from plein.trust.actions import change_seat, give_seat
from plein.trust.models import Seat, User
from plein.trust.places import handle_of
from plein.trust.seats import entered

SignIn = Callable[[User], Client]


@pytest.fixture
def both(cast: Cast) -> User:
    """Bob, who works at Noorderlicht as a member and, since later, at Elders as a manager."""
    give_seat(workspace=cast.elsewhere, user=cast.bob, role="manager")
    with entered(cast.alice):
        make_person("Iemand van Noorderlicht")
    with entered(cast.charlie):
        make_person("Iemand van Elders")
    return cast.bob


def go(client: Client, workspace: int) -> int:
    return client.post("/workspaces/go/", {"place": handle_of(workspace)}).status_code


def test_who_works_in_two_places_goes_from_one_to_the_other_and_stays(
    both: User, cast: Cast, signed_in: SignIn
) -> None:
    client = signed_in(both)
    first = client.get("/people/").text
    assert "Iemand van Noorderlicht" in first and "Iemand van Elders" not in first
    assert 'href="/workspaces/"' in first
    page = client.get("/workspaces/").text
    assert "Go to Elders" in page and "You are here" in page

    assert go(client, cast.elsewhere) == 302

    second = client.get("/people/").text
    assert "Iemand van Elders" in second and "Iemand van Noorderlicht" not in second
    assert "Manager" in second and "Iemand van Elders" in client.get("/people/").text


def test_who_works_in_one_place_has_no_switch_and_nowhere_else_to_go(
    alice: User, cast: Cast, signed_in: SignIn
) -> None:
    client = signed_in(alice)

    assert 'href="/workspaces/"' not in client.get("/people/").text
    assert go(client, cast.elsewhere) == 404
    assert client.post("/workspaces/go/", {"place": "nowhere"}).status_code == 404
    assert client.get("/workspaces/go/").status_code == 405


def test_a_closed_seat_is_nowhere_to_go(both: User, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(both)
    with entered(cast.charlie) as actor:
        change_seat(actor=actor, seat=Seat.objects.get(user=both), role="manager", is_active=False)

    assert "Elders" not in client.get("/workspaces/").text and go(client, cast.elsewhere) == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_of_the_other_workspace_reads_and_writes_nothing(
    method: str, both: User, cast: Cast, signed_in: SignIn
) -> None:
    client = signed_in(both)
    old = {"X-Plein-Place": handle_of(cast.here), "HX-Request": "true"}
    assert client.get("/people/", headers=old).status_code == 200
    go(client, cast.elsewhere)

    answer = getattr(client, method)("/people/new/", {"name": "Verdwaald"}, headers=old)

    assert answer.status_code == 421 and "another workspace" in answer.text
    with entered(cast.charlie):
        assert not Relation.objects.filter(name="Verdwaald").exists()
    assert client.post("/workspaces/go/", {"place": handle_of(cast.here)}, headers=old).status_code == 302
    assert client.get("/people/", headers=old).status_code == 200


def test_a_form_that_stood_open_is_worth_nothing_after_going_elsewhere(both: User, cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    with no_workspace("test"):
        client.force_login(both)
    token = client.get("/people/new/").text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    wanted = {"csrfmiddlewaretoken": token, "name": "Verdwaald"}
    client.post("/workspaces/go/", {"csrfmiddlewaretoken": token, "place": handle_of(cast.elsewhere)})

    assert client.post("/people/new/", wanted).status_code == 403
    with entered(cast.charlie):
        assert not Relation.objects.filter(name="Verdwaald").exists()


def test_a_session_that_one_workspace_opened_stays_there(both: User, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(both)
    with no_workspace("test"):
        session = client.session
        session.update({"workspace": cast.here, "bound": True, sessions.SEEN: None})
        session.save()

    assert "Elders" not in client.get("/workspaces/").text and go(client, cast.elsewhere) == 404


def test_the_number_of_a_workspace_is_in_no_page(both: User, cast: Cast, signed_in: SignIn) -> None:
    assert handle_of(cast.here) != handle_of(cast.elsewhere)
    page = signed_in(both).get("/workspaces/").text
    assert f'value="{cast.elsewhere}"' not in page


@pytest.mark.browser
def test_a_tab_that_stayed_behind_says_so_and_leads_back(
    server: str, page: Page, both: User, cast: Cast, signed_in: SignIn
) -> None:
    client = signed_in(both)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    page.goto(f"{server}/people/")
    other = page.context.new_page()
    other.goto(f"{server}/workspaces/")
    assert axe_violations(other) == []
    other.get_by_role("button", name="Go to Elders").click()
    other.wait_for_url(f"{server}/")

    page.evaluate("htmx.ajax('GET', '/people/', {target: '#content', swap: 'innerHTML'})")

    dialog = page.locator("#other-place")
    expect(dialog).to_be_visible()
    assert axe_violations(page) == []
    dialog.get_by_role("button", name="Back to Noorderlicht").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator("#content")).to_contain_text("Iemand van Noorderlicht")
