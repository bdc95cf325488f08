# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answering on a network as people do it, on a telephone: what is left to say is counted, and it is sent."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from plein.channels.models import Connection
from plein.core.isolation import no_workspace
from plein.outbox.models import Mail
from plein.outbox.tests.test_posts import PUBLIC, account, moment_of, peer, toot
from plein.testing.browser import axe_violations
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
__all__ = ["account", "peer", "toot"]
SignIn = Callable[[User], Client]


def test_an_answer_is_counted_and_said(
    browser: Browser, server: str, alice: User, account: Connection, signed_in: SignIn
) -> None:
    with no_workspace("test"):
        cookie = signed_in(alice).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(
        base_url=server, reduced_motion="reduce", viewport={"width": 390, "height": 800}, color_scheme="dark"
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    page = context.new_page()
    page.goto(f"/moments/{moment_of(alice, PUBLIC).id}/reply/")

    page.locator("#post-text").fill("x" * 501)
    expect(page.locator("[data-left]")).to_have_text("-1")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#post-error")).to_contain_text("500")
    page.locator("#post-text").fill("Thank you")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("plein-toast")).to_contain_text("Said in 10 seconds.")
    with entered(alice):
        assert Mail.objects.get(state="waiting").text == "Thank you"
    context.close()
