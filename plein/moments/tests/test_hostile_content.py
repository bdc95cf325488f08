# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes from outside is shown in a real browser, everywhere it is shown, and does nothing."""

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments.actions import IncomingFile, Part, create_todo, plan_appointment, record_moment
from plein.moments.models import MomentText
from plein.testing.browser import axe_violations
from plein.testing.factories import make_organization, make_person
from plein.trust.actions import give_seat, make_one_time_link, make_user, make_workspace
from plein.trust.seats import entered

pytestmark = pytest.mark.browser

VECTORS = [
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "'><img src=x onerror='window.hit=1'>",
    "</title><script>window.hit=1</script>",
    "</textarea><script>window.hit=1</script>",
    "<p hx-get=/ hx-trigger=load hx-on:load=window.hit=1>x</p>",
    "<p data-hx-get=/ data-hx-trigger=load>x</p>",
    "javascript:window.hit=1",
    "{{7*7}}{% debug %}<!--",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<a href=javascript:window.hit=1 id=hostile>klik</a>",
]
ALL = " ".join(VECTORS)


@pytest.fixture
def hostile(server: str) -> tuple[str, str, list[str]]:
    """A company whose every text tries to run; the server, the way in, and the pages that show them."""
    here = make_workspace(name="Noorderlicht")
    user = make_user(email="alice@plein.example", name="Alice", language="en")
    give_seat(workspace=here.id, user=user, role="owner")
    with entered(user) as actor:
        company, henk = make_organization("Van Dijk", owner_id=actor.seat_id), make_person(VECTORS[1][:300])
        files = [IncomingFile(f"{vector}.html", len(ALL), io.BytesIO(ALL.encode())) for vector in VECTORS]
        files.append(IncomingFile("hello.txt", 5, io.BytesIO(b"hello")))
        made = record_moment(
            actor=actor,
            kind="email",
            participants=[Part(company.id), Part(henk.id, "cc", heard_name=ALL[:300])],
            files=files,
            subject=ALL,
            text=ALL,
            purpose=ALL,
            outcome=ALL,
            follow_up=ALL,
            means_needed=ALL,
        )
        with operation("test"):
            MomentText.objects.filter(moment=made).update(html=f"<h1>Hallo</h1>{ALL}<img src=/healthz?leak>")
        plan_appointment(
            actor=actor, occurred_at=now(), participants=[Part(company.id)], subject=ALL, location=ALL[:300]
        )
        todo = create_todo(actor=actor, title=ALL[:300], note=ALL, relation_id=company.id, means_needed=ALL[:500])
        file = made.attachments.order_by("id")[0]
        pages = [
            "/",
            f"/relations/{company.id}/timeline",
            f"/relations/{henk.id}/timeline",
            f"/moments/{made.id}/",
            f"/moments/{made.id}/edit",
            f"/moments/{made.id}/html",
            f"/threads/{made.thread_id}/",
            f"/files/{file.id}/preview",
            "/todos/",
            f"/todos/{todo.id}/",
        ]
    with no_workspace("test"):
        return server, make_one_time_link(user=user), pages


@pytest.fixture
def inside(hostile: tuple[str, str, list[str]], browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has signed in."""
    server, link, _pages = hostile
    context = browser.new_context()
    page = context.new_page()
    page.goto(server + link)
    button = page.locator("main button[type=submit]")
    if button.count():
        button.first.click()
        page.wait_for_url(lambda url: "sign-in" not in url)
    page.close()
    yield context
    context.close()


def _watched(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def test_nothing_of_it_runs_and_the_policy_has_nothing_to_report(
    hostile: tuple[str, str, list[str]], inside: BrowserContext
) -> None:
    server, _link, pages = hostile
    complaints: list[str] = []
    page = _watched(inside, complaints)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in pages:
        answer = page.goto(server + path)
        assert answer is not None
        assert answer.status == 200, path
        for summary in page.locator("details.fold summary:visible").all():
            summary.click()
        page.wait_for_timeout(200)
        assert page.evaluate("window.hit") is None, path

    assert [one for one in complaints if "frame-ancestors" not in one] == []
    assert [url for url in asked if "leak" in url] == []


def test_nothing_of_it_would_run_even_without_a_policy(
    hostile: tuple[str, str, list[str]], inside: BrowserContext, browser: Browser
) -> None:
    server, _link, pages = hostile
    context = browser.new_context(bypass_csp=True, storage_state=inside.storage_state())
    page = context.new_page()
    for path in pages:
        page.goto(server + path)
        page.wait_for_timeout(100)
        assert page.evaluate("window.hit") is None, path
    context.close()


@pytest.mark.parametrize("theme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_the_pages_have_no_barriers(hostile: tuple[str, str, list[str]], inside: BrowserContext, theme: str) -> None:
    server, _link, pages = hostile
    page = inside.new_page()
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for path in pages:
        if path.endswith("/html"):
            continue
        page.goto(server + path)
        assert axe_violations(page) == [], path


def test_composing_keeps_a_draft_and_adds_without_leaving_the_page(
    hostile: tuple[str, str, list[str]], inside: BrowserContext
) -> None:
    server, _link, pages = hostile
    complaints: list[str] = []
    page = _watched(inside, complaints)
    page.goto(server + pages[1])
    page.click("#tab-call")
    page.fill("#composer-text", "Even gebeld over de laaddeur")
    with page.expect_response(lambda response: response.url.endswith("/draft")):
        page.wait_for_timeout(3100)
    page.reload()
    assert page.input_value("#composer-text") == "Even gebeld over de laaddeur"
    page.focus("#composer-text")
    with page.expect_response(lambda response: response.url.endswith("/new")):
        page.keyboard.press("Control+Enter")
    page.wait_for_selector(".toast")
    assert page.locator("#timeline article", has_text="Even gebeld over de laaddeur").count() == 1
    page.wait_for_function("document.activeElement.id === 'composer-text'")
    assert page.input_value("#composer-text") == ""
    page.click("#tab-appointment")
    page.fill("#composer-subject", "Kick-off")
    with page.expect_response(lambda response: response.url.endswith("/new")) as refused:
        page.click("#composer button[type=submit]")
    assert refused.value.status == 422
    page.wait_for_selector("#composer-error")
    assert page.input_value("#composer-subject") == "Kick-off"
    assert complaints == []
