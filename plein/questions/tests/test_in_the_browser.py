# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a browser shows: that one asks and answers by its pages, in every look and by keys."""

import pytest
from playwright.sync_api import Browser, expect

from plein.questions.models import Question
from plein.questions.tests.conftest import PUMPS, SignIn, Square
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.seats import entered

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_one_shouts_and_somebody_answers(browser: Browser, server: str, square: Square, signed_in: SignIn) -> None:
    square.wrote("bob", "De warmtepomp draait."), square.wrote("dana", "Een warmtepomp.")
    with opened(browser, server, cookie_of(signed_in, square.users["alice"])) as page:
        judge = Judge(page)
        page.goto("/")
        page.get_by_label("Your question").fill(PUMPS)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("These may know")).to_be_visible()
        judge.look("preview")
        page.get_by_role("checkbox", name="Dana Wrote about").uncheck()
        page.get_by_role("button", name="Ask them").click()
        expect(page.get_by_text("No answer yet.")).to_be_visible()
        judge.look("own question")
        judge.visit("/questions/")
        judge.visit("/questions/new/")
        assert judge.found == [], judge.report()
    with entered(square.users["alice"]):
        question = Question.objects.get()
    assert square.asked(question) == {"bob"}
    with opened(browser, server, cookie_of(signed_in, square.users["bob"])) as page:
        judge = Judge(page)
        judge.visit(f"/questions/{question.id}/")
        page.get_by_label("Your answer").fill("Nefit weet alles.")
        page.get_by_label("Your answer").press("Control+Enter")
        expect(page.get_by_text("1 answer", exact=True)).to_be_visible()
        judge.look("answered")
        assert judge.found == [], judge.report()
    with opened(browser, server, cookie_of(signed_in, square.users["alice"])) as page:
        judge = Judge(page)
        page.goto(f"/questions/{question.id}/")
        page.get_by_role("button", name="Keep as the answer").click()
        expect(page.get_by_text("Bob had the answer.")).to_be_visible()
        judge.look("best")
        page.goto("/questions/new/?text=Weet iemand iets van warmtepompen")
        expect(page.get_by_text("This was asked before")).to_be_visible()
        judge.look("asked before")
        assert judge.found == [], judge.report()
