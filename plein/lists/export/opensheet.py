# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a spreadsheet as OpenDocument (ODS): every value of a kind of its own, and no text a formula or a link."""

import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import IO, BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from plein.lists.export.writers import PIECE, Column, Row, local, sheet_name, text_of
from plein.lists.fields import Money, Value

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = " ".join(
    f'xmlns:{short}="{_URN}:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{_URN}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_DAY = """<number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/>
<number:text>-</number:text><number:day number:style="long"/>"""
_CLOCK = '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'


def _look(name: str, data: str) -> str:
    return f'<style:style style:name="{name}" style:family="table-cell" style:data-style-name="{data}"/>'


_BEGIN = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {_SPACES} office:version="1.3"><office:automatic-styles>
<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="3.5cm"/>
</style:style>
<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<number:date-style style:name="n-day">{_DAY}</number:date-style>
<number:date-style style:name="n-moment">{_DAY}<number:text> </number:text>{_CLOCK}</number:date-style>
<number:time-style style:name="n-clock">{_CLOCK}</number:time-style>
{_look("day", "n-day")}{_look("moment", "n-moment")}{_look("clock", "n-clock")}
</office:automatic-styles><office:body><office:spreadsheet>
"""
_END = "</table:table></office:spreadsheet></office:body></office:document-content>\n"
#: What XML cannot say at all.
_UNSAID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Blanks that a reader of OpenDocument would put together.
_BLANKS = re.compile("^ | $| {2,}|\t")


class OdsWriter:
    """A spreadsheet with real dates and amounts. It grows on disk, row by row."""

    #: What one sheet of a spreadsheet can hold, and one cell.
    MOST_ROWS, LONGEST = 1_048_576, 32_767

    def __init__(self, *, name: str, folder: Path | None = None) -> None:
        self.name = sheet_name(name)
        self.file: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it outlives us
        self.archive = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.archive.writestr("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        self.archive.writestr("META-INF/manifest.xml", _MANIFEST)
        self.content: IO[bytes] = self.archive.open("content.xml", "w", force_zip64=True)
        self.columns: Sequence[Column] = ()
        self.row, self.sheets = 0, 0

    def begin(self, columns: Sequence[Column]) -> bytes:
        self.columns = columns
        self._say(_BEGIN)
        self._new_sheet()
        return b""

    def _new_sheet(self) -> None:
        self.sheets += 1
        name = self.name if self.sheets == 1 else f"{self.name[:25]} {self.sheets}"
        heads = "".join(_text(column.label[: self.LONGEST], "head") for column in self.columns)
        many = max(1, len(self.columns))
        self._say(
            f'<table:table table:name="{escape(name)}">'
            f'<table:table-column table:style-name="wide" table:number-columns-repeated="{many}"/>'
            f"<table:table-header-rows><table:table-row>{heads}</table:table-row></table:table-header-rows>\n"
        )
        self.row = 1

    def write(self, ids: Sequence[UUID], rows: Iterable[Row]) -> bytes:
        del ids
        lines: list[str] = []
        for row in rows:
            if self.row >= self.MOST_ROWS:
                self._say("".join(lines) + "</table:table>")
                lines.clear()
                self._new_sheet()
            lines.append(f"<table:table-row>{''.join(map(self._cell, row))}</table:table-row>\n")
            self.row += 1
        self._say("".join(lines))
        return b""

    def _cell(self, value: Value) -> str:
        match value:
            case None | "":
                return "<table:table-cell/>"
            case bool():
                return _typed("boolean", str(value).lower(), _("yes") if value else _("no"))
            case int() | Decimal():
                return _typed("float", f"{value:f}" if isinstance(value, Decimal) else str(value))
            case Money():
                amount = f"{value.amount:f}"
                more = f' office:currency="{escape(value.currency)}"'
                return _typed("currency", amount, f"{amount} {value.currency}", more)
            case datetime():
                there = local(value).replace(microsecond=0)
                return _typed("date", there.isoformat(), there.strftime("%Y-%m-%d %H:%M"), look="moment")
            case date():
                return _typed("date", value.isoformat(), look="day")
            case time():
                return _typed("time", value.strftime("PT%HH%MM%SS"), value.strftime("%H:%M"), look="clock")
        return _text(text_of(value)[: self.LONGEST])

    def _say(self, text: str) -> None:
        self.content.write(text.encode())

    def end(self) -> Iterator[bytes]:
        self._say(_END)
        self.content.close()
        self.archive.close()
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece

    def close(self) -> None:
        """Leave nothing on the disk, however far it came."""
        self.content.close()
        self.archive.close()
        self.file.close()


#: Under which name a value of a kind stands.
_NAMES = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}


def _typed(kind: str, value: str, shown: str = "", more: str = "", look: str = "") -> str:
    style = f' table:style-name="{look}"' if look else ""
    said = f'office:value-type="{kind}" office:{_NAMES.get(kind, "value")}="{escape(value)}"{more}'
    return f"<table:table-cell {said}{style}><text:p>{escape(shown or value)}</text:p></table:table-cell>"


def _text(text: str, look: str = "") -> str:
    """A cell of text: each line a paragraph, and blanks that would be put together said one by one."""
    style = f' table:style-name="{look}"' if look else ""
    lines = _UNSAID.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = "".join(f"<text:p>{_BLANKS.sub(_blank, escape(line))}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string"{style}>{shown}</table:table-cell>'


def _blank(found: re.Match[str]) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'
