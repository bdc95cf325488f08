# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Chromium for tests, and what accessibility's judge says about a page."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

#: The first draws no window at all, which costs a fifth less; tools/browser knows the same names.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
AXE = Path(__file__).parent / "axe" / "axe.min.js"
#: How long an expectation waits for a page, in milliseconds: longer than a browser stands still on a busy machine.
PATIENCE = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that got nothing in time is asked once more, from the start, and the run counts it as a rerun.

    On a machine with two cores a browser now and then stands still for longer than any test waits. An expectation that
    is not met is no such thing, and fails at once.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[TooLate]))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a window."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, "Browser tests need Chromium; install the package chromium."
    # Chromium's own sandbox does not start as root or in most containers; the pages are ours.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"] if os.getuid() == 0 else []
    # Drawn without a graphics card, so without a process that plays one.
    arguments.append("--disable-gpu")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page without cookies."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@cache
def axe_source() -> str:
    """The judge itself."""
    return AXE.read_text()


def axe_violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds wrong on the page as it is now: rule, why, and where."""
    # Evaluated from outside the page, so that the page's Content-Security-Policy need not allow it; once for each page.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    # What it would load once more are style sheets and sound, for rules about turned screens and music that plays.
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")
    return [
        {"rule": one["id"], "why": one["help"], "where": [node["html"][:200] for node in one["nodes"]]}
        for one in found["violations"]
    ]
