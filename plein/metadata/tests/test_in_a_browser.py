# SPDX-License-Identifier: AGPL-3.0-or-later
"""Own fields under somebody's hands: in place, by drag and by keys."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from plein.core.isolation import no_workspace
from plein.metadata.models import Field
from plein.relations.models import RelationValues
from plein.testing.factories import make_field, make_group, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(browser: Browser, server: str, signed_in: SignIn, user: User) -> Page:
    context = browser.new_context(base_url=server, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    with no_workspace("test"):
        cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    return context.new_page()


def test_values_are_changed_in_place(browser: Browser, server: str, alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
        fields = {
            type: make_field(type, group, choices=["Gold", "Silver"] if type.startswith("choice") else ())
            for type in ("text", "choice", "choices")
        }
        henk = make_person("Henk")
    page = opened(browser, server, signed_in, alice)
    page.goto(f"/relations/{henk.id}/")

    def saved() -> dict[str, object]:
        with entered(alice):
            values = RelationValues.objects.get().values
            return {key: values.get(str(field.id)) for key, field in fields.items()}

    page.get_by_role("button", name="Change Text").click()
    page.get_by_label("Text", exact=True).fill("blue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Change Text")).to_contain_text("blue")
    page.get_by_role("button", name="Change Choice", exact=False).first.click()
    page.get_by_label("Choice", exact=True).select_option("silver")
    expect(page.locator("#details")).to_contain_text("Silver")
    page.get_by_role("button", name="Change Choices").click()
    page.get_by_label("Gold").check()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("button", name="Change Choices")).to_contain_text("Gold")
    assert saved() == {"text": "blue", "choice": "silver", "choices": ["gold"]}
    page.context.close()


def test_fields_are_dragged_and_moved_by_keys(browser: Browser, server: str, alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
        for place, key in enumerate(("one", "two", "three")):
            make_field("text", group, key=key, position=place)
    page = opened(browser, server, signed_in, alice)
    page.goto("/settings/fields/?usage=1")

    def order() -> list[str]:
        with entered(alice):
            return list(Field.objects.order_by("position").values_list("key", flat=True))

    handles = page.locator("[data-row] [data-handle]")
    last, first = handles.nth(2).bounding_box(), page.locator("[data-row]").nth(0).bounding_box()
    assert last is not None and first is not None
    page.mouse.move(last["x"] + 4, last["y"] + 4)
    page.mouse.down()
    page.mouse.move(first["x"] + 8, first["y"] + 6, steps=6)
    with page.expect_response(lambda response: "/move/" in response.url):
        page.mouse.up()
    expect(page.locator("[data-row]").nth(0)).to_contain_text("Three")
    assert order() == ["three", "one", "two"]
    page.get_by_role("button", name="Three down").focus()
    with page.expect_response(lambda response: "/move/" in response.url):
        page.keyboard.press("Enter")
    expect(page.locator("[data-row]").nth(1)).to_contain_text("Three")
    assert order() == ["one", "three", "two"]
    page.context.close()
