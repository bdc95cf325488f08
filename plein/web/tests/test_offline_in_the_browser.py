# SPDX-License-Identifier: AGPL-3.0-or-later
"""A telephone that loses its line, in a real browser."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments.actions import create_todo
from plein.moments.models import MomentText, ToDo
from plein.relations.actions import set_favourite
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered

pytestmark = pytest.mark.browser
type SignIn = Callable[[User], Client]
READY = "navigator.serviceWorker.ready.then(() => caches.open('plein-shell-1')).then((c) => c.match('/offline-page/'))"


@pytest.fixture
def henk(cast: Cast, server: str) -> UUID:
    del server
    with entered(cast.bob) as bob:
        person = make_person("Henk van Dijk", place="Zwolle")
        make_moment(person, title="Offerte hekwerk", text="Wil een hek.")
        set_favourite(actor=bob, relation=person, is_favourite=True)
        return person.id


@pytest.fixture
def telephone(browser: Browser, server: str, cast: Cast, henk: UUID, signed_in: SignIn) -> Iterator[BrowserContext]:
    cookie = signed_in(cast.bob).cookies["plein"].value
    context = browser.new_context(base_url=server, viewport={"width": 390, "height": 844}, has_touch=True)
    context.add_cookies([{"name": "plein", "value": cookie, "url": server}])
    yield context
    context.close()


def opened(telephone: BrowserContext, address: str) -> Page:
    """A page once the device has kept what it may keep."""
    page = telephone.new_page()
    with page.expect_response("**/offline/recent"):
        page.goto(address)
    page.wait_for_function(f"() => {READY}")
    page.wait_for_function(
        "() => window.plein.offline.relations().then(({ list }) => list.length > 0)", polling=200, timeout=10_000
    )
    return page


def test_relations_are_read_and_a_note_is_kept_and_sent_once(telephone: BrowserContext, cast: Cast, henk: UUID) -> None:
    page = opened(telephone, f"/relations/{henk}/")

    telephone.set_offline(True)
    page.goto("/people/", wait_until="load")
    expect(page.get_by_role("heading", name="Without a line")).to_be_visible()
    page.get_by_role("button", name="Henk van Dijk").click()
    expect(page.get_by_text("Offerte hekwerk")).to_be_visible()
    page.get_by_label("A note about Henk van Dijk").fill("Stond op de beurs.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("Waiting to be sent (1)")).to_be_visible()
    telephone.set_offline(False)
    with page.expect_response("**/offline/notes"):
        page.goto(f"/relations/{henk}/")
    page.wait_for_function("() => window.plein.offline.notes().then((found) => found.length === 0)", polling=200)
    page.reload()

    with entered(cast.bob):
        assert MomentText.objects.filter(text="Stond op de beurs.").count() == 1


def test_a_note_written_when_the_line_drops_waits_on_the_device(
    telephone: BrowserContext, cast: Cast, henk: UUID
) -> None:
    page = opened(telephone, f"/relations/{henk}/")

    telephone.set_offline(True)
    page.locator("#composer-text").fill("Zonder verbinding.")
    page.locator("#composer form button[type=submit]").click()
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("")
    telephone.set_offline(False)
    page.wait_for_function(
        "() => window.plein.offline.flush().then(() => window.plein.offline.notes()).then((f) => !f.length)"
    )

    with entered(cast.bob):
        assert MomentText.objects.filter(text="Zonder verbinding.").count() == 1


def test_what_was_kept_is_forgotten_when_rights_change_and_after_signing_out(
    telephone: BrowserContext, cast: Cast, henk: UUID
) -> None:
    page = opened(telephone, "/today/")
    with entered(cast.alice), operation("change_seat"):
        Seat.objects.filter(user=cast.bob).update(role=Role.GUEST)
    with page.expect_response("**/offline/recent"):
        page.goto("/people/")
    with no_workspace("test"):
        User.objects.filter(id=cast.bob.id).update(is_active=False)
    page.goto("/people/")
    page.wait_for_url("**/sign-in/**")

    page.wait_for_function("() => window.plein.offline.relations().then((f) => f.list.length === 0)", polling=200)


def test_what_is_older_than_a_week_is_gone(telephone: BrowserContext, henk: UUID) -> None:
    page = opened(telephone, "/today/")
    telephone.set_offline(True)
    page.clock.set_fixed_time(4_000_000_000_000)
    page.goto("/people/")

    expect(page.get_by_text("Nothing is kept on this device yet")).to_be_visible()


def test_a_to_do_is_pushed_aside_with_a_thumb(telephone: BrowserContext, cast: Cast, henk: UUID) -> None:
    with entered(cast.bob) as bob:
        done, later = (create_todo(actor=bob, title=title, relation_id=henk).id for title in ("Bellen", "Mailen"))
    page = opened(telephone, "/today/")
    push = """([id, by]) => {
        const box = document.getElementById(`todo-${id}`), { x, y } = box.getBoundingClientRect();
        const at = (type, dx) => box.dispatchEvent(new PointerEvent(type, {
            pointerType: "touch", pointerId: 7, bubbles: true, clientX: x + 120 + dx, clientY: y + 8 }));
        at("pointerdown", 0); at("pointermove", by / 2); at("pointermove", by); at("pointerup", by);
    }"""

    with page.expect_response("**/tick"):
        page.evaluate(push, [str(done), 120])
    with page.expect_response("**/later"):
        page.evaluate(push, [str(later), -120])

    with entered(cast.bob):
        assert ToDo.objects.get(id=done).done_at is not None
        assert ToDo.objects.get(id=later).due_on is not None
