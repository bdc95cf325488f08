# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from plein.core.isolation import no_workspace
from plein.testing.factories import make_moment, make_person
from plein.trust.models import User
from plein.trust.seats import entered
from plein.trust.start_pages import start_of
from plein.trust.zones import known_zones, zone_of
from plein.web.middleware import SeatMiddleware

SignIn = Callable[[User], Client]
PROFILE = {"name": "Bob", "language": "en", "theme": "", "time_zone": "Europe/Amsterdam", "start_page": ""}


def change(user: User, **changes: str) -> None:
    with no_workspace("test"):
        User.objects.filter(id=user.id).update(**changes)
        user.refresh_from_db()


def test_times_are_told_by_the_readers_clock(bob: User, signed_in: SignIn) -> None:
    with entered(bob):
        person = make_person()
        make_moment(person, occurred_at=datetime(2026, 3, 4, 23, 30, tzinfo=UTC))
    client, path = signed_in(bob), f"/relations/{person.id}/"

    assert "5 March 2026, 0.30" in client.get(path).text
    answer = client.post("/settings/profile/", {**PROFILE, "time_zone": "Pacific/Auckland"})
    assert answer.status_code == 302
    assert "5 March 2026, 12.30" in client.get(path).text
    assert timezone.get_current_timezone_name() == "Europe/Amsterdam", "nothing is left behind for the next reader"


def test_a_visitor_gets_the_zone_of_this_plein(db: None) -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = HttpRequest()
    request.path_info = "/sign-in/"
    SeatMiddleware(view)(request)

    assert seen == ["Europe/Amsterdam"]


@pytest.mark.parametrize(
    "name", ["", "Europe/Atlantis", "../../etc/passwd", "UTC'; DROP TABLE trust_user; --", "localtime"]
)
def test_a_zone_that_does_not_exist_is_refused_and_never_used(name: str, bob: User, signed_in: SignIn) -> None:
    refused = signed_in(bob).post("/settings/profile/", {**PROFILE, "time_zone": name})

    assert refused.status_code == 422
    change(bob, time_zone=name[:60])
    assert zone_of(bob).key == "Europe/Amsterdam"


def test_people_live_in_the_zones_they_know() -> None:
    assert {"Europe/Amsterdam", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "UTC"} <= known_zones()
    assert not known_zones() & {"EST5EDT", "posixrules", "localtime"}


def test_somebody_begins_on_the_page_they_chose(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    assert 'data-go="v" aria-current="page"' in client.get("/").text

    client.post("/settings/profile/", {**PROFILE, "start_page": "/people/"})

    assert client.get("/")["Location"] == "/people/"
    assert 'data-go="v" aria-current="page"' in client.get("/today/").text
    assert 'value="/people/" selected' in client.get("/settings/").text


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "/not/there/", "/sign-out/", "/settings/"])
def test_only_offered_pages_can_be_begun_on(page: str, bob: User, signed_in: SignIn) -> None:
    assert signed_in(bob).post("/settings/profile/", {**PROFILE, "start_page": page}).status_code == 422


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "/not/there/", "/sign-out/"])
def test_a_start_page_that_is_no_longer_there_gives_way_to_today(page: str, bob: User, signed_in: SignIn) -> None:
    change(bob, start_page=page)

    assert start_of(bob) == "/" and signed_in(bob).get("/").status_code == 200
    assert "no longer there" in signed_in(bob).get("/settings/").text
