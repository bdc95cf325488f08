# SPDX-License-Identifier: AGPL-3.0-or-later
"""Naming, hearing and settings in a real browser: by keys, in many tabs, in light and dark."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from plein.core.isolation import no_workspace
from plein.moments.models import MomentText
from plein.notifications.tests.at_work import seat_id_of, work
from plein.relations.models import Relation
from plein.testing.browser import axe_violations
from plein.testing.database import TestDatabase
from plein.testing.factories import make_person
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def henk(server: str, alice: User) -> Relation:
    with entered(alice):
        return make_person()


@pytest.fixture
def inside(browser: Browser, server: str, signed_in: SignIn) -> Iterator[Callable[[User], BrowserContext]]:
    """A browser of somebody who has signed in."""
    contexts: list[BrowserContext] = []

    def open_as(user: User) -> BrowserContext:
        with no_workspace("test"):
            cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(base_url=server)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
        contexts.append(context)
        return context

    yield open_as
    for context in contexts:
        context.close()


def unread(page: Page) -> str:
    return page.locator(".nav [data-unread]").text_content() or ""


def test_a_colleague_is_named_by_keys_alone_and_hears_of_it_in_every_tab_through_one_stream(
    henk: Relation, alice: User, bob: User, inside: Callable[[User], BrowserContext], test_database: TestDatabase
) -> None:
    theirs = inside(bob)
    asked: list[str] = []
    theirs.on("request", lambda request: asked.append(request.url) if "/notifications/stream" in request.url else None)
    tabs = [theirs.new_page() for _number in range(4)]
    for tab in tabs:
        tab.goto("/history/")
    page = inside(alice).new_page()
    page.goto(f"/relations/{henk.id}/")
    page.locator("#composer-text").click()
    page.keyboard.type("Kijk eens, @bo")
    expect(page.get_by_role("option", name="Bob")).to_have_attribute("aria-selected", "true")
    assert axe_violations(page) == []
    page.keyboard.press("Enter")
    page.keyboard.type("graag")
    expect(page.locator("#composer-text")).to_have_value("Kijk eens, @Bob graag")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Kijk eens, @Bob graag")
    with entered(alice):
        assert MomentText.objects.get().mentions == [seat_id_of(bob)]
    work()

    for tab in tabs:
        expect(tab.locator(".nav [data-unread]")).to_have_text("1 new")
    assert len(asked) == 1
    tabs[0].close()
    tabs[1].bring_to_front()
    expect(tabs[1].locator(".nav [data-unread]")).to_have_text("1 new")
    tabs[1].goto("/notifications/")
    tabs[1].get_by_role("link", name="Alice names you").click()
    expect(tabs[1]).to_have_url(tabs[1].url)
    for tab in tabs[1:]:
        expect(tab.locator(".nav [data-unread]")).to_have_text("")


def test_the_pages_keep_nobody_out(
    henk: Relation, bob: User, browser: Browser, server: str, signed_in: Callable[[User], Client]
) -> None:
    with opened(browser, server, cookie_of(signed_in, bob)) as page:
        judge = Judge(page)
        for address in ("/notifications/", "/notifications/?show=unread", "/settings/notifications/"):
            judge.visit(address)
        assert not judge.found, judge.report()


def test_f_follows_and_the_worker_is_there(henk: Relation, bob: User, inside: Callable[[User], BrowserContext]) -> None:
    page = inside(bob).new_page()
    page.goto(f"/relations/{henk.id}/")
    page.keyboard.press("f")
    expect(page.locator("#follow button")).to_have_attribute("aria-pressed", "true")
    answer = page.request.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "showNotification" in answer.text()
    scope = page.evaluate("async () => (await navigator.serviceWorker.register('/sw.js', { scope: '/' })).scope")
    assert scope.endswith("/")
