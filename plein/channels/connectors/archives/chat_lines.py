# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads chats that were saved as lines of text: a time, a name, and what was written, on one line or more.

Phones write the time as their language does. Which number is the day and which the month is decided over the whole
chat, since no single line need tell.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u2068\u2069\ufeff"
_LINE = re.compile(
    r"\[?(?P<a>\d{1,4})[./-](?P<b>\d{1,2})[./-](?P<c>\d{2,4})[.,]?\s+(?:um |at |om )?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s?(?P<half>[AaPp])\.?\s?[Mm]\.?)?(?:\s?Uhr)?(?:\]\s?|\s?[-–]\s)(?P<rest>.*)",
    re.DOTALL,
)
_NAMED = re.compile(r"(?P<name>[^:\n]{1,120}):(?: (?P<text>.*)|(?=\n|\Z))", re.DOTALL)
#: What a phone writes in the place of a picture it left out.
OMITTED = re.compile(
    r"<(?:media omitted|media weggelaten|medien ausgeschlossen|bijlage weggelaten|médias omis|multimedia omitido)>"
    r"|\b(?:image|video|audio|sticker|gif|document|contact card) omitted\b"
    r"|\b(?:afbeelding|video|audio|sticker|gif|document|contactkaart) weggelaten\b"
    r"|\b(?:bild|video|audio|sticker|gif|dokument|kontaktkarte) weggelassen\b",
    re.IGNORECASE,
)
#: The file that goes with a line, when the media were exported too.
ATTACHED = re.compile(
    r"<(?:attached|bijgevoegd|bijlage|angehängt|anhang): (?P<one>[^>\n]{1,200})>"
    r"|(?P<two>[\w .()-]{1,200}\.\w{2,5}) \((?:file attached|bestand bijgevoegd|datei angehängt)\)",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"end-to-end|eind-tot-eind|ende-zu-ende|messages to this (?:group|chat)"
    r"|berichten naar deze groep|created (?:this )?group|heeft (?:de )?groep .*(?:gemaakt|aangemaakt)"
    r"|hat (?:die )?gruppe .*erstellt",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Line:
    """One entry of a chat: the three numbers of its date as written, its time, its writer ("" for the phone itself)."""

    date: tuple[int, int, int]
    clock: tuple[int, int, int]
    name: str
    text: str
    number: int


@dataclass(slots=True)
class Chat:
    """A chat as it lies in its file, and lines before the first time that belong to nothing."""

    lines: list[Line] = field(default_factory=list)
    stray: int = 0
    year_first: bool = False

    @property
    def months_first(self) -> bool:
        """Whether the month stands before the day, by all dates together."""
        firsts = [line.date for line in self.lines]
        if any(a > 12 for a, _b, _c in firsts):
            return False
        if any(b > 12 for _a, b, _c in firsts):
            return True
        return _steps_back([(c, b, a) for a, b, c in firsts]) > _steps_back([(c, a, b) for a, b, c in firsts])

    def moments(self, zone: tzinfo) -> Iterator[tuple[Line, datetime | None]]:
        """Every line with its moment, None where its date is none."""
        months_first = self.months_first
        for line in self.lines:
            yield line, _moment(line, months_first, zone)


def _steps_back(days: list[tuple[int, int, int]]) -> int:
    return sum(1 for before, after in zip(days, days[1:], strict=False) if after < before)


def _moment(line: Line, months_first: bool, zone: tzinfo) -> datetime | None:
    a, b, c = line.date
    if a > 31:
        year, month, day = a, b, c
    else:
        year = c + 2000 if c < 100 else c
        day, month = (b, a) if months_first else (a, b)
    try:
        return datetime(year, month, day, *line.clock, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_chat(lines: Iterable[str], at_most: int) -> Chat:
    """Cut a text into the entries of a chat."""
    chat = Chat()
    for number, raw in enumerate(lines):
        text = raw.rstrip("\r\n").lstrip(_MARKS)
        found = _LINE.match(text.replace("\u202f", " ").replace("\u00a0", " "))
        entry = _entry(found, number) if found else None
        if entry is not None:
            chat.lines.append(entry)
        elif chat.lines:
            last = chat.lines[-1]
            if len(last.text) < at_most:
                last.text += "\n" + text
        elif text.strip():
            chat.stray += 1
    return chat


def _entry(found: re.Match[str], number: int) -> Line | None:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    rest = found["rest"].lstrip(_MARKS)
    named = _NAMED.fullmatch(rest)
    is_told = named is None or (_SYSTEM.search(rest) is not None and not named["text"])
    name = "" if is_told or named is None else named["name"].strip(_MARKS + "~ ")
    text = rest if not name or named is None else (named["text"] or "")
    date = (int(found["a"]), int(found["b"]), int(found["c"]))
    return Line(date, (hour, int(found["minute"]), int(found["second"] or 0)), name, text.strip(_MARKS), number)
