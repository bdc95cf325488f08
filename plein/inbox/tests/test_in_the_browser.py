# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a browser shows: the inbox by keys alone, and that what comes in appears by itself."""

import pytest
from playwright.sync_api import Browser, expect

from plein.inbox.tests.conftest import Post, SignIn
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.models import User

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_by_keys_alone_and_by_itself(browser: Browser, server: str, bob: User, post: Post, signed_in: SignIn) -> None:
    post.come("Eerste vraag", subject="Eerste")
    with opened(browser, server, cookie_of(signed_in, bob)) as page:
        judge = Judge(page)
        page.goto("/inbox/")
        row = page.locator(".inbox-row")
        expect(row).to_have_count(1)
        judge.look("list")
        with page.expect_request(lambda one: "/notifications/stream" in one.url, timeout=10_000):
            page.reload()
        page.wait_for_timeout(700)
        post.come("Tweede vraag", subject="Tweede")
        expect(row).to_have_count(2)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Tweede")).to_be_visible()
        judge.look("message")
        page.keyboard.press("e")
        expect(page.get_by_role("heading", name="Eerste")).to_be_visible()
        expect(page.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
        page.keyboard.press("z")
        expect(row).to_have_count(2)
        page.keyboard.press("s")
        expect(page.get_by_role("button", name="Tomorrow morning")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.keyboard.type("Voor Alice")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Noted for your colleagues.")).to_be_visible()
        assert judge.found == [], judge.report()
