# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lines that vCard (RFC 6350) and iCalendar (RFC 5545) share: read, changed and written without losing any.

A line keeps its text as it came, so that what Plein does not know goes back to whoever sent it, letter for letter.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

MOST_LINES = 20_000
WIDTH = 75
_HEAD = re.compile(r"(?:([A-Za-z0-9_-]{1,60})\.)?([A-Za-z0-9_-]{1,60})(?=[;:])")
_FOLD = re.compile(r"\r?\n[ \t]")
_BREAKS = re.compile(r"\r\n|\n|\r")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class BadText(ValueError):
    """This is no vCard or calendar; the message says why, for whoever made the program that sent it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One property: the group before its dot, its name in capitals, its parameters, and its value as it was written."""

    name: str
    value: str
    params: tuple[tuple[str, str], ...] = ()
    group: str = ""
    raw: str = ""

    def param(self, name: str) -> str:
        """The values of a parameter, in small letters, with commas between."""
        return ",".join(value for key, value in self.params if key == name).lower()

    def types(self) -> set[str]:
        """The words of the TYPE parameter, and of vCard 2.1, where they stand by themselves."""
        named = self.param("TYPE").replace('"', "").split(",")
        return {word.strip() for word in named} | {key.lower() for key, value in self.params if not value} - {""}

    @property
    def text(self) -> str:
        """The value as people read it."""
        return unescape(self.value)

    def __str__(self) -> str:
        if self.raw:
            return self.raw
        head = f"{self.group}.{self.name}" if self.group else self.name
        params = "".join(f";{key}={_quoted(value)}" for key, value in self.params)
        return f"{head}{params}:{self.value}"


def _quoted(value: str) -> str:
    clean = value.replace('"', "'").replace("\n", " ").replace("\r", " ")
    return f'"{clean}"' if re.search(r"[,;:]", clean) else clean


def unescape(value: str) -> str:
    """The text behind the backslashes."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def escape(text: str) -> str:
    """A text as the value of a line."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def split_value(value: str, separator: str = ";") -> list[str]:
    """The parts of a value with several, each as people read it."""
    parts, start, at = [], 0, 0
    while at < len(value):
        if value[at] == "\\":
            at += 2
            continue
        if value[at] == separator:
            parts.append(value[start:at])
            start = at + 1
        at += 1
    return [unescape(part).strip() for part in [*parts, value[start:]]]


def read_lines(text: str) -> list[Line]:
    """The lines of a text; raises BadText for what is none."""
    if "\x00" in text:
        raise BadText("There is a NUL character in it.")
    unfolded = _FOLD.sub("", text.removeprefix("\ufeff"))
    found = [_read(line) for line in _BREAKS.split(unfolded) if line.strip()]
    if len(found) > MOST_LINES:
        raise BadText(f"It has more than {MOST_LINES} lines.")
    return found


def _read(line: str) -> Line:
    head = _HEAD.match(line)
    if head is None:
        raise BadText(f"This is no line of a vCard or calendar: {line[:60]!r}")
    params, at = [], head.end()
    while at < len(line) and line[at] == ";":
        end = _end_of_param(line, at + 1)
        key, _is, value = line[at + 1 : end].partition("=")
        params.append((key.strip().upper()[:60], value.strip().strip('"')))
        at = end
    if at >= len(line):
        raise BadText(f"A line has no value: {line[:60]!r}")
    return Line(head[2].upper(), line[at + 1 :], tuple(params), head[1] or "", line)


def _end_of_param(line: str, at: int) -> int:
    is_quoted = False
    while at < len(line) and (is_quoted or line[at] not in ";:"):
        is_quoted ^= line[at] == '"'
        at += 1
    return at


def folded(lines: Iterable[Line]) -> str:
    """The lines as they travel: none longer than 75 bytes, each with its end."""
    return "".join(f"{piece}\r\n" for line in lines for piece in _pieces(str(line)))


def _pieces(line: str) -> Iterator[str]:
    if len(line) <= WIDTH and line.isascii():
        yield line
        return
    piece: list[str] = []
    size, lead = 0, ""
    for char in line:
        width = len(char.encode("utf-8", "replace"))
        if size + width > WIDTH:
            yield lead + "".join(piece)
            piece, size, lead = [], 1, " "
        piece.append(char)
        size += width
    yield lead + "".join(piece)


def component(lines: list[Line], name: str) -> list[Line]:
    """The lines between BEGIN and END of the one outermost component of that name; raises BadText without one."""
    if not lines or lines[0].name != "BEGIN" or lines[0].value.strip().upper() != name:
        raise BadText(f"It does not begin with BEGIN:{name}.")
    if lines[-1].name != "END" or lines[-1].value.strip().upper() != name:
        raise BadText(f"It does not end with END:{name}.")
    return lines[1:-1]


def replaced(lines: list[Line], is_one: Callable[[Line], bool], new: Iterable[Line]) -> list[Line]:
    """The same lines with those that are meant replaced, in their place, or at the end when there were none."""
    result: list[Line] = []
    fresh: list[Line] | None = list(new)
    for line in lines:
        if not is_one(line):
            result.append(line)
        elif fresh is not None:
            result += fresh
            fresh = None
    return result + (fresh or [])
