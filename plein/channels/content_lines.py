# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lines of which vCards and calendars are made: unfolded, decoded, and taken apart into name, parameters and value.

The three versions of vCard fold, quote and encode differently, and programs mix them. A line is read by what it looks
like, not by the version that stands above it.
"""

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

#: The longest line that is read: a photo of five megabytes, in base64 and folded.
LONGEST_LINE = 8 << 20
_NAME = re.compile(rb"(?:([A-Za-z0-9_-]{1,100})\.)?([A-Za-z][A-Za-z0-9_-]{0,60}|[A-Za-z])\s*(?=[;:])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SINGLE = {
    "base64": "encoding",
    "b": "encoding",
    "quoted-printable": "encoding",
    "8bit": "encoding",
    "7bit": "encoding",
}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n'^])")


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its name in capitals, its group, its parameters in lower case with their values, its value."""

    name: str
    value: str
    params: Mapping[str, tuple[str, ...]]
    group: str = ""

    def types(self) -> frozenset[str]:
        """What kind of this it is, in lower case."""
        found = (part for value in self.params.get("type", ()) for part in value.split(","))
        return frozenset(part.strip().lower() for part in found if part.strip())

    def first(self, name: str) -> str:
        """The first value of a parameter, or nothing."""
        return next(iter(self.params.get(name, ())), "")

    def text(self) -> str:
        """The value with its escapes undone."""
        return unescaped(self.value)

    def parts(self, separator: str = ";") -> list[str]:
        """The value cut where the separator stands unescaped, each part with its escapes undone."""
        return [unescaped(part) for part in cut(self.value, separator)]


class LineTooLong(ValueError):
    """A line that is longer than anything that can be read."""


def clean(text: str) -> str:
    """Text that a database takes: no control characters but line ends and tabs."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def unescaped(text: str) -> str:
    """A text with the escapes of vCard undone."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def cut(text: str, separator: str) -> list[str]:
    """A text cut where a separator stands that no backslash escapes."""
    if "\\" not in text:
        return text.split(separator)
    parts, begin, place = [], 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == separator:
            parts.append(text[begin:place])
            begin = place + 1
        place += 1
    return [*parts, text[begin:]]


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The properties in a file; lines that are none are passed by. Raises LineTooLong."""
    for raw in _unfolded(stream):
        line = parse_line(raw)
        if line is not None:
            yield line


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The lines as they stand, without their ends, whatever these are; UTF-16 becomes UTF-8."""
    mark = stream.read(2)
    if mark in (b"\xff\xfe", b"\xfe\xff"):
        whole = stream.read(LONGEST_LINE * 8)
        text = whole.decode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be", "replace")
        yield from text.encode("utf-8", "replace").splitlines()
        return
    is_first = True
    while piece := stream.readline(LONGEST_LINE):
        if is_first:
            piece, is_first = (mark + piece).removeprefix(b"\xef\xbb\xbf"), False
        if not piece.endswith(b"\n") and len(piece) >= LONGEST_LINE:
            raise LineTooLong
        # A file from an old machine has lines that end in a carriage return alone.
        yield from piece.rstrip(b"\r\n").split(b"\r")
    if is_first and mark:
        yield mark.rstrip(b"\r\n")


def _unfolded(stream: BinaryIO) -> Iterator[bytes]:
    """Whole lines: what is folded, in any of the ways there are, stands together again."""
    parts: list[bytes] = []
    size, is_quoted = 0, False
    for piece in _pieces(stream):
        is_more = piece[:1] in (b" ", b"\t")
        if parts and (is_more or is_quoted):
            # A quoted-printable text goes on in the next line, and its last sign says so.
            added = b"\n" + piece if is_quoted else piece[1:]
            parts.append(added)
            size += len(added)
        else:
            if parts:
                yield b"".join(parts)
            parts, size = [piece], len(piece)
            is_quoted = False
        if size > LONGEST_LINE:
            raise LineTooLong
        is_quoted = piece.endswith(b"=") and (is_quoted or _is_quoted_printable(parts[0]))
    if parts:
        yield b"".join(parts)


def _is_quoted_printable(line: bytes) -> bool:
    return b"QUOTED-PRINTABLE" in line[:200].upper()


def parse_line(raw: bytes) -> Line | None:
    """One whole line in its parts, or None when it is no property."""
    found = _NAME.match(raw)
    if found is None:
        return None
    end = _end_of_params(raw, found.end())
    if end < 0:
        return None
    params = _params(_decoded(raw[found.end() : end]))
    encoding = next(iter(params.get("encoding", ())), "").lower()
    value = raw[end + 1 :]
    if encoding == "quoted-printable":
        value = quopri.decodestring(value.replace(b"=\n", b""))
    text = value.decode("ascii", "ignore") if encoding in ("b", "base64") else _decoded(value, params)
    group = (found[1] or b"").decode("ascii", "ignore").lower()
    return Line(found[2].decode("ascii").upper(), clean(text), params, group)


def _end_of_params(raw: bytes, start: int) -> int:
    """Where the colon is that ends the parameters: the first that no quotes enclose; any, where quotes never end."""
    place, is_inside = start, False
    while place < len(raw):
        sign = raw[place]
        if sign == 0x22:
            is_inside = not is_inside
        elif sign == 0x3A and not is_inside:
            return place
        place += 1
        if place - start > 20_000:
            break
    return raw.find(b":", start)


def _decoded(value: bytes, params: Mapping[str, tuple[str, ...]] | None = None) -> str:
    charset = next(iter((params or {}).get("charset", ())), "")
    if charset and charset.lower() not in ("utf-8", "utf8"):
        try:
            return value.decode(charset.strip("'\""), "replace")
        except (LookupError, UnicodeError, ValueError):
            # A character set that nobody knows: go by what it looks like.
            pass
    try:
        return value.decode()
    except UnicodeDecodeError:
        # Said to be UTF-8 and broken off in the middle of a sign, or from a machine that never says.
        return value.decode("utf-8" if charset else "cp1252", "replace")


def _params(text: str) -> Mapping[str, tuple[str, ...]]:
    return _parsed_params(text[:20_000]) if text else {}


@lru_cache(maxsize=2_000)
def _parsed_params(text: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for part in _outside_quotes(text, ";"):
        name, equals, value = part.partition("=")
        name = name.strip().lower()
        if not name:
            continue
        if equals:
            values = [_param_value(one) for one in _outside_quotes(value, ",")]
        else:
            # Version 2.1 leaves the name of a parameter out: ";HOME;BASE64".
            values, name = [name], _SINGLE.get(name, "type")
        found.setdefault(name, []).extend(values)
    return {name: tuple(values) for name, values in found.items()}


def _param_value(text: str) -> str:
    bare = text.strip().strip('"')
    return _CARET.sub(lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], bare)


def _outside_quotes(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    parts, begin, is_inside = [], 0, False
    for place, sign in enumerate(text):
        if sign == '"':
            is_inside = not is_inside
        elif sign == separator and not is_inside:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]
