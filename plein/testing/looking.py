# SPDX-License-Identifier: AGPL-3.0-or-later
"""Eyes for tests: a page that notes what the content policy refuses, and a judge of how it looks in each look."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

from plein.core.isolation import no_workspace
from plein.testing.browser import axe_source, axe_violations
from plein.trust.models import User

type Theme = Literal["light", "dark"]
#: A theme and a width.
type Look = tuple[Theme, int]
LOOKS: tuple[Look, ...] = (("light", 1440), ("dark", 390))
IS_NIGHT = bool(os.environ.get("PLEIN_NIGHTLY"))
ALL_LOOKS: tuple[Look, ...] = (*LOOKS, ("dark", 1440), ("light", 390))
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
"""
#: Resolves once what was asked for is drawn (two frames, as the first may be on its way) and colours no longer change;
#: a browser that has nothing to draw may not draw, and is not waited for.
STILL = """async () => {
    const atMost = (seconds, one) => Promise.race([one, new Promise((over) => setTimeout(over, seconds * 1000))]);
    for (const _ of [1, 2]) await atMost(2, new Promise((drawn) => requestAnimationFrame(drawn)));
    await atMost(5, Promise.allSettled(document.getAnimations()
        .filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished)));
}"""


@contextmanager
def opened(browser: Browser, server: str, cookie: str, *, theme: Theme = "light", width: int = 1440) -> Iterator[Page]:
    """A page that watches what the content policy refuses."""
    context = browser.new_context(
        base_url=server, color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    if cookie:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    context.add_init_script(WATCH)
    # Handed over once, instead of to every page.
    context.add_init_script(axe_source())
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


def cookie_of(signed_in: Callable[[User], Client], user: User) -> str:
    with no_workspace("test"):
        value: str = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        return value


class Judge:
    """Looks at pages and remembers what is wrong with them; accessibility's judge reads them while `reads` says so."""

    def __init__(self, page: Page) -> None:
        self.page, self.said = page, listened_to(page)
        self.found: list[tuple[object, ...]] = []
        self.now: Look | None = None
        self.reads = True
        self.turns = 0

    def turn_to(self, look: Look) -> None:
        """Show pages in this look from now on; what is drawn already is only drawn anew for another one."""
        if look != self.now:
            theme, width = self.now = look
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=theme)

    def own_turn(self) -> tuple[Look, ...]:
        """Both looks at night; per commit pages take turns, because being read takes longer than being made."""
        if IS_NIGHT:
            return LOOKS
        self.turns += 1
        return (LOOKS[self.turns % len(LOOKS)],)

    def look(self, where: str, looks: tuple[Look, ...] | None = None) -> None:
        """Judge the page as it is now in each of these looks, or in its own turn; it is narrow and dark afterwards."""
        self.judge(where, looks or self.own_turn())
        if not looks:
            self.turn_to(LOOKS[-1])

    def judge(self, where: str, looks: tuple[Look, ...]) -> None:
        """Note what is wrong with the page in each of these looks."""
        for theme, width in looks:
            self.turn_to((theme, width))
            self.page.evaluate(STILL)
            refused = self.page.evaluate("window.broken")
            wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            axe = self.reads and axe_violations(self.page) and self.lasting()
            if refused or self.said or wide or axe:
                self.found.append((where, theme, width, refused, list(self.said), "too wide" if wide else "", axe))
            self.said.clear()

    def lasting(self) -> list[dict[str, Any]]:
        """What is still wrong once the page stands still again: a busy machine may draw halfway a change of looks."""
        self.page.evaluate(STILL)
        return axe_violations(self.page)

    def report(self) -> str:
        """All of it, one a line."""
        return "\n".join(str(one) for one in self.found)

    def visit(self, path: str, looks: tuple[Look, ...] | None = None, expected: int = 200) -> None:
        """Open a page and judge it, as `look` does."""
        turn = looks or self.own_turn()
        self.turn_to(turn[0])
        answer = self.page.goto(path)
        status = answer.status if answer is not None else 0
        if status != expected:
            self.found.append((path, status))
        self.judge(path, turn)
        if not looks:
            self.turn_to(LOOKS[-1])
