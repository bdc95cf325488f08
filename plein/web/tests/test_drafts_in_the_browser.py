# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed is not lost, in a real browser."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from plein.relations.actions import edit_relation
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.browser
type SignIn = Callable[[User], Client]


@pytest.fixture
def henk(cast: Cast, server: str) -> UUID:
    del server
    with entered(cast.bob):
        return make_person("Henk van Dijk", given_name="Henk", infix="van", family_name="Dijk").id


@pytest.fixture
def page(browser: Browser, server: str, cast: Cast, henk: UUID, signed_in: SignIn) -> Iterator[Page]:
    """Bob, changing a person."""
    context = browser.new_context(base_url=server)
    context.add_cookies([{"name": "plein", "value": signed_in(cast.bob).cookies["plein"].value, "url": server}])
    opened = context.new_page()
    opened.goto(f"/relations/{henk}/edit/")
    yield opened
    context.close()


def write(page: Page, text: str) -> None:
    page.locator("textarea[name=about]").fill(text)
    page.wait_for_timeout(600)


def test_what_was_typed_is_there_after_a_reload_and_can_be_discarded(page: Page) -> None:
    write(page, "Houdt van voetbal.")
    page.reload()

    expect(page.locator("textarea[name=about]")).to_have_value("Houdt van voetbal.")
    expect(page.get_by_text("Draft kept on this device")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()

    expect(page.locator("textarea[name=about]")).to_have_value("")
    page.reload()
    expect(page.locator("textarea[name=about]")).to_have_value("")


def test_what_was_saved_does_not_come_back(page: Page, cast: Cast, henk: UUID) -> None:
    write(page, "Houdt van voetbal.")
    page.locator("textarea[name=about]").press("Control+Enter")
    page.wait_for_url(f"**/relations/{henk}/")
    page.goto(f"/relations/{henk}/edit/")

    expect(page.get_by_text("Draft kept on this device")).not_to_be_visible()
    with entered(cast.bob):
        assert Relation.objects.get(id=henk).about == "Houdt van voetbal."


def test_an_old_draft_stands_beside_what_a_colleague_changed_since(page: Page, cast: Cast, henk: UUID) -> None:
    write(page, "Van mij, oud.")
    with entered(cast.alice) as alice:
        relation = Relation.objects.get(id=henk)
        edit_relation(actor=alice, relation=relation, changes={"about": "Van Alice."}, based_on=relation.version)
    page.reload()

    expect(page.locator("textarea[name=about]")).to_have_value("Van Alice.")
    expect(page.get_by_text("somebody changed this meanwhile")).to_be_visible()
    expect(page.locator("form blockquote")).to_have_text("Van mij, oud.")
