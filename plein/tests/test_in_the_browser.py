# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page in a real browser: nothing our content policy forbids, nothing that keeps somebody out, keys alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.metadata.actions import set_values
from plein.outbox.actions import Content, TemplateFacts, keep_mail, keep_template
from plein.relations.actions import delete_relation, edit_relation
from plein.relations.models import RelationValues
from plein.testing.browser import axe_violations
from plein.testing.factories import make_field, make_membership, make_moment, make_organization, make_person, make_todo
from plein.trust.actions import make_one_time_link
from plein.trust.models import User
from plein.trust.seats import entered
from plein.trust.tests.test_addresses import NASTY

SignIn = Callable[[User], Client]
type Theme = Literal["light", "dark"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
"""
PAGES = (
    "/",
    "/people/",
    "/people/?f=none.moment(when:last:90d);or(place:is:Zwolle;owner:is:me)&group=place",
    "/people/?peek={person}",
    "/people/?f=nothing:is:x",
    "/lists/person/",
    "/lists/person/columns/",
    "/lists/person/filter/?f=some.organization(place:is:Zwolle);tag:empty;owner:is:me",
    "/lists/person/views/new/",
    "/lists/person/{person}/cell/place/?edit=1",
    "/moments/",
    "/people/new/",
    "/organizations/",
    "/relations/{person}/",
    "/relations/{organization}/",
    "/relations/{person}/edit/",
    "/relations/{person}/history",
    "/moments/{moment}/",
    "/moments/{moment}/history",
    "/todos/",
    "/todos/add",
    "/agenda/?view=week",
    "/agenda/?view=month",
    "/appointments/new",
    "/import/",
    "/history/",
    "/history/{operation}/",
    "/bin/",
    "/search/",
    "/search/?q=dijk",
    "/search/?q=zzzz",
    "/settings/profile/",
    "/settings/password/",
    "/settings/security/",
    "/settings/security/prove/",
    "/settings/tokens/",
    "/settings/roles/",
    "/settings/sign-in/",
    "/sign-in/reset/",
    "/workspaces/",
    "/settings/users/",
    "/settings/teams/",
    "/settings/workspace/",
    "/settings/fields/?usage=1",
    "/settings/fields/new/",
    "/settings/fields/new/?type=money",
    "/settings/fields/{field}/",
    "/settings/fields/groups/{group}/",
    "/settings/mail/",
    "/settings/mail/sink/",
    "/settings/identities/",
    "/settings/templates/",
    "/settings/templates/{template}/",
    "/outbox/",
    "/outbox/?show=drafts",
    "/outbox/{mail}/",
    "/outbox/{mail}/edit/",
    "/relations/{person}/mail/",
    "/relations/{person}/mail/?ready=1",
    "/relations/{person}/do-not-contact/",
    "/welcome/",
    "/style/",
    "/nothing-here/",
)
EXPECTED = {"/nothing-here/": 404, "/people/?f=nothing:is:x": 400, "/sign-in/unknown-link/": 410}
OPEN_PAGES = ("/sign-in/", "/sign-in/unknown-link/")


@pytest.fixture
def ids(alice: User) -> dict[str, object]:
    """A small workspace with something on every page."""
    with entered(alice) as actor:
        organization = make_organization(place="Zwolle")
        person = make_person(place="Zwolle")
        make_membership(person, organization)
        moment = make_moment(person, organization, title="Offerte 2026-311")
        make_todo("Van Dijk bellen", relation=person)
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        operation = Operation.objects.latest("started_at")
        delete_relation(actor=actor, relation=make_person("Hotel De Zon"))
        mail = keep_mail(actor=actor, content=Content(text="Dag **Henk**", relation_id=person.id))
        facts = TemplateFacts(kind="template", name="Offerte", text="Dag {{person.name}}", circle="everyone")
        template = keep_template(actor=actor, facts=facts)
        field = make_field("choices", choices=["Gold", "Silver"], kinds=["person", "moment"])
        make_field("relation", field.group, kinds=["person"])
        set_values(actor=actor, values_model=RelationValues, record=person, values={"choices": "gold"})
        return {
            "mail": mail.id,
            "template": template.id,
            "field": field.id,
            "group": field.group_id,
            "person": person.id,
            "organization": organization.id,
            "moment": moment.id,
            "operation": operation.id,
        }


@contextmanager
def opened(browser: Browser, server: str, cookie: str, *, theme: Theme = "light", width: int = 1440) -> Iterator[Page]:
    """A page that watches what the content policy refuses."""
    context = browser.new_context(
        base_url=server, color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    if cookie:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def listened_to(page: Page) -> list[str]:
    """The errors that the page's console and scripts speak of, as they come."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def cookie_of(signed_in: SignIn, user: User) -> str:
    with no_workspace("test"):
        value: str = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        return value


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_keeps_to_the_policy_and_keeps_nobody_out(
    theme: Theme, width: int, browser: Browser, server: str, alice: User, ids: dict[str, object], signed_in: SignIn
) -> None:
    found = []
    for cookie, pages in ((cookie_of(signed_in, alice), PAGES), ("", OPEN_PAGES)):
        with opened(browser, server, cookie, theme=theme, width=width) as page:
            said = listened_to(page)
            for address in pages:
                path = address.format(**ids)
                answer = page.goto(path)
                assert answer is not None and answer.status == EXPECTED.get(address, 200), address
                refused = page.evaluate("window.broken")
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                axe = axe_violations(page)
                if refused or said or wide or axe:
                    found.append((address, refused, list(said), "too wide" if wide else "", axe))
                said.clear()
    assert found == []


def test_a_link_signs_in_and_a_person_is_found_by_keys_alone(
    browser: Browser, server: str, alice: User, ids: dict[str, object]
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
        page.wait_for_url(f"**/relations/{ids['person']}/")
        page.keyboard.press("g")
        page.keyboard.press("h")
        page.wait_for_url("**/history/")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/history/*/")


def test_what_was_done_can_be_undone_from_the_toast_with_z(
    browser: Browser, server: str, alice: User, ids: dict[str, object], signed_in: SignIn
) -> None:
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.goto("/bin/")
        page.get_by_role("button", name="Put back").click()
        expect(page.locator(".toast")).to_contain_text("Turned back.")
        expect(page.locator("main")).to_contain_text("The bin is empty")
        page.keyboard.press("z")
        expect(page.locator("main")).to_contain_text("Hotel De Zon")


def test_the_theme_button_is_kept(
    browser: Browser, server: str, alice: User, ids: dict[str, object], signed_in: SignIn
) -> None:
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
