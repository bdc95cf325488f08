# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything by name and by key, in a real browser."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from plein.core.isolation import no_workspace
from plein.relations.models import Favourite
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.browser
type SignIn = Callable[[User], Client]


@pytest.fixture
def person(cast: Cast, server: str) -> UUID:
    del server
    with entered(cast.bob):
        return make_person("Henk van Dijk", place="Zwolle").id


@pytest.fixture
def page(browser: Browser, server: str, cast: Cast, person: UUID, signed_in: SignIn) -> Iterator[Page]:
    """Bob on the page of a person."""
    client = signed_in(cast.bob)
    context = browser.new_context(base_url=server, locale="en-GB")
    context.add_cookies([{"name": "plein", "value": client.cookies["plein"].value, "url": server}])
    opened = context.new_page()
    opened.goto(f"/relations/{person}/")
    yield opened
    context.close()


def test_the_palette_offers_what_can_be_done_here_and_does_it(page: Page, cast: Cast, person: UUID) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search or do").fill("at hand")
    expect(page.get_by_role("option", name="Keep at hand, or no longer")).to_be_visible()

    with page.expect_response("**/favourite/"):
        page.get_by_role("option", name="Keep at hand, or no longer").click()

    expect(page.get_by_role("button", name="Keep at hand")).to_have_attribute("aria-pressed", "true")
    with entered(cast.bob):
        assert Favourite.objects.filter(relation_id=person).count() == 1


def test_a_press_counts_although_the_answer_comes_before_the_release(page: Page, cast: Cast, person: UUID) -> None:
    waiting: list[Route] = []
    page.route("**/palette/?q=at+hand*", lambda route: waiting.append(route))
    page.keyboard.press("Control+k")
    with page.expect_request("**/palette/?q=at+hand*"):
        page.get_by_role("combobox", name="Search or do").fill("at hand")
    option = page.get_by_role("option", name="Keep at hand, or no longer")
    option.hover()
    page.mouse.down()
    old = option.element_handle()
    with page.expect_response("**/palette/?q=at+hand*"):
        waiting[0].continue_()
    page.wait_for_function("old => !old.isConnected", arg=old)

    with page.expect_response("**/favourite/"):
        page.mouse.up()

    expect(page.get_by_role("dialog", name="Search or do")).not_to_be_visible()
    with entered(cast.bob):
        assert Favourite.objects.filter(relation_id=person).count() == 1


def test_the_help_opens_with_its_key_and_closes_with_escape(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(page.get_by_role("dialog", name="Keys").get_by_text("Undo the last thing")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Keys")).not_to_be_visible()


def test_letters_typed_in_a_field_are_letters(page: Page) -> None:
    page.keyboard.press("t")
    page.keyboard.type("zz ? f gr")

    expect(page.locator("#composer-text")).to_have_value("zz ? f gr")
    assert page.url.endswith("/")
    expect(page.get_by_role("dialog", name="Keys")).not_to_be_visible()


def test_letters_do_nothing_once_they_are_switched_off(page: Page, cast: Cast) -> None:
    with no_workspace("test"):
        User.objects.filter(id=cast.bob.id).update(has_keys=False)
    page.reload()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).not_to_be_visible()
    page.keyboard.press("Control+k")

    expect(page.get_by_role("combobox", name="Search or do")).to_be_visible()


def test_a_file_that_is_dropped_joins_what_one_writes(page: Page) -> None:
    drop = """() => {
        const files = new DataTransfer();
        files.items.add(new File(["inhoud"], "offerte.txt", { type: "text/plain" }));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(drop)

    expect(page.locator("[data-chosen]")).to_have_text("offerte.txt")
