# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is around somebody, in a real browser: by keys alone, on a telephone, and for everybody."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from plein.network.tests.conftest import Network
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.models import User

pytestmark = pytest.mark.browser
type SignIn = Callable[[User], Client]


@pytest.fixture
def page(browser: Browser, server: str, alice: User, network: Network, signed_in: SignIn) -> Iterator[Page]:
    """Alice, in a browser that stands still."""
    with opened(browser, server, cookie_of(signed_in, alice)) as one:
        one.set_default_timeout(10_000)
        yield one


def test_everybody_in_the_picture_is_reached_by_keys_and_has_a_card(page: Page, network: Network) -> None:
    page.goto(f"/network/around/{network.rik.id}/")
    sign = page.locator(f".sign[href='/relations/{network.henk.id}/']")
    page.locator(".graph-scroll").focus()
    for _number in range(20):
        page.keyboard.press("Tab")
        if sign.evaluate("one => one === document.activeElement"):
            break
    expect(sign).to_be_focused()
    expect(sign.locator(".lit")).to_be_visible()

    page.keyboard.press("i")

    expect(page.locator(".hover-card")).to_contain_text("Rik Jansen: friend of Henk Vos")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/relations/{network.henk.id}/")


def test_the_pages_around_somebody_keep_nobody_out(page: Page, network: Network) -> None:
    judge, around = Judge(page), f"/network/around/{network.rik.id}/"
    for path in (
        around,
        f"{around}?view=table",
        f"{around}?view=contacts",
        f"{around}?tie=part_of",
        f"/network/mutual/?b={network.rik.id}",
        "/network/lists/",
        "/network/lists/?list=alone",
        f"/network/lists/?list=best&organization={network.vechtdal.id}",
        "/network/lists/?list=between",
        "/network/lists/?list=only",
        "/network/whole/",
    ):
        judge.visit(path)
    assert not judge.found, judge.report()
