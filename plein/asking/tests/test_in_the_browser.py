# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a browser shows: that one asks, answers and reads where it stands by its pages, in every look."""

import pytest
from playwright.sync_api import Browser, expect

from plein.asking.tests.conftest import People, SignIn, by_mail, link_in, turn_of
from plein.testing.looking import Judge, cookie_of, opened
from plein.testing.mail_server import Box
from plein.trust.models import User

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_one_asks_and_is_asked(
    browser: Browser, server: str, alice: User, bob: User, people: People, signed_in: SignIn
) -> None:
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        judge = Judge(page)
        page.goto(f"/network/?to={people.rik.id}")
        page.get_by_role("link", name="Change text").click()
        expect(page.get_by_role("heading", name="Ask for an introduction to Rik Jansen")).to_be_visible()
        judge.look("ask")
        page.get_by_role("button", name="Send to Bob").click()
        expect(page.get_by_text("It is with Bob.")).to_be_visible()
        judge.look("list")
        page.get_by_text("It is with Bob.").click()
        expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
        judge.look("request")
        judge.visit("/settings/introduction-requests/")
        page.goto(f"/network/?to={people.rik.id}")
        page.get_by_role("button", name="Send to Bob").click()
        expect(page.get_by_text("You asked somebody on this way about Rik Jansen already.")).to_be_visible()
        judge.look("asked already")
        assert judge.found == [], judge.report()
    with opened(browser, server, cookie_of(signed_in, bob)) as page:
        judge = Judge(page)
        judge.visit(f"/introductions/{turn_of(bob).id}/")
        page.get_by_label("Never ask me about this person").check()
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_text("About whom you are not asked")).to_be_visible()
        judge.look("answered")
        assert judge.found == [], judge.report()


def test_somebody_elsewhere_answers(browser: Browser, server: str, alice: User, people: People, box: Box) -> None:
    by_mail(alice, people)
    with opened(browser, server, "") as page:
        judge = Judge(page)
        judge.visit(link_in(box))
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_text("Choose one of these answers.").first).to_be_visible()
        judge.look("no answer")
        page.get_by_label("Ask the next person on the way").check()
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        judge.look("answered")
        judge.visit(link_in(box), expected=410)
        assert judge.found == [], judge.report()
