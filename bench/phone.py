# SPDX-License-Identifier: AGPL-3.0-or-later
"""How soon something is on a telephone's screen: a slow line, a slow processor, nothing kept from before."""

import os
import shutil
import statistics

from playwright.sync_api import Browser, sync_playwright

from bench.http import Visitor
from bench.server import BenchTrouble, Running
from bench.subjects import Subjects
from bench.table import Row, below

GOAL_MS = 1500.0
ROUNDS = 3
#: Lighthouse's telephone: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up, a processor four times slower.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0"


def painted(running: Running, visitor: Visitor, subjects: Subjects, command: str) -> list[Row]:
    """The first contentful paint of the pages that people open on the way, the worst of a few rounds."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise BenchTrouble("the telephone needs Chromium; install the package chromium")
    pages = {
        "Today": "/today/",
        "List of people": "/people/",
        "Person page": f"/relations/{subjects.person}/",
        "To-dos": "/todos/",
        "Agenda": "/agenda/",
    }
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"] if os.getuid() == 0 else []
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        for words, path in pages.items():
            times = [_paint(browser, running, visitor, path) for _round in range(ROUNDS)]
            rows.append(
                below(f"Telephone, first paint, {words}", statistics.median(times), GOAL_MS, "ms", command, digits=0)
            )
        browser.close()
    return rows


def _paint(browser: Browser, running: Running, visitor: Visitor, path: str) -> float:
    """Milliseconds from asking for a page to the first words on the screen, in a browser that knows nothing yet."""
    address = f"http://localhost:{running.port}"
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, device_scale_factor=3, is_mobile=True, has_touch=True
    )
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in visitor.cookies.items()])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(path, wait_until="load")
    page.wait_for_function(PAINTED)
    found = float(page.evaluate(PAINTED))
    context.close()
    return found
