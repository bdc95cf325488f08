# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing a mail as people do it: the tab, a snippet, send, and the key that takes it back."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from plein.core.isolation import no_workspace
from plein.outbox.actions import TemplateFacts, keep_template
from plein.outbox.models import Mail, MailState
from plein.outbox.tests.conftest import ADDRESS
from plein.relations.models import Relation
from plein.testing.browser import axe_violations
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SignIn = Callable[[User], Client]


def test_a_mail_is_written_sent_and_taken_back_by_keys(
    browser: Browser, server: str, alice: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        facts = TemplateFacts("snippet", "Groet", "Groet aan {{person.given_name}}", "groet", circle="everyone")
        keep_template(actor=actor, facts=facts)
    with no_workspace("test"):
        cookie = signed_in(alice).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=server, reduced_motion="reduce")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    page = context.new_page()
    page.goto(f"/relations/{henk.id}/")

    page.locator("#composer-text").fill("Zoals besproken.")
    page.locator("#tab-email").click()
    text = page.locator("#letter-text")
    expect(text).to_have_value("Zoals besproken.")
    expect(page.locator("#letter-to")).to_have_value(f"Henk van Dijk <{ADDRESS}>")
    text.press("End")
    text.press_sequentially(" ;groet ")
    expect(text).to_have_value("Zoals besproken. Groet aan Henk ")
    page.locator("#letter-subject").fill("Offerte")
    assert axe_violations(page) == []
    text.press("Control+Enter")

    expect(page.locator("plein-toast")).to_contain_text("Sent in 10 seconds.")
    expect(page.locator("#timeline")).to_contain_text("on its way")
    with entered(alice):
        assert Mail.objects.get().state == MailState.WAITING
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(page.locator("#letter-text")).to_have_value("Zoals besproken. Groet aan Henk ")
    expect(page.locator("#timeline")).not_to_contain_text("on its way")
    with entered(alice):
        assert Mail.objects.get().state == MailState.DRAFT
    context.close()
