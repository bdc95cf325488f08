# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every screen in a real browser: nothing our content policy forbids, nothing that keeps somebody out."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as BrowserError

from plein.testing.addresses import World, every_address, make_way_in
from plein.testing.looking import ALL_LOOKS, LOOKS, Judge, Look, cookie_of, opened
from plein.tests.matrix.table import expected
from plein.trust.models import User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: What a GET of Alice may answer with when it is no page of its own, so that nothing is missed silently.
NO_PAGE = {
    "connections/<uuid:connection_id>/post/": "of an account that speaks; this one is a feed; it has a test of its own",
    "files/<uuid:file_id>/inline": "only pictures and PDFs are shown inside a page",
    "files/<uuid:file_id>/pages/<int:number>": "a picture of a page of a PDF",
    "import/<uuid:import_id>/problems/<uuid:problem_id>/": "a file; this one has no bytes",
    "moments/<uuid:moment_id>/html": "the frame of a mail that has styles; this call has none",
    "moments/<uuid:moment_id>/mail/": "leads to the mail that a moment came from; this call came from none",
    "network/lists/<uuid:relation_id>/best/": "a part of the page of an organization; this is a person",
    "notifications/<uuid:line>/words/": "a part of the list of notifications",
    "outbox/snippet/": "the words of a snippet, as plain text",
    "phone/ringing": "answers a script, in JSON",
    "relations/<uuid:relation_id>/photo/": "a picture; this person has none",
    "relations/similar/": "asks for a name first",
    "relations/suggest/": "asks for a name first",
    "settings/connections/<uuid:connection_id>/refused/<uuid:problem_id>/": "a file; this one has no bytes",
    "settings/connections/<uuid:connection_id>/proof/": "of an account of mail; this one is a feed",
    "sign-in/<str:secret>/": "walked by OPEN_PAGES, as somebody who is not signed in",
}
#: The same page as another address of the list; `style/` shows every component in both.
TWICE = {"": "today/", "settings/": "settings/profile/"}
#: Doors of programs, and answers that stay open.
OTHER_DOORS = (
    "api/v1/",
    "dav/",
    ".well-known/",
    "feeds/",
    "hooks/",
    "notifications/stream",
    "sign-in/with/",
    "sign-out/",
)
#: Pages that differ by their query, and those that are not in the URLconf.
VARIANTS = (
    "/organizations/",
    "/relations/{organization}/",
    "/people/?view={view_id}",
    "/people/?f=place:is:Nergens",
    "/people/?f=none.moment(when:last:90d);or(place:is:Zwolle;owner:is:me)&group=place",
    "/people/?f=nothing:is:x",
    "/lists/person/filter/?f=some.organization(place:is:Zwolle);tag:empty;owner:is:me",
    "/lists/person/{relation_id}/cell/place/?edit=1",
    "/people/?peek={relation_id}",
    "/moments/?peek={moment_id}",
    "/agenda/?view=week",
    "/call/?number=0612345678",
    "/agenda/?view=month",
    "/search/?q=dijk",
    "/search/?q=zzzz",
    "/settings/fields/?usage=1",
    "/settings/fields/new/?type=money",
    "/outbox/?show=drafts",
    "/import/contacts/{book_id}/?choose=1",
    "/network/?to={relation_id}&from=colleagues",
    "/network/?to={relation_id}&from={known}",
    "/network/?to={relation_id}&from={known}&view=table",
    "/network/?to={relation_id}&choose=1",
    "/network/?name=van",
    "/network/around/{relation_id}/?view=table",
    "/network/around/{relation_id}/?view=contacts",
    "/network/mutual/?a={relation_id}&b={known}",
    "/network/lists/?list=alone",
    "/network/lists/?list=best&organization={organization}",
    "/network/lists/?list=between",
    "/network/whole/?view=groups",
    "/network/whole/?view=people",
    "/network/whole/?tie=friend",
    "/network/lists/?list=only",
    "/relations/{relation_id}/mail/?ready=1",
    "/relations/{relation_id}/mail/?what_for=1",
    "/settings/retention/?asked=1",
    "/lists/moment/filter/",
    "/lists/todo/columns/",
    "/api/v1/docs",
    "/api/v1/problems/not_found",
    "/nothing-here/",
)
EXPECTED = {"/nothing-here/": 404, "/people/?f=nothing:is:x": 400, "/sign-in/unknown-link/": 410}
OPEN_PAGES = ("/sign-in/", "/sign-in/reset/", "/sign-in/unknown-link/", "/offline-page/")


def routes() -> list[str]:
    """Every address that may answer with a page; what takes no GET has none, to which the matrix of pages holds it."""
    taken, found = expected(), set(every_address(leaving_out=OTHER_DOORS)) - set(TWICE)
    return sorted(one for one in found if one not in taken or taken[one].takes("GET"))


def is_judged(number: int, *, is_whole: bool) -> bool:
    """Whether accessibility's judge reads this page too, which takes as long as all else: per commit every third."""
    return is_whole or number % 3 == 0


def is_page(page: Page, route: str, path: str) -> bool:
    """Whether this address answers Alice with a whole page, on which the browser is then; it may only answer
    otherwise where that is expected, with another kind of content, or by sending her elsewhere."""
    try:
        answer = page.goto(path)
    except BrowserError as trouble:
        # A file, and an answer without content, leave the browser where it was.
        assert "ERR_ABORTED" in trouble.message or "Download is starting" in trouble.message, (route, trouble)
        return False
    assert answer is not None, route
    kind = answer.headers["content-type"]
    if answer.request.redirected_from or answer.status == 405 or "application/json" in kind:
        return False
    assert answer.status == 200 or route in NO_PAGE, (route, answer.status)
    return answer.status == 200 and kind.startswith("text/html")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "is_whole", [False, pytest.param(True, marks=pytest.mark.nightly)], ids=["in a look", "in every look"]
)
def test_every_page_keeps_to_the_policy_and_keeps_nobody_out(
    is_whole: bool, browser: Browser, server: str, alice: User, world: World, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        make_way_in(actor)
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        judge, pages = Judge(page), 0
        variants = [one.format(**world.ids) for one in VARIANTS]
        # Per commit the pages take turns, those of one look after another; at night each is looked at in all of them.
        turns: list[tuple[Look, ...]] = [ALL_LOOKS] if is_whole else [(look,) for look in LOOKS]
        for turn, looks in enumerate(turns):
            judge.turn_to(looks[0])
            for route in routes()[turn :: len(turns)]:
                judge.said.clear()
                if is_page(page, route, path := world.path(route)):
                    judge.reads = is_judged(pages, is_whole=is_whole)
                    judge.look(path, looks)
                    pages += 1
            for number, path in enumerate(variants[turn :: len(turns)]):
                judge.reads = is_judged(number, is_whole=is_whole)
                judge.visit(path, looks, EXPECTED.get(path, 200))
        judge.reads = True
        assert pages > 100
        page.context.clear_cookies()
        for path in OPEN_PAGES:
            judge.visit(path, ALL_LOOKS if is_whole else LOOKS, EXPECTED.get(path, 200))
        assert not judge.found, judge.report()


@dataclass(frozen=True)
class Layer:
    """Something that opens over a page: what to press or to click, one after the other, and what then shows."""

    path: str
    acts: tuple[str, ...]
    shows: str


KEY = "key "
CHOSEN = (f"{KEY}j", f"{KEY}x")
LAYERS = (
    Layer("/people/", (f"{KEY}Control+k",), "#palette[open]"),
    Layer("/people/", (f"{KEY}?",), "#keys-help[open]"),
    Layer("/people/", ("[data-command=filter]",), "#list-dialog form"),
    Layer("/people/?f=or(place:is:Zwolle;owner:empty)", ("[data-command=filter]",), "#list-dialog form"),
    Layer("/people/", ("[data-command=columns]",), "#list-dialog .column-list"),
    Layer("/people/", ("[data-command=save-view]",), "#list-dialog [name=name]"),
    Layer("/people/?view={view_id}", ("[popovertarget=list-view]",), "#list-view"),
    Layer("/people/", ("[popovertarget=list-views]",), "#list-views"),
    Layer("/people/", (*CHOSEN, "[popovertarget=bulk-more]"), "#bulk-more"),
    Layer("/people/", (*CHOSEN, "[data-command=bulk-tag]"), "#bulk-body form"),
    Layer("/people/", (f"{KEY}j", f"{KEY}o"), "#peek aside"),
    Layer("/relations/{relation_id}/", ("[popovertarget=relation-menu]",), "#relation-menu"),
    Layer("/relations/{relation_id}/", (f"{KEY}c", f"{KEY}v"), ".composer [data-kinds]:visible"),
    Layer("/moments/{moment_id}/", ("[data-open=preview]",), "#preview-body :not(.skeleton)"),
    Layer("/agenda/", ("[popovertarget=whose-menu]",), "#whose-menu"),
    Layer("/network/?to={relation_id}", ("[popovertarget=from-menu]",), "#from-menu :is(p,a:not([href*=choose]))"),
    Layer("/", ("[popovertarget=me-menu] >> visible=true",), "#me-menu"),
)


@pytest.mark.timeout(300)
def test_every_layer_over_a_page_keeps_nobody_out(
    browser: Browser, server: str, alice: User, world: World, signed_in: SignIn
) -> None:
    with opened(browser, server, cookie_of(signed_in, alice)) as page:
        page.set_default_timeout(10_000)
        judge = Judge(page)
        for layer in LAYERS:
            judge.turn_to(LOOKS[0])
            page.goto(layer.path.format(**world.ids))
            for act in layer.acts:
                if act.startswith(KEY):
                    page.keyboard.press(act.removeprefix(KEY))
                else:
                    page.locator(act).first.click()
            expect(page.locator(layer.shows).first).to_be_visible()
            judge.look(f"{layer.path} {layer.acts}")
        assert not judge.found, judge.report()
