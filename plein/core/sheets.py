# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a list that people made: a CSV in any of the usual dialects, or the first sheet of an XLSX workbook.

A workbook is an archive of XML that strangers wrote. It is read by a process of its own within limits that it cannot
pass, without document types or entities, and gives back rows of texts.
"""

import csv
import io
import json
import re
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext as _

LARGEST, UNPACKED = 10 << 20, 200 << 20
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 60, 2_000
SECONDS, MEMORY = 20, 1 << 30
DELIMITERS = ";,\t|"
#: Number formats of a workbook that are dates, by their number.
DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # the calendar of a workbook knows no zones
CANNOT, TOO_MUCH = 1, 2
#: What a damaged workbook, or one that was made to do harm, comes to.
BROKEN = (
    zipfile.BadZipFile,
    ParseError,
    DefusedXmlException,
    ValueError,
    LookupError,
    MemoryError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class NotRead(ValueError):
    """A list that cannot be read; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list: the words above its columns, and its rows, each as long as these."""

    head: list[str]
    rows: list[list[str]]


def read_sheet(data: bytes) -> Sheet:
    """The list in a file; raises NotRead."""
    if not data.strip():
        raise NotRead(_("This file is empty."))
    if len(data) > LARGEST:
        raise NotRead(_("This file is larger than %(most)s MB. Split it.") % {"most": LARGEST >> 20})
    rows = _from_workbook(data) if data[:4] == b"PK\x03\x04" else _from_csv(data)
    filled = [row for row in rows if any(row)]
    if len(filled) < 2:
        raise NotRead(_("There are no rows in this list: the first line holds the names of the columns."))
    if len(filled) > MOST_ROWS + 1:
        raise NotRead(_("This list has more than %(most)s rows. Split it.") % {"most": f"{MOST_ROWS:,}"})
    width = min(max(map(len, filled)), MOST_COLUMNS)
    even = [(row + [""] * width)[:width] for row in filled]
    return Sheet(even[0], even[1:])


def _cell(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_CELL]


def _from_csv(data: bytes) -> list[list[str]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    text = text.replace("\x00", "")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([_cell(cell) for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error as trouble:
        raise NotRead(_("This is no list that can be read. Save it as CSV or XLSX and try again.")) from trouble
    return rows


def _from_workbook(data: bytes) -> list[list[str]]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "plein.core.sheets"],
            input=data,
            capture_output=True,
            check=False,
            timeout=SECONDS * 2,
            env={"PYTHONPATH": ":".join(part for part in sys.path if part)},
        )
    except subprocess.TimeoutExpired as late:
        raise NotRead(_("This workbook is too much to read. Save its first sheet as CSV.")) from late
    if done.returncode == TOO_MUCH:
        raise NotRead(_("This list has more than %(most)s rows. Split it.") % {"most": f"{MOST_ROWS:,}"})
    if done.returncode != 0:
        raise NotRead(_("This workbook cannot be read. Save its first sheet as CSV and try again."))
    rows: list[list[str]] = json.loads(done.stdout)
    return rows


class _Capped(io.RawIOBase):
    """A member of the archive, read no further than the cap: the size it names may be a lie."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.left = inner, UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self.inner.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        self.left -= len(piece)
        if self.left < 0:
            raise MemoryError
        return piece


def _elements(archive: zipfile.ZipFile, name: str, *wanted: str) -> Iterator[tuple[str, Any]]:
    """The elements of these names in a member, each as soon as it is whole; they are emptied afterwards."""
    try:
        inner = archive.open(name)
    except KeyError:
        return
    with inner:
        for _event, element in iterparse(_Capped(inner), events=("end",), forbid_dtd=True):
            tag = str(element.tag).rpartition("}")[2]
            if tag in wanted:
                yield tag, element
                element.clear()


def _texts(element: Any) -> str:
    return "".join(part.text or "" for part in element.iter() if str(part.tag).rpartition("}")[2] == "t")


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The name of the member that holds the first sheet."""
    first = next((element for _tag, element in _elements(archive, "xl/workbook.xml", "sheet")), None)
    key = "" if first is None else next((str(v) for k, v in first.attrib.items() if k.endswith("}id")), "")
    for _tag, element in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        if element.attrib.get("Id") == key:
            target = str(element.attrib.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return "xl/worksheets/sheet1.xml"


def _date_styles(archive: zipfile.ZipFile) -> list[bool]:
    """Of each style whether it shows a number as a date."""
    made: set[int] = set()
    styles: list[bool] = []
    for tag, element in _elements(archive, "xl/styles.xml", "numFmt", "cellXfs"):
        if tag == "numFmt":
            code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", str(element.attrib.get("formatCode", "")))
            if re.search("[ydj]", code, re.IGNORECASE):
                made.add(int(element.attrib.get("numFmtId", "0")))
        else:
            numbers = [int(one.attrib.get("numFmtId", "0")) for one in element]
            styles = [number in DATES or number in made for number in numbers]
    return styles


def _value(cell: Any, shared: list[str], dates: list[bool]) -> str:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return _texts(cell)
    found = next((one.text or "" for one in cell if str(one.tag).rpartition("}")[2] == "v"), "")
    if kind == "s":
        return shared[int(found)] if found else ""
    style = int(cell.attrib.get("s", "0"))
    if kind == "n" and found and style < len(dates) and dates[style]:
        return (EPOCH + timedelta(days=float(found))).isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    return found.removesuffix(".0") if kind == "n" else found


def _column(reference: str, usual: int) -> int:
    letters = re.match("[A-Z]{1,3}", reference)
    if letters is None:
        return usual
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def rows_of(data: bytes) -> list[list[str]]:
    """The rows of the first sheet of a workbook, as texts; in the process that has limits."""
    rows: list[list[str]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        shared = [_texts(element)[:LONGEST_CELL] for _tag, element in _elements(archive, "xl/sharedStrings.xml", "si")]
        dates = _date_styles(archive)
        for _tag, element in _elements(archive, _first_sheet(archive), "row"):
            row: list[str] = []
            for cell in element:
                place = _column(str(cell.attrib.get("r", "")), len(row))
                if place < MOST_COLUMNS:
                    row += [""] * (place + 1 - len(row))
                    row[place] = _cell(_value(cell, shared, dates))
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                raise OverflowError
    return rows


def main() -> int:
    """Rows as JSON on standard output for the workbook on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    try:
        rows = rows_of(sys.stdin.buffer.read())
    except OverflowError:
        return TOO_MUCH
    except BROKEN:
        return CANNOT
    sys.stdout.write(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
