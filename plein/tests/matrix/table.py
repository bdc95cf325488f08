# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reviewed table: for each address which verbs it takes, what each of them asks of a role, and whose ids it names.

    relations/<uuid:relation_id>/edit/ | circle | GET write | POST write

An address that has no line fails the matrix. The second column says what decides whether its ids are there for
somebody: the `circle` of a record, the `workspace`, or whether they are one's `own`; `-` for an address without ids.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plein.trust.permissions import ALLOWED, Verb

FILE = Path(__file__).parent / "expected.txt"
#: What some addresses answer that are not for everybody who is signed in.
OPEN, ONESELF = "open", "oneself"


@dataclass(frozen=True)
class Line:
    """What is expected of one address: by verb of HTTP, which permission it asks for."""

    route: str
    ids: str
    asks: dict[str, str]
    note: str

    def takes(self, method: str) -> bool:
        """Whether the address knows this verb; HEAD goes with GET."""
        return ("GET" if method == "HEAD" else method) in self.asks

    def lets_in(self, method: str, role: str) -> bool:
        """Whether this role may do it, to what it sees."""
        asked = self.asks["GET" if method == "HEAD" else method]
        verb: Verb = asked if asked in ALLOWED else "read"
        return role in ALLOWED[verb]


@cache
def expected() -> dict[str, Line]:
    """All lines, by address."""
    lines = {}
    for text in FILE.read_text().splitlines():
        if text and not text.startswith("#"):
            rest, _hash, note = text.partition(" # ")
            route, ids, *asks = (part.strip() for part in rest.split(" | "))
            by_method = dict(one.split(" ", 1) for one in asks)
            lines[route] = Line("" if route == "(start)" else route, ids, by_method, note)
    return {line.route: line for line in lines.values()}
