# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of an archive in a real browser: what is asked before anything comes in, in both looks, on a phone too."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from plein.channels.connectors.archives.tests.samples import ARCHIVES, zip_of
from plein.core.isolation import no_workspace
from plein.moments.archives.tests.test_bringing_in_archives import planned_by
from plein.testing.browser import axe_violations
from plein.testing.looking import Theme
from plein.trust.models import User

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_questions_before_an_archive_comes_in(
    browser: Browser, server: str, alice: User, signed_in: Callable[[User], Client], tmp_path: Path
) -> None:
    planned = planned_by(alice, zip_of(ARCHIVES["linkedin"], tmp_path / "LinkedIn.zip"))
    with no_workspace("test"):
        cookie = signed_in(alice).cookies[settings.SESSION_COOKIE_NAME].value
    looks: tuple[tuple[Theme, int], ...] = (("light", 1280), ("dark", 390))
    for look, width in looks:
        context = browser.new_context(
            base_url=server, viewport={"width": width, "height": 900}, color_scheme=look, reduced_motion="reduce"
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
        page = context.new_page()
        page.goto(f"/import/{planned.id}/")

        assert page.get_by_text("This is an archive of LinkedIn, of Sam Bakker.").is_visible()
        assert page.get_by_label("What you are called in it").input_value() == "in/sambakker\nSam Bakker"
        assert page.get_by_label("Which colleagues").input_value() == "me"
        assert axe_violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        page.screenshot(path=tmp_path / f"{look}.png")
        context.close()
