# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of the first sheet of a workbook, XLSX or ODS, as texts and one after another.

A workbook is an archive of XML that strangers wrote. It is read by a process of its own within limits that it cannot
pass, without document types or entities. This module knows no Django: that process starts quickly, and readers of
channels may use it.
"""

import contextlib
import io
import json
import re
import resource
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime, timedelta
from typing import IO, Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

UNPACKED = 1 << 30
MOST_COLUMNS, LONGEST_CELL = 300, 32_767
SECONDS, MEMORY = 20, 1 << 30
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


class BadWorkbook(ValueError):
    """A workbook that cannot be read."""


class TooManyRows(BadWorkbook):
    """A workbook with more rows than were asked for."""


class TooSlow(BadWorkbook):
    """A workbook that takes too long to read."""


def is_workbook(head: bytes) -> bool:
    """Whether a file that begins so is an archive, as every workbook is."""
    return head[:4] == b"PK\x03\x04"


def workbook_rows(file: IO[bytes], *, most: int, seconds: int = SECONDS) -> Generator[list[str]]:
    """The rows of a workbook, one after another, read by another process; raises BadWorkbook.

    The file is one with a number of its own, such as an opened one.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "plein.core.workbooks", str(most), str(seconds)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": ":".join(part for part in sys.path if part)},
    )
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        child.kill()

    clock = threading.Timer(seconds * 2, give_up)
    clock.daemon = True
    clock.start()
    try:
        if child.stdout is not None:
            for line in child.stdout:
                yield json.loads(line)
        _judge(child.wait(), is_late.is_set())
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _judge(code: int, is_late: bool) -> None:
    if code == TOO_MUCH:
        raise TooManyRows
    if is_late or code == -signal.SIGXCPU:
        raise TooSlow
    if code != 0:
        raise BadWorkbook


def _cell(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_CELL]


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


def rows_of(file: IO[bytes]) -> Iterator[list[str]]:
    """The rows of the first sheet of a workbook, as texts; in the process that has limits."""
    with zipfile.ZipFile(file) as archive:
        is_open = "content.xml" in archive.namelist()
        yield from _open_rows(archive) if is_open else _office_rows(archive)


def _office_rows(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    shared = [_texts(element)[:LONGEST_CELL] for _tag, element in _elements(archive, "xl/sharedStrings.xml", "si")]
    dates = _date_styles(archive)
    for _tag, element in _elements(archive, _first_sheet(archive), "row"):
        row: list[str] = []
        for cell in element:
            place = _column(str(cell.attrib.get("r", "")), len(row))
            if place < MOST_COLUMNS:
                row += [""] * (place + 1 - len(row))
                row[place] = _cell(_value(cell, shared, dates))
        yield row


def _open_rows(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    """The rows of an OpenDocument sheet. Empty ones that are said to be there a million times are passed by."""
    for tag, element in _elements(archive, "content.xml", "table-row", "table"):
        if tag == "table":
            return
        row: list[str] = []
        for cell in element:
            kind = str(cell.tag).rpartition("}")[2]
            if kind in ("table-cell", "covered-table-cell"):
                times = min(max(int(_named(cell, "number-columns-repeated") or 1), 1), MOST_COLUMNS - len(row))
                row += [_open_value(cell)] * times
        while row and not row[-1]:
            row.pop()
        times = int(_named(element, "number-rows-repeated") or 1)
        yield from (row for _ in range(times if row else min(times, 1)))


def _named(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _open_value(cell: Any) -> str:
    match _named(cell, "value-type"):
        case "float" | "currency" | "percentage":
            return _cell(_named(cell, "value")).removesuffix(".0")
        case "date":
            return _cell(_named(cell, "date-value").replace("T", " ")).removesuffix(" 00:00:00")
        case "boolean":
            return _cell(_named(cell, "boolean-value"))
        case "time":
            return _cell(_named(cell, "time-value"))
    lines = ("".join(_said(one)) for one in cell if str(one.tag).rpartition("}")[2] == "p")
    return _cell("\n".join(lines))


def _said(element: Any) -> Iterator[str]:
    """The words of a paragraph, in which blanks stand as elements of their own."""
    match str(element.tag).rpartition("}")[2]:
        case "s":
            yield " " * min(max(int(_named(element, "c") or 1), 0), LONGEST_CELL)
        case "tab":
            yield "\t"
        case "line-break":
            yield "\n"
    yield element.text or ""
    for one in element:
        yield from _said(one)
        yield one.tail or ""


def write_rows(file: IO[bytes], most: int, write: Callable[[str], object]) -> None:
    """The rows as lines of JSON; raises OverflowError when there are too many."""
    for number, row in enumerate(rows_of(file)):
        if number >= most:
            raise OverflowError
        write(json.dumps(row) + "\n")


def main(words: Iterable[str]) -> int:
    """Rows as lines of JSON on standard output for the workbook on standard input."""
    most, seconds = map(int, words)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    given = sys.stdin.buffer
    try:
        write_rows(given if given.seekable() else io.BytesIO(given.read()), most, sys.stdout.write)
    except OverflowError:
        return TOO_MUCH
    except BROKEN:
        return CANNOT
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
