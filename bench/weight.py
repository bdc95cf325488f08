# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a browser loads at first: the scripts and stylesheets of the first page, compressed."""

import html
import re
import zlib

from bench.http import Request, Visitor
from bench.table import Row, below

SCRIPT = re.compile(rb"<script\b[^>]*\bsrc=\"([^\"]+)\"")
PRELOADED = re.compile(rb"<link\b[^>]*\brel=\"modulepreload\"[^>]*\bhref=\"([^\"]+)\"")
STYLES = re.compile(rb"<link\b(?=[^>]*\brel=\"stylesheet\")[^>]*\bhref=\"([^\"]+)\"")
IMPORTED = re.compile(rb"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+\.js)["']""")
SCRIPT_LIMIT, STYLE_LIMIT = 60.0, 25.0
LEVEL = 6


def _weight(visitor: Visitor, addresses: set[str], seen: set[str], *, follow: bool) -> int:
    total, waiting = 0, list(addresses)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        body = visitor.ask(Request(address))
        total += len(zlib.compress(body, LEVEL))
        if follow:
            folder = address.rsplit("/", 1)[0]
            found = (match.decode() for match in IMPORTED.findall(body))
            waiting += [one if one.startswith("/") else f"{folder}/{one.removeprefix('./')}" for one in found]
    return total


def weights(visitor: Visitor, command: str) -> list[Row]:
    """Kilobytes of JavaScript and of CSS that Today brings along, gzip level 6."""
    page = visitor.ask(Request("/"))

    def named(pattern: re.Pattern[bytes]) -> set[str]:
        return {html.unescape(found.decode()) for found in pattern.findall(page)}

    scripts = _weight(visitor, named(SCRIPT) | named(PRELOADED), set(), follow=True)
    styles = _weight(visitor, named(STYLES), set(), follow=False)
    one = f"{command} --only weight"
    return [
        below("First load, JavaScript, gzip", scripts / 1000, SCRIPT_LIMIT, "kB", one),
        below("First load, CSS, gzip", styles / 1000, STYLE_LIMIT, "kB", one),
        Row("First load, the page itself", f"{len(page) / 1000:.1f} kB", one),
    ]
