# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a list of objects in JSON as a table, one after another: what each is called is the heading of a column."""

import json
import re
from collections.abc import Generator, Iterator
from typing import Any, TextIO

#: So much is read at a time, and so long one object may be.
PIECE, LONGEST = 1 << 20, 16 << 20
#: The columns are those of so many objects at the beginning.
LOOKED_AT = 200
_BEGINS = re.compile(rb"\s*(?:\[\s*)?\{\s*(?:\"|\})")
_BETWEEN = re.compile(r"[\s,]*")


class NotObjects(ValueError):
    """A file that is no list of objects, from some place on."""


def is_objects(head: bytes) -> bool:
    """Whether a file that begins so is a list of objects, or one object after another."""
    return _BEGINS.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def object_rows(text: TextIO) -> Generator[list[str]]:
    """The heading, then a row for each object; raises NotObjects."""
    objects = _objects(text)
    first = [one for _number, one in zip(range(LOOKED_AT), objects, strict=False)]
    head = list(dict.fromkeys(key for one in first for key in one))
    yield head
    for some in (first, objects):
        for one in some:
            yield [_cell(one.get(key)) for key in head]


def _objects(text: TextIO) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    buffer, piece, is_whole = text.read(PIECE).lstrip().removeprefix("["), PIECE, False
    at = 0
    while True:
        if (between := _BETWEEN.match(buffer, at)) is not None:
            at = between.end()
        if buffer.startswith("]", at) or (is_whole and at == len(buffer)):
            return
        try:
            found, at = decoder.raw_decode(buffer, at)
        except json.JSONDecodeError as trouble:
            if is_whole or len(buffer) - at > LONGEST:
                raise NotObjects from trouble
            # It is cut in two: each time twice as much is read, so that a long one is not tried over and over.
            more = text.read(piece)
            is_whole, buffer, piece, at = not more, buffer[at:] + more, piece * 2, 0
            continue
        except (ValueError, RecursionError) as trouble:
            raise NotObjects from trouble
        if not isinstance(found, dict):
            raise NotObjects
        yield found


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case list():
            return "; ".join(filter(None, map(_cell, value)))
        case {"name": str(name)}:
            return name
        case {"amount": amount}:
            return _cell(amount)
    return json.dumps(value, ensure_ascii=False)
