# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole network in a real browser: by keys alone, in light and dark, on a telephone, and for everybody."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from plein.network.tests.test_influence import measured, people
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.models import User

__all__ = ["people"]
pytestmark = pytest.mark.browser
type SignIn = Callable[[User], Client]


@pytest.fixture
def page(browser: Browser, server: str, cast: Cast, people: dict[str, Relation], signed_in: SignIn) -> Iterator[Page]:
    """Alice, in a browser that stands still, the morning after a night."""
    del people
    measured(cast)
    with opened(browser, server, cookie_of(signed_in, cast.alice)) as one:
        one.set_default_timeout(10_000)
        yield one


def test_islands_and_people_are_reached_by_keys(page: Page, people: dict[str, Relation]) -> None:
    page.goto("/network/whole/")
    page.locator(".graph-scroll").focus()
    page.keyboard.press("Tab")
    expect(page.locator("a.island").first).to_be_focused()
    sign = page.locator(f".sign[href='/network/around/{people['Ans0'].id}/']")
    for _number in range(20):
        page.keyboard.press("Tab")
        if sign.evaluate("one => one === document.activeElement"):
            break
    expect(sign).to_be_focused()
    expect(sign.locator(".lit")).to_be_visible()

    page.keyboard.press("i")

    expect(page.locator(".hover-card")).to_contain_text("Connects people at Installatie bv")
    page.keyboard.press("Escape")
    page.locator("a.island").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/network/whole/?group=0")
    expect(page.get_by_role("heading", level=1)).to_contain_text("People at")


def test_it_keeps_nobody_out(page: Page) -> None:
    judge = Judge(page)
    for path in ("", "?group=0", "?view=groups", "?view=people", "?tie=family"):
        judge.visit(f"/network/whole/{path}")
    assert not judge.found, judge.report()
