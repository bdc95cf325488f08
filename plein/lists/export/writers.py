# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns rows of values into the bytes of a file, some rows at a time: memory stays flat however many there are."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from plein.lists.export.cells import safe
from plein.lists.fields import Chosen, Money, Ref, Value

type Row = Sequence[Value]
PIECE = 64 * 1024
#: The currency of amounts that name none.
EURO = "EUR"
BOM = "\ufeff"
#: What stands between several values in one cell.
BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its key for programs and its head for people."""

    key: str
    label: str


class Writer(Protocol):
    """Writes one file. Each part is handed over as soon as it is there; a spreadsheet only at the end."""

    def begin(self, columns: Sequence[Column]) -> bytes: ...

    def write(self, ids: Sequence[UUID], rows: Iterable[Row]) -> bytes: ...

    def end(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


def local(moment: datetime) -> datetime:
    """A moment as the clock on the reader's wall shows it."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


class CsvWriter:
    """Comma-separated values as spreadsheets in the reader's language expect them."""

    def __init__(self, *, separator: str, with_bom: bool = True) -> None:
        self.separator, self.with_bom = separator, with_bom
        self.mark = str(get_format("DECIMAL_SEPARATOR"))

    def begin(self, columns: Sequence[Column]) -> bytes:
        heads = self._lines([[safe(column.label) for column in columns]])
        return ((BOM if self.with_bom else "") + heads).encode()

    def write(self, ids: Sequence[UUID], rows: Iterable[Row]) -> bytes:
        del ids
        return self._lines([self._cell(value) for value in row] for row in rows).encode()

    def end(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        """There is nothing to tidy up."""

    def _lines(self, rows: Iterable[Sequence[str]]) -> str:
        out = StringIO()
        csv.writer(out, delimiter=self.separator, lineterminator="\r\n").writerows(rows)
        return out.getvalue()

    def _cell(self, value: Value) -> str:
        return safe(value) if isinstance(value, str) else self._typed(value)

    def _typed(self, value: Value) -> str:
        match value:
            case None:
                return ""
            case bool():
                return _("yes") if value else _("no")
            case Decimal():
                return str(value).replace(".", self.mark)
            case Money():
                amount = str(value.amount).replace(".", self.mark)
                return amount if value.currency == EURO else f"{amount} {value.currency}"
            case datetime():
                return local(value).strftime("%Y-%m-%d %H:%M")
            case time():
                return value.strftime("%H:%M")
            case date() | int():
                return str(value)
        return safe(text_of(value))


class JsonWriter:
    """A list of objects, for programs: ids and keys instead of words, times in UTC."""

    def __init__(self) -> None:
        self.columns: Sequence[Column] = ()
        self.is_first = True

    def begin(self, columns: Sequence[Column]) -> bytes:
        self.columns = columns
        return b"["

    def write(self, ids: Sequence[UUID], rows: Iterable[Row]) -> bytes:
        lines = []
        for one, row in zip(ids, rows, strict=True):
            found = {"id": str(one)}
            found |= {column.key: plainly(value) for column, value in zip(self.columns, row, strict=True)}
            lines.append(("" if self.is_first else ",") + "\n" + json.dumps(found, ensure_ascii=False))
            self.is_first = False
        return "".join(lines).encode()

    def end(self) -> Iterator[bytes]:
        yield b"\n]\n"

    def close(self) -> None:
        """There is nothing to tidy up."""


class XlsxWriter:
    """A spreadsheet with real dates and amounts. It grows on disk; no text in it is ever a formula or a link."""

    #: What one sheet of a spreadsheet can hold, and one cell.
    MOST_ROWS, LONGEST = 1_048_576, 32_767
    EARLIEST = date(1900, 3, 1)
    WIDTH = 18

    def __init__(self, *, name: str, folder: Path | None = None) -> None:
        self.name = name
        self.folder = tempfile.TemporaryDirectory(prefix="plein-sheet-", dir=folder)
        self.file: BinaryIO = tempfile.TemporaryFile(dir=self.folder.name)  # noqa: SIM115 - it outlives us
        options = {
            "constant_memory": True, "tmpdir": self.folder.name, "default_date_format": "yyyy-mm-dd",
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self.book = Workbook(self.file, options)
        self.bold = self.book.add_format({"bold": True})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.clock = self.book.add_format({"num_format": "hh:mm"})
        self.amounts: dict[str, Format] = {}
        self.columns: Sequence[Column] = ()
        self.sheet: Worksheet
        self.row = 0
        self.is_over = False

    def begin(self, columns: Sequence[Column]) -> bytes:
        self.columns = columns
        self._new_sheet()
        return b""

    def _new_sheet(self) -> None:
        self.sheet = self.book.add_worksheet(sheet_name(self.name) if self.row == 0 else None)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, max(0, len(self.columns) - 1), self.WIDTH)
        for place, column in enumerate(self.columns):
            self.sheet.write_string(0, place, column.label[: self.LONGEST], self.bold)
        self.row = 1

    def write(self, ids: Sequence[UUID], rows: Iterable[Row]) -> bytes:
        del ids
        for row in rows:
            if self.row >= self.MOST_ROWS:
                self._new_sheet()
            for place, value in enumerate(row):
                if value is not None and value != "":
                    self._cell(self.row, place, value)
            self.row += 1
        return b""

    def _cell(self, row: int, place: int, value: Value) -> None:
        match value:
            case str():
                self.sheet.write_string(row, place, value[: self.LONGEST])
            case bool():
                self.sheet.write_boolean(row, place, value)
            case int() | Decimal():
                self.sheet.write_number(row, place, value)
            case Money():
                self.sheet.write_number(row, place, value.amount, self._amount(value.currency))
            case datetime():
                self._date(row, place, local(value), self.moment)
            case date():
                self._date(row, place, value, self.day)
            case time():
                self.sheet.write_datetime(row, place, value, self.clock)
            case _:
                self.sheet.write_string(row, place, text_of(value)[: self.LONGEST])

    def _date(self, row: int, place: int, value: date, look: Format) -> None:
        """Spreadsheets count days from 1900: what is earlier is written as a text."""
        if (value.date() if isinstance(value, datetime) else value) < self.EARLIEST:
            self.sheet.write_string(row, place, value.isoformat())
        else:
            self.sheet.write_datetime(row, place, value, look)

    def _amount(self, currency: str) -> Format:
        if currency not in self.amounts:
            self.amounts[currency] = self.book.add_format({"num_format": f"[${currency}] #,##0.00"})
        return self.amounts[currency]

    def end(self) -> Iterator[bytes]:
        self.is_over = True
        self.book.close()
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece

    def close(self) -> None:
        """Leave nothing on the disk, however far it came."""
        if not self.is_over:
            # The library wants to be asked to finish before it lets go of its own files.
            self.book.close()
            self.is_over = True
        self.file.close()
        self.folder.cleanup()


def sheet_name(name: str) -> str:
    """A name that a sheet may have: spreadsheets forbid some signs, and long ones."""
    return "".join(letter for letter in name if letter not in "[]:*?/\\'").strip()[:31] or "Plein"


def text_of(value: Value) -> str:
    """A value in words."""
    if isinstance(value, tuple):
        return BETWEEN.join(text_of(one) for one in value)
    return str(value)


def plainly(value: Value) -> Any:
    """A value as programs want it."""
    match value:
        case None | str() | bool() | int():
            return value
        case Decimal():
            return str(value)
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case Ref():
            return {"id": str(value.id) if value.id else None, "name": value.name}
        case Chosen():
            return value.key
        case tuple():
            return [plainly(one) for one in value]
    return value.isoformat()
