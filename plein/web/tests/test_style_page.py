# SPDX-License-Identifier: AGPL-3.0-or-later
"""The component page in a real browser, under the real content policy, served from this process."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils.csp import build_policy
from playwright.sync_api import Browser, Page, Route

from plein.testing.browser import axe_violations
from plein.web.style import style

ADDRESS = "http://plein.test"
WIDTHS = (320, 390, 768, 1024, 1280, 1920)
LISTEN = "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective));"


def answer(route: Route) -> None:
    """Answer the browser from this process: static files, the component page, and nothing else."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        route.fulfill(path=Path(settings.STATIC_ROOT) / address.path.removeprefix("/static/"))
    elif address.path == "/style/":
        response = style(RequestFactory().get(f"{address.path}?{address.query}"))
        policy = build_policy(settings.SECURE_CSP)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        route.fulfill(body=response.content, headers=headers)
    else:
        route.fulfill(status=204)


def opened(browser: Browser, query: str, width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce").new_page()
    page.add_init_script(LISTEN)
    page.route("**/*", answer)
    page.goto(f"{ADDRESS}/style/?{query}")
    page.wait_for_function("window.plein")
    return page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_id_is_used_twice(language: str) -> None:
    html = style(RequestFactory().get(f"/style/?lang={language}")).content.decode()

    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_is_accessible(browser: Browser, theme: str, width: int) -> None:
    page = opened(browser, f"theme={theme}&lang=nl", width)

    assert axe_violations(page) == []
    assert page.evaluate("refused") == []
    page.context.close()


@pytest.mark.browser
def test_the_page_never_scrolls_sideways(browser: Browser) -> None:
    page = opened(browser, "lang=nl")

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.context.close()


@pytest.mark.browser
def test_the_palette_opens_by_key_and_gives_focus_back(browser: Browser) -> None:
    page = opened(browser, "")
    page.focus(".search-button")

    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('#palette').open")

    assert page.evaluate("document.activeElement.className") == "search-button"
    page.context.close()


@pytest.mark.browser
def test_a_heavy_act_waits_for_its_word(browser: Browser) -> None:
    page = opened(browser, "")
    page.evaluate("plein.openDialog('sample-confirm')")

    assert page.is_disabled("#sample-confirm [type=submit]")
    page.fill("#sample-confirm-word", "rik")
    assert page.is_enabled("#sample-confirm [type=submit]")
    page.context.close()


@pytest.mark.browser
def test_choosing_rows_shows_the_bar_and_escape_clears_it(browser: Browser) -> None:
    page = opened(browser, "lang=en")

    page.click("#sample-table thead .tick")
    assert page.locator("#sample-table tbody .tick:checked").count() == 4
    page.keyboard.press("Escape")
    assert page.locator("#sample-table tbody .tick:checked").count() == 0
    page.context.close()
