# SPDX-License-Identifier: AGPL-3.0-or-later
"""The agenda in a real browser: dragging, keys, paper, a phone, and whoever was first."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.moments import actions
from plein.moments.models import Moment
from plein.testing.browser import axe_violations
from plein.testing.factories import make_todo
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(hour: int) -> datetime:
    return datetime.combine(timezone.localdate(now()), time(hour), AMSTERDAM)


@pytest.fixture
def meeting(alice: User) -> Moment:
    """An appointment today at ten, and something to do."""
    with entered(alice) as actor:
        make_todo("Bellen", assignee_id=actor.seat_id, due_on=timezone.localdate())
        return actions.plan_appointment(actor=actor, occurred_at=at(10), participants=[], subject="Intake")


@pytest.fixture
def opened(
    browser: Browser, server: str, alice: User, signed_in: Callable[[User], Client], meeting: Moment
) -> Iterator[Callable[..., Page]]:
    """Opens a page as Alice; what the content policy refuses is kept in window.broken."""
    contexts = []

    def open_page(width: int = 1440, **more: Any) -> Page:
        context = browser.new_context(
            base_url=server, viewport={"width": width, "height": 1000}, reduced_motion="reduce", **more
        )
        contexts.append(context)
        with no_workspace("test"):
            cookie = signed_in(alice).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
        context.add_init_script(
            "window.broken = [];"
            "document.addEventListener('securitypolicyviolation', (e) => window.broken.push(e.violatedDirective));"
        )
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def drag(page: Page, what: Locator, down: int) -> None:
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x, y + down * step / 10)
    page.mouse.up()


def test_dragging_moves_z_brings_it_back_and_whoever_was_first_wins(
    opened: Callable[..., Page], alice: User, meeting: Moment
) -> None:
    page = opened()
    page.goto("/agenda/?view=day")
    event = page.locator(".ec-event", has_text="Intake")
    hour = page.locator(".ec-event", has_text="Intake").bounding_box()
    assert hour is not None
    drag(page, event, round(hour["height"] * 2))
    expect(page.locator(".toast")).to_contain_text("12.00")
    with entered(alice):
        assert Moment.objects.get().occurred_at == at(12)
    page.keyboard.press("z")
    page.wait_for_load_state()
    expect(page.locator(".ec-event", has_text="Intake")).to_contain_text("10.00")
    with entered(alice) as actor:
        latest = Moment.objects.get()
        assert latest.occurred_at == at(10)
        changes = {"occurred_at": at(15), "ends_at": at(16)}
        actions.change_appointment(actor=actor, moment=latest, changes=changes, based_on=latest.version)
    drag(page, page.locator(".ec-event", has_text="Intake"), round(hour["height"] * 2))
    expect(page.locator(".toast")).to_contain_text("Somebody moved this just before you")
    expect(page.locator(".ec-event", has_text="Intake")).to_contain_text("15.00")
    with entered(alice):
        assert Moment.objects.get().occurred_at == at(15)
    assert page.evaluate("window.broken") == []


def test_keys_alone_go_through_the_days_and_open_what_stands_there(
    opened: Callable[..., Page], meeting: Moment
) -> None:
    page = opened()
    page.goto("/agenda/")
    for key, view in (("m", "month"), ("d", "day"), ("w", "week")):
        page.keyboard.press(key)
        page.wait_for_url(re.compile(f"view={view}"))
        expect(page.locator(".ec-event", has_text="Intake")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(str(timezone.localdate(now()) + timedelta(days=7))))
    page.keyboard.press("t")
    page.wait_for_url(re.compile(f"on={timezone.localdate(now())}"))
    expect(page.locator(".ec-event", has_text="Intake")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ec-event a", has_text="Intake")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/moments/{meeting.id}/")


def test_a_click_on_an_empty_place_plans_there(opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto("/agenda/?view=day")
    box = page.locator(".ec-event", has_text="Intake").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40, box["y"] + box["height"] * 4.1)
    page.wait_for_url("**/appointments/new?*")
    expect(page.locator("#id_occurred_at")).to_have_value(f"{timezone.localdate(now())}T14:00")


def test_paper_gets_the_list_and_a_phone_a_day_to_swipe(opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto("/agenda/?view=week")
    expect(page.locator(".ec-event", has_text="Intake")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".agenda-item", has_text="Intake")).to_be_visible()
    expect(page.locator(".calendar")).to_be_hidden()
    phone = opened(390, has_touch=True, user_agent="Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36")
    phone.goto("/agenda/")
    expect(phone.locator(".agenda-item", has_text="Intake")).to_be_visible()
    assert phone.evaluate("typeof EventCalendar") == "undefined"
    phone.evaluate(
        """() => {
            const place = document.querySelector("plein-agenda");
            const touch = (x) => new Touch({ identifier: 1, target: place, clientX: x, clientY: 300 });
            place.dispatchEvent(new TouchEvent("touchstart", { touches: [touch(300)], changedTouches: [touch(300)] }));
            place.dispatchEvent(new TouchEvent("touchend", { touches: [], changedTouches: [touch(150)] }));
        }"""
    )
    phone.wait_for_url(re.compile(str(timezone.localdate(now()) + timedelta(days=1))))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/agenda/?view=day&of=all", "/agenda/?view=week", "/agenda/?view=month&of=all"])
def test_the_calendar_keeps_nobody_out(theme: str, address: str, opened: Callable[..., Page]) -> None:
    page = opened(color_scheme=theme)
    page.goto(address)
    expect(page.locator(".ec-event", has_text="Intake").first).to_be_visible()

    assert axe_violations(page) == []
    assert page.evaluate("window.broken") == []
