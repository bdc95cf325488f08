# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page "Who can introduce me to …" in a real browser: by keys alone, on a telephone, and for everybody."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from plein.network.tests.conftest import Network, seated, tied
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.testing.looking import Judge, cookie_of, opened
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.browser
type SignIn = Callable[[User], Client]


@pytest.fixture
def page(browser: Browser, server: str, alice: User, network: Network, signed_in: SignIn) -> Iterator[Page]:
    """Alice, in a browser that stands still."""
    with opened(browser, server, cookie_of(signed_in, alice)) as one:
        one.set_default_timeout(10_000)
        yield one


def test_a_way_is_chosen_by_keys_alone(page: Page, network: Network) -> None:
    page.goto(f"/network/?to={network.rik.id}")
    for key in ("j", "j"):
        page.keyboard.press(key)
    expect(page.locator("#path-2")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator("#path-2")).to_have_attribute("aria-current", "true")
    expect(page.locator("#path-2")).to_be_focused()
    expect(page.locator(".node.on")).to_have_count(3)
    assert page.url.endswith("path=2")
    page.go_back()
    expect(page.locator("#path-1")).to_have_attribute("aria-current", "true")


def test_somebody_in_the_picture_is_a_link_with_a_card(page: Page, network: Network) -> None:
    page.goto(f"/network/?to={network.rik.id}")
    page.locator(f'.node[href="/relations/{network.henk.id}/"]').focus()

    page.keyboard.press("i")
    expect(page.locator(".hover-card")).to_contain_text("Henk Vos")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Henk Vos", exact=True)).to_be_visible()


def test_somebody_else_is_chosen_while_one_types(page: Page, network: Network) -> None:
    page.goto(f"/network/?to={network.rik.id}&from=colleagues")
    page.get_by_role("link", name="Rik Jansen").first.click()
    page.get_by_label("Whom do you want to meet?").fill("vechtd")
    page.locator("#whom-choices").get_by_role("link", name="Zorggroep Vechtdal").click()

    expect(page).to_have_title("Who can introduce me to Zorggroep Vechtdal · Plein")
    assert page.url.endswith(f"?to={network.vechtdal.id}&from=colleagues")


def test_a_colleague_to_begin_with_is_chosen_by_keys_alone(page: Page, cast: Cast, network: Network) -> None:
    with entered(cast.bob) as actor:
        bobs = actor.seat_id
    with entered(cast.alice):
        bob = make_person("Bob de Wit")
        seated(bob, bobs)
        tied(bob, network.rik)
    page.goto(f"/network/?to={network.rik.id}")
    page.get_by_role("button", name="From a colleague").focus()

    page.keyboard.press("Enter")
    choice = page.locator("#from-menu").get_by_role("link", name="Bob de Wit")
    expect(choice).to_be_visible()
    page.keyboard.press("Tab")
    expect(choice).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Who can introduce Bob de Wit to")).to_be_visible()
    expect(page.locator(".path").first).to_contain_text("Bob")


def test_the_panel_of_somebody_leads_there_by_a_key(page: Page, network: Network) -> None:
    page.goto(f"/relations/{network.rik.id}/")
    expect(page.locator("#introductions")).to_contain_text("Henk Vos")

    page.keyboard.press("w")

    expect(page).to_have_title("Who can introduce me to Rik Jansen · Plein")


def test_it_keeps_nobody_out(page: Page, cast: Cast, network: Network) -> None:
    with entered(cast.alice):
        long = make_person("Wilhelmina " * 18)
        tied(network.henk, long)
    judge = Judge(page)
    for to, view in ((network.rik, "picture"), (network.rik, "table"), (network.alice, "picture"), (long, "picture")):
        judge.visit(f"/network/?to={to.id}&view={view}")
    assert not judge.found, judge.report()


def test_on_a_telephone_everything_can_be_pressed(page: Page, network: Network) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for view in ("picture", "table"):
        page.goto(f"/network/?to={network.rik.id}&view={view}")
        boxes = page.locator("main :is(a,button):visible").evaluate_all(
            "all => all.map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])"
        )
        assert [name for name, height in boxes if height < 44 and "link-quiet" not in name] == []
