# SPDX-License-Identifier: AGPL-3.0-or-later
"""One field of many rows, by hand: choose rows, a field and a value, all in one dialog."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from plein.core.isolation import no_workspace
from plein.relations.models import Relation, RelationValues
from plein.testing.browser import axe_violations
from plein.testing.factories import make_field, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_field_is_chosen_and_filled_in_without_leaving_the_dialog(
    browser: Browser, server: str, alice: User, signed_in: SignIn
) -> None:
    with entered(alice):
        make_person("Henk", place="Ommen")
        make_person("Ina", place="Ommen")
        make_field("choice", choices=("Goud", "Zilver"))
    with no_workspace("test"):
        cookie = signed_in(alice).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=server, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    page = context.new_page()
    page.goto("/people/")
    page.get_by_role("checkbox", name="Select Henk").check()
    page.get_by_role("checkbox", name="Select Ina").check()

    toolbar = page.locator("form.bulk")
    assert toolbar.get_by_role("button", name="Change a field…").is_visible()
    assert toolbar.locator("> button[type=submit]:visible, > button[popovertarget]:visible").count() == 4
    toolbar.get_by_role("button", name="Change a field…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Which field").select_option("c.choice")
    expect(dialog.get_by_label("Choice", exact=True)).to_be_focused()
    dialog.get_by_label("Which field").select_option("place")
    expect(dialog.get_by_label("Choice", exact=True)).to_have_count(0)
    dialog.get_by_label("Place", exact=True).fill("Zwolle")
    assert axe_violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_text("Place becomes Zwolle: 2 people.")).to_be_visible()
    with entered(alice):
        assert set(Relation.objects.filter(name__in=("Henk", "Ina")).values_list("place", flat=True)) == {"Zwolle"}
        assert not RelationValues.objects.exists()
    context.close()
