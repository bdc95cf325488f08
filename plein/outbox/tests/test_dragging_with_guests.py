# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dragging an appointment with guests in a real browser: what pops up says that they do not know, and leads to them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from plein.core.ids import now
from plein.moments.tests.test_agenda_in_the_browser import at, drag
from plein.outbox.tests.test_inviting import planned, point, sent, tell
from plein.relations.models import Relation
from plein.testing.looking import ALL_LOOKS, Judge, cookie_of, opened
from plein.testing.mail_server import Box
from plein.trust.models import User

pytestmark = [pytest.mark.browser, pytest.mark.nightly]


def test_it_says_that_guests_do_not_know_and_leads_to_telling_them(
    browser: Browser, server: str, alice: User, henk: Relation, box: Box, signed_in: Callable[[User], Client]
) -> None:
    tomorrow = timezone.localdate(now()) + timedelta(days=1)
    moment = planned(alice, henk, occurred_at=at(10) + timedelta(days=1))
    tell(alice, moment, point(alice))
    sent(alice, box)
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto(f"/agenda/?view=day&on={tomorrow.isoformat()}")
        event = page.locator(".ec-event", has_text="Plans")
        hour = event.bounding_box()
        assert hour is not None
        drag(page, event, round(hour["height"] * 2))
        toast = page.locator(".toast")
        expect(toast).to_contain_text("Its guests do not know yet: open this to tell them.")
        judge = Judge(page)
        judge.look("/agenda/", ALL_LOOKS)
        assert not judge.found, judge.report()
        toast.get_by_role("link").click()
        page.wait_for_url(f"**/moments/{moment.id}/guests/")
        expect(page.locator("main")).to_contain_text("Henk van Dijk")
