# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a browser shows of somebody's own page: that its forms are taken, and that it keeps nobody out."""

import pytest
from playwright.sync_api import Browser, expect

from plein.mypage.tests.conftest import link
from plein.relations.models import Relation
from plein.testing.browser import axe_violations
from plein.testing.looking import Theme, listened_to, opened
from plein.trust.models import User

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_somebody_comes_in_decides_and_asks(
    browser: Browser, server: str, alice: User, henk: Relation, theme: Theme, width: int
) -> None:
    with opened(browser, server, "", theme=theme, width=width) as page:
        said = listened_to(page)
        page.goto(link(alice, henk))
        assert axe_violations(page) == []
        page.get_by_role("button", name="Open my page").click()
        expect(page.get_by_role("heading", name="Hello Henk")).to_be_visible()
        assert axe_violations(page) == []

        page.get_by_role("button", name="Yes, please").first.click()
        expect(page.get_by_text("Noted. It holds from now on.")).to_be_visible()
        assert axe_violations(page) == []

        page.goto("/my/ask/")
        assert axe_violations(page) == []
        page.goto("/my/nowhere/")
        assert axe_violations(page) == []
        assert said == []
