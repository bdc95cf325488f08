# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a browser shows of lists: cells by keyboard, the pane and Back, neighbours, choosing everything."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from plein.relations import actions
from plein.relations.models import Relation
from plein.testing.browser import axe_violations
from plein.testing.factories import make_person
from plein.testing.looking import cookie_of, opened
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def row(name: str) -> str:
    """The row of somebody."""
    return f"#list-table tr[data-id]:has-text('{name}')"


def test_cells_are_filled_in_by_keyboard_alone(browser: Browser, server: str, alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        people = [make_person(f"Henk {number}", place="Ommen") for number in range(3)]
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/people/")
        page.focus(f"{row('Henk 0')} [data-edit=place]")
        page.keyboard.press("Enter")
        field = page.locator(f"{row('Henk 0')} input[name=value]")
        expect(field).to_be_focused()
        field.fill("Zwolle")
        page.keyboard.press("Enter")
        expect(page.locator(f"{row('Henk 0')} [data-edit=place]")).to_have_text("Zwolle")
        expect(page.locator(f"{row('Henk 1')} [data-edit=place]")).to_be_focused()

        page.keyboard.press("Enter")
        page.locator(f"{row('Henk 1')} input[name=value]").fill("Meppel")
        page.keyboard.press("Escape")
        expect(page.locator(f"{row('Henk 1')} [data-edit=place]")).to_have_text("Ommen")

        page.click(f"{row('Henk 2')} [data-edit=place]")
        page.locator(f"{row('Henk 2')} input[name=value]").fill("Raalte")
        page.keyboard.press("Tab")
        expect(page.locator(f"{row('Henk 2')} [data-edit=place]")).to_have_text("Raalte")
        expect(page.locator(f"{row('Henk 2')} [data-edit=owner]")).to_be_focused()
    with entered(alice):
        found = {one.name: one.place for one in Relation.objects.all()}
    assert found == {"Henk 0": "Zwolle", "Henk 1": "Ommen", "Henk 2": "Raalte"}
    assert len(people) == 3


def test_trouble_with_a_cell_stands_beside_it_and_a_row_that_is_gone_leaves(
    browser: Browser, server: str, alice: User, signed_in: SignIn
) -> None:
    with entered(alice):
        people = [make_person(f"Henk {number}", place="Ommen") for number in range(3)]
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/people/")
        page.click(f"{row('Henk 0')} [data-edit=place]")
        field = page.locator(f"{row('Henk 0')} input[name=value]")
        expect(field).to_be_focused()
        with entered(alice) as actor:
            actions.edit_relation(actor=actor, relation=people[0], changes={"place": "Hattem"}, based_on=1)
        field.fill("Zwolle")
        page.keyboard.press("Enter")
        expect(page.locator(row("Henk 0"))).to_contain_text("is now “Hattem”; you wrote “Zwolle”")
        assert axe_violations(page) == []
        page.get_by_role("button", name="Use mine").click()
        expect(page.locator(f"{row('Henk 0')} [data-edit=place]")).to_have_text("Zwolle")

        page.click(f"{row('Henk 1')} [data-edit=place]")
        field = page.locator(f"{row('Henk 1')} input[name=value]")
        expect(field).to_be_focused()
        with entered(alice) as actor:
            actions.delete_relation(actor=actor, relation=people[1])
        field.fill("Zwolle")
        page.keyboard.press("Enter")
        expect(page.locator(row("Henk 1"))).to_have_count(0)
        expect(page.locator(".toast")).to_contain_text("moved or removed")


def test_the_pane_opens_follows_and_closes_and_neighbours_are_a_key_away(
    browser: Browser, server: str, alice: User, signed_in: SignIn
) -> None:
    with entered(alice):
        people = [make_person(f"Henk {number}", place="Zwolle") for number in range(3)]
        make_person("Aart", place="Ommen")
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/people/?f=place:is:Zwolle")
        page.keyboard.press("j")
        page.keyboard.press("Space")
        expect(page.locator(".peek h2")).to_have_text("Henk 0")
        assert f"peek={people[0].id}" in page.url
        assert axe_violations(page) == []
        page.keyboard.press("j")
        expect(page.locator(".peek h2")).to_have_text("Henk 1")
        page.keyboard.press("Escape")
        expect(page.locator(".peek")).to_have_count(0)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/relations/{people[1].id}/")
        expect(page.locator("[data-beside]")).to_contain_text("2 of 3 in People")
        page.keyboard.press("]")
        page.wait_for_url(f"**/relations/{people[2].id}/")
        expect(page.locator("[data-beside]")).to_contain_text("3 of 3 in People")
        page.keyboard.press("[")
        page.wait_for_url(f"**/relations/{people[1].id}/")


def test_a_filter_is_put_together_in_the_dialog(browser: Browser, server: str, alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_person("Henk", place="Zwolle")
        make_person("Rik", place="Ommen")
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/people/")
        page.click("[data-command=filter]")
        page.select_option("[name='w:0']", "place")
        page.fill("[name='v:0']", "Zwolle")
        page.click("[value='add:']")
        page.select_option("[name='w:1']", "@moment")
        page.select_option("[name='q:1']", "none")
        assert axe_violations(page) == []
        page.get_by_role("button", name="Show these").click()
        page.wait_for_url("**/people/?f=place:is:Zwolle;none.moment()")
        expect(page.locator("#list-table")).to_contain_text("Henk")
        expect(page.locator("#list-table")).not_to_contain_text("Rik")


def test_a_filter_is_put_together_by_keys_alone_however_fast(
    browser: Browser, server: str, alice: User, signed_in: SignIn
) -> None:
    with entered(alice):
        for name, place in (("Henk", "Zwolle"), ("Ingrid", "Ommen")):
            make_person(name, place=place)
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/people/")
        page.keyboard.press("Control+k")
        page.keyboard.type("filter this")
        # Enter may come before the list of results does: it means the first of them.
        page.keyboard.press("Enter")
        expect(page.locator("#list-dialog-body select").first).to_be_focused()
        # A closed list takes what is typed letter by letter: nothing may happen before the choice rests.
        page.keyboard.type("Place", delay=60)
        value = page.locator("#list-dialog-body input[name='v:0']").first
        value.wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(value).to_be_focused()
        page.keyboard.type("Zwolle")
        page.keyboard.press("Enter")
        expect(page.locator(row("Ingrid"))).to_have_count(0)
        expect(page.locator(row("Henk"))).to_have_count(1)
