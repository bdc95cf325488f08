# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a browser shows of a form: that a frame on another website takes it, and that it keeps nobody out."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from plein.consent.queries import purpose_called
from plein.testing.browser import axe_violations
from plein.testing.looking import listened_to, opened
from plein.testing.mail_server import Box
from plein.testing.peers import Answer, running
from plein.trust.models import User
from plein.trust.seats import entered
from plein.webforms.tests.visitor import form_of, link_in, work

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_visitor_fills_in_on_a_website_and_confirms(browser: Browser, server: str, alice: User, box: Box) -> None:
    with entered(alice):
        purpose = purpose_called("newsletter")
    assert purpose is not None
    asks = {"name": "required", "phone": "optional", "message": "required"}
    lines: list[str] = []
    with running(lambda request: Answer("".join(lines).encode(), headers={"Content-Type": "text/html"})) as website:
        words = {"intro_en": "We answer within a day.", "origins": (website.url,)}
        form = form_of(alice, asks=asks, purposes=(purpose.id,), **words)
        with opened(browser, server, "", theme="light", width=1440) as page:
            page.goto(f"/f/{form.key}/?lang=en")
            assert axe_violations(page) == []
        with opened(browser, server, "", theme="dark", width=390) as page:
            said = listened_to(page)
            lines.append(f'<iframe src="{server}/f/{form.key}/?lang=en" width="380" height="900"></iframe>')
            page.goto(website.url)
            frame = page.frame_locator("iframe")
            frame.get_by_label("Your name").fill("Ria Visser")
            frame.get_by_label("Your e-mail address").fill("ria@visser.example")
            frame.get_by_label("Newsletter").check()
            page.wait_for_timeout(2100)
            frame.get_by_role("button", name="Send").press("Enter")
            expect(frame.get_by_text("Write what you want to say.")).to_be_visible()
            frame.get_by_label("Your message").fill("Two ovens, please.")
            frame.get_by_role("button", name="Send").click()
            expect(frame.get_by_role("heading", name="Look in your mail")).to_be_visible()
            work()
            page.goto(server + urlsplit(link_in(box)).path + "?lang=en")
            assert axe_violations(page) == []
            page.get_by_role("button", name="Yes, confirm").click()
            expect(page.get_by_role("heading", name="Thank you, it is confirmed")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.goto(f"/f/{form.key}/?lang=en")
            page.get_by_role("button", name="Send").click()
            assert axe_violations(page) == []
            assert said == []
