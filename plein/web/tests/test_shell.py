# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from uuid import UUID

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from plein.core.toasts import toast_later, toast_now
from plein.web.navigation import NAVIGATION, NavItem, current_of, links_for
from plein.web.shell import frame
from plein.web.toast import take_toasts

urlpatterns = [path("somewhere/", lambda request: HttpResponse(), name="somewhere")]
PLACES = [NavItem("here", "Here", "home", "somewhere", roles=frozenset({"owner"})), NavItem("no", "No", "x", "missing")]


@pytest.mark.urls(__name__)
def test_only_places_that_exist_and_are_allowed_are_shown() -> None:
    assert [link.id for link in links_for(PLACES, "owner")] == ["here"]
    assert links_for(PLACES, "guest") == []


def test_the_longest_matching_name_is_where_we_are() -> None:
    assert current_of(NAVIGATION, "moments:import_detail") == "import"
    assert current_of(NAVIGATION, "moments:detail") == "relations"
    assert current_of(NAVIGATION, "relations:person_list") == "relations"
    assert current_of(NAVIGATION, "trust:seen") == current_of(NAVIGATION, "erasure:erase") == "relations"
    assert current_of(NAVIGATION, "trust:users") == current_of(NAVIGATION, "mypage:requests") == "settings"
    assert current_of(NAVIGATION, "elsewhere") == ""


def test_every_key_leads_to_one_place() -> None:
    keys = [item.key for item in NAVIGATION if item.key]
    assert len(keys) == len(set(keys))


@pytest.mark.urls(__name__)
def test_the_frame_works_for_nobody() -> None:
    words = frame(RequestFactory().get("/"))
    assert words["user_name"] == "" and words["keys"] is True and json.loads(words["words"])["undo"]


def test_a_toast_waits_for_the_next_page_and_shows_once() -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()

    operation = UUID(int=1)
    toast_later(request, "Moved to the bin", operation)

    assert take_toasts(request) == [{"text": "Moved to the bin", "undo": f"/undo/{operation}/"}]
    assert take_toasts(request) == []


def test_a_fragment_carries_its_toast_in_a_header() -> None:
    operation = UUID(int=1)
    response = toast_now(HttpResponse(), "Één ding", operation)

    assert response["HX-Trigger"].isascii()
    assert json.loads(response["HX-Trigger"]) == {"plein:toast": {"text": "Één ding", "undo": f"/undo/{operation}/"}}
