# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call pops up on an open page, and is noted by keys alone; the pages keep nobody out."""

import pytest
from playwright.sync_api import Browser, expect

from plein.moments.models import Moment
from plein.telephone.actions import set_line
from plein.telephone.tests.test_calls import NUMBER, SignIn, exchange_of, rings
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.seats import entered

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_call_pops_up_and_is_noted_in_two_keys(browser: Browser, server: str, cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob) as actor:
        make_contact_point(make_person("Bert Bos"), "phone", NUMBER)
        set_line(actor=actor, numbers=["12"], hears_rest=False)
    caller = exchange_of(cast.alice)
    with opened(browser, server, cookie_of(signed_in, cast.bob)) as page:
        with page.expect_response(lambda answer: "/notifications/stream" in answer.url):
            page.goto("/history/")
        page.wait_for_timeout(500)
        rings(caller)
        expect(page.locator("plein-toast")).to_contain_text("Bert Bos is calling")

        page.keyboard.press("c")
        page.keyboard.press("b")
        expect(page.locator("h1")).to_have_text("Bert Bos")
        page.wait_for_load_state()
        expect(page.locator("textarea:focus")).to_be_visible()
        page.keyboard.type("Wants a roof.")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/moments/*/")
        expect(page.locator("body")).to_contain_text("Wants a roof.")
        judge = Judge(page)
        for path in ("/phone/", "/call/?number=0201234567"):
            judge.visit(path)
        assert judge.found == [], judge.report()
    with entered(cast.bob):
        assert Moment.objects.get().kind == "call"
