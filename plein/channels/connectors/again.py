# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a connector keeps in its cursor to see later what changed: the latest posts that it heard, and who followed.

Networks do not tell what was edited or taken away, nor that somebody follows no longer: one has to look again.
"""

import base64
import zlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from plein.channels.connectors.posts import clean, moment
from plein.core.ids import now

#: So many of the latest posts are looked at again, and so often.
MOST_WATCHED, WATCH_EVERY = 40, timedelta(minutes=10)
#: So often is looked who still follows; of an account with more followers than this nobody is missed.
ROLL_EVERY, LONGEST_ROLL = timedelta(days=1), 3000
_LARGEST_ROLL = 1_000_000


def is_due(places: dict[str, Any], name: str, every: timedelta) -> bool:
    """Whether it is time again; from now on the next time counts from now."""
    at = moment(places.get(name)) if isinstance(places.get(name), str) else None
    if at is not None and timedelta(0) <= now() - at < every:
        return False
    places[name] = now().isoformat(timespec="seconds")
    return at is not None


def packed(names: Iterable[str]) -> str:
    """Names as a short text."""
    return base64.b85encode(zlib.compress("\n".join(sorted(names)).encode())).decode()


def unpacked(text: object) -> frozenset[str]:
    """The names in such a text; none of what is no such text."""
    if not isinstance(text, str) or not text:
        return frozenset()
    try:
        held = zlib.decompressobj().decompress(base64.b85decode(text), _LARGEST_ROLL)
    except (ValueError, zlib.error):
        return frozenset()
    return frozenset(filter(None, (clean(one, 500) for one in held.decode("utf-8", "replace").split("\n"))))


def lines_of(held: object, width: int) -> list[list[str]]:
    """Lines of texts as a cursor keeps them; what is none is left out."""
    rows = held if isinstance(held, list) else []
    return [
        [clean(one, 1000) for one in row]
        for row in rows[-MOST_WATCHED:]
        if isinstance(row, list) and len(row) == width and row[0]
    ]
