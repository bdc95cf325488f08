# SPDX-License-Identifier: AGPL-3.0-or-later
"""Journeys in a real browser: by keys alone, back again, and nowhere else."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from plein.testing.addresses import World
from plein.testing.looking import cookie_of, opened
from plein.trust.actions import make_one_time_link
from plein.trust.models import User
from plein.trust.tests.test_addresses import NASTY

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_link_signs_in_and_a_person_is_found_by_keys_alone(
    browser: Browser, server: str, alice: User, world: World
) -> None:
    link = make_one_time_link(user=alice)
    with opened(browser, server, "") as page:
        page.goto(link)
        expect(page.get_by_role("button")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/welcome/")
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Control+k")
        page.keyboard.type("henk van dijk")
        expect(page.locator("#palette-list")).to_contain_text("Henk van Dijk")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/relations/{world.ids['relation_id']}/")
        page.keyboard.press("g")
        page.keyboard.press("h")
        page.wait_for_url("**/history/")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/history/*/")


def test_what_was_done_can_be_undone_from_the_toast_with_z(
    browser: Browser, server: str, alice: User, world: World, signed_in: SignIn
) -> None:
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/bin/")
        page.get_by_role("button", name="Put back").click()
        expect(page.locator(".toast")).to_contain_text("Turned back.")
        expect(page.locator("main")).to_contain_text("The bin is empty")
        # The button is of the page's scripts: before it is there, they do not listen to keys either.
        expect(page.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
        page.keyboard.press("z")
        expect(page.locator("main")).to_contain_text("Hotel De Zon")


def test_the_theme_button_is_kept(browser: Browser, server: str, alice: User, world: World, signed_in: SignIn) -> None:
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/history/")
        with page.expect_response("**/settings/theme") as answer:
            page.get_by_role("button", name="Switch light and dark").click()
        assert answer.value.status == 204
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_no_browser_reads_another_host_in_what_we_follow(browser: Browser, server: str) -> None:
    with opened(browser, server, "") as page:
        page.goto("/sign-in/")
        followed = page.evaluate(
            """async (all) => {
                const out = [];
                for (const next of all) {
                    const html = await (await fetch("/sign-in/?next=" + encodeURIComponent(next))).text();
                    const field = new DOMParser().parseFromString(html, "text/html").querySelector("[name=next]");
                    if (new URL(field ? field.value : "/", location.href).origin !== location.origin) out.push(next);
                }
                return out;
            }""",
            NASTY[:330],
        )
        assert followed == []
