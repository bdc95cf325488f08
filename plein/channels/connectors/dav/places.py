# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far each book and calendar was heard: a token of its server, or the hashes of all that stood in it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from plein.channels.base import Cursor
from plein.channels.connectors.answers import mapping, parse
from plein.channels.connectors.dav.answers import same_as
from plein.channels.connectors.posts import clean

#: How long the mark of an address is in a cursor, and that of a hash.
NAME, MARK = 16, 12


def name_of(url: str) -> str:
    """By what an appointment or a card is known: a mark of its address."""
    return hashlib.blake2b(same_as(url).encode(), digest_size=NAME // 2).hexdigest()


def mark_of(etag: str) -> str:
    """A mark of the hash that a server gave."""
    return hashlib.blake2b(etag.encode(), digest_size=MARK // 2).hexdigest()


@dataclass(slots=True)
class Place:
    """How far one collection was heard.

    `token` is the server's, `ctag` its state and `known` the marks of what stood in it where it has no tokens. While a
    visit is under way `following` is what comes instead of the token when it is over, and `after` the address up to
    which everything was heard.
    """

    token: str = ""
    ctag: str = ""
    known: str = ""
    following: str = ""
    after: str = ""
    is_begun: bool = False

    @classmethod
    def of(cls, held: dict[str, Any]) -> "Place":
        """A place as a cursor holds it."""
        words = {name: clean(held.get(name), 4_000_000) for name in ("token", "ctag", "known", "following", "after")}
        return cls(**words, is_begun=held.get("is_begun") is True)

    def marks(self) -> dict[str, str]:
        """The marks of what stood there."""
        size = NAME + MARK
        pieces = (self.known[at : at + size] for at in range(0, len(self.known), size))
        return {piece[:NAME]: piece[NAME:] for piece in pieces}


@dataclass(slots=True)
class Places:
    """How far an account was heard."""

    held: dict[str, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Cursor) -> "Places":
        """The places that a cursor holds; one that is none begins anew."""
        try:
            found = mapping(parse(cursor or "{}"))
        except ValueError:
            found = {}
        return cls({clean(name): Place.of(value) for name, value in found.items() if isinstance(value, dict)})

    def cursor(self) -> Cursor:
        """The cursor from which these are read again."""
        return json.dumps({name: {k: v for k, v in asdict(one).items() if v} for name, one in self.held.items()})
