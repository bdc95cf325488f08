# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing a mail and inviting guests as people do it: the tab, a snippet, send, and the key that takes it back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.moments.actions import Part, plan_appointment
from plein.outbox.actions import TemplateFacts, keep_template
from plein.outbox.models import Mail, MailState
from plein.outbox.tests.conftest import ADDRESS
from plein.relations.actions import forbid_contact
from plein.relations.models import Relation
from plein.testing.browser import axe_violations
from plein.testing.factories import make_contact_point, make_person
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
    expect(page.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
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


def test_guests_are_invited_on_a_phone(
    browser: Browser, server: str, alice: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        shunned = make_person("Sanne de Wit")
        make_contact_point(shunned, "email", "sanne@dewit.example")
        forbid_contact(actor=actor, relation=shunned, reason="asked for rest")
        soon = {"occurred_at": now() + timedelta(days=2), "subject": "Plans"}
        moment = plan_appointment(actor=actor, participants=[Part(henk.id), Part(shunned.id)], **soon)  # type: ignore[arg-type]
    with no_workspace("test"):
        cookie = signed_in(alice).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(
        base_url=server, reduced_motion="reduce", color_scheme="dark", viewport={"width": 390, "height": 800}
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    page = context.new_page()
    page.goto(f"/moments/{moment.id}/guests/")

    expect(page.locator("#guests")).to_contain_text("asked for rest")
    expect(page.locator("#guests input")).to_have_count(1)
    expect(page.locator("#guests input")).to_be_checked()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#guests-note").fill("Tot dan")
    page.locator("#guests-note").press("Control+Enter")
    expect(page.locator("plein-toast")).to_contain_text("1 mail leaves in ten seconds.")
    expect(page.get_by_text("invited", exact=False).first).to_be_visible()
    assert axe_violations(page) == []
    context.close()
