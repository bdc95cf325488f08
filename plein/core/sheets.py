# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a list that people made: a CSV in any of the usual dialects, or the first sheet of a workbook.

Workbooks are read by a process of their own, see plein/core/workbooks.py.
"""

import csv
import io
import tempfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plein.core.workbooks import BadWorkbook, TooManyRows, TooSlow, is_workbook, workbook_rows

LARGEST = 10 << 20
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 60, 2_000
DELIMITERS = ";,\t|"


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
    rows = _from_workbook(data) if is_workbook(data) else _from_csv(data)
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
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        try:
            rows = workbook_rows(file, most=MOST_ROWS + 1)
            return [[_cell(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
        except TooSlow as late:
            raise NotRead(_("This workbook is too much to read. Save its first sheet as CSV.")) from late
        except TooManyRows as trouble:
            raise NotRead(
                _("This list has more than %(most)s rows. Split it.") % {"most": f"{MOST_ROWS:,}"}
            ) from trouble
        except BadWorkbook as trouble:
            raise NotRead(_("This workbook cannot be read. Save its first sheet as CSV and try again.")) from trouble
