# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a view page by page and hands a file over piece by piece.

It goes on after the request is over, so each page is read in a context of its own: who lost their seat meanwhile gets
no further, and neither does a view that may no longer be asked. Between two pieces nothing is held.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plein.core.audit import Arrival, audit, coming_from
from plein.core.chain import arrival
from plein.core.ids import new_id
from plein.core.isolation import no_workspace
from plein.core.models import Operation
from plein.core.operations import begin
from plein.lists.export.opensheet import MEDIA_TYPE, OdsWriter
from plein.lists.export.writers import Column, CsvWriter, JsonWriter, Writer, XlsxWriter
from plein.lists.fields import Value
from plein.lists.query import ListPage, View, ViewQuery, open_view, page
from plein.trust.models import User
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, entered
from plein.trust.zones import zone_of

type FileFormat = Literal["csv", "xlsx", "ods", "json"]

#: Rows that are read at once.
BATCH = 1000
#: An export of more rows than this is remembered: who took how many of which view along.
REMEMBERED_ABOVE = 1000
MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": MEDIA_TYPE,
    "json": "application/json",
}


class Stopped(Exception):
    """An export cannot go on: the view or the rights of the reader changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Look:
    """What kind of file: its format, and for CSV the separator (one of the language when empty) and the mark."""

    format: FileFormat = "csv"
    separator: str = ""
    with_bom: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """A file that is no table, such as an address book: how it is called, who writes it, and which rows it can hold.

    Without a writer it is a table after all, of only those rows.
    """

    format: str = ""
    writer: Callable[[], Writer] | None = None
    only: Q = field(default_factory=Q)
    batch: int = BATCH
    media_type: str = ""
    ending: str = ""


@dataclass
class Export:
    """A view on its way into a file, for one reader."""

    user: User
    workspace: int
    query: ViewQuery
    look: Look
    door: str = "web"
    view_id: UUID | None = None
    shape: Shape | None = None
    sent: int = 0
    came: Arrival = field(default_factory=arrival.get)
    run_id: UUID = field(default_factory=new_id)
    columns: tuple[str, ...] = ()
    operation: Operation | None = field(default=None, repr=False)

    @property
    def format(self) -> str:
        """How this kind of file is called."""
        return self.shape.format if self.shape and self.shape.writer else self.look.format

    @property
    def media_type(self) -> str:
        """What kind of file a browser is told that it is."""
        return self.shape.media_type if self.shape and self.shape.writer else MEDIA_TYPES[self.look.format]

    @property
    def ending(self) -> str:
        """What stands behind the last dot of its name."""
        return self.shape.ending if self.shape and self.shape.writer else self.look.format

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the file. Raises Stopped, NoSeat or PermissionDenied when it may not go on."""
        writer: Writer | None = None
        try:
            cursor, heading = "", ""
            while True:
                with self._inside() as actor:
                    view, found = self._read(actor, cursor)
                    writer = writer or self._writer(view)
                    piece = b"" if self.columns else writer.begin(self._begin(view))
                    rows, heading = _rows(view, found, heading)
                    piece += writer.write([row.record.id for row in found.rows], rows)
                    ids = [row.record.id for row in found.rows]
                    if ids:
                        audit("export", kind=self.query.kind, about=ids, run=self.run_id, format=self.format)
                    self._remember(len(ids))
                yield piece
                if not found.next:
                    break
                cursor = found.next
            yield from writer.end()
        finally:
            if writer is not None:
                writer.close()

    @contextmanager
    def _inside(self) -> Iterator[Entrance]:
        """As the reader, in their language and by their clock."""
        with no_workspace("an export goes on"):
            if not User.objects.filter(id=self.user.id, is_active=True).exists():
                raise PermissionDenied("export")
        with (
            translation.override(self.user.language),
            timezone.override(zone_of(self.user)),
            coming_from(self.came),
            entered(self.user, self.workspace, door=self.door) as actor,
        ):
            permit(actor, "export")
            yield actor

    def _read(self, actor: Entrance, cursor: str) -> tuple[View, ListPage]:
        view = open_view(self.query, actor)
        if self.shape and self.shape.only:
            view = narrowed(view, self.shape.only)
        if self.columns and self.columns != _keys(view):
            raise Stopped("The columns of this view are no longer the same.")
        return view, page(view, cursor=cursor, limit=self.shape.batch if self.shape else BATCH)

    def _writer(self, view: View) -> Writer:
        if self.shape and self.shape.writer:
            return self.shape.writer()
        if self.look.format == "xlsx":
            return XlsxWriter(name=str(view.kind.plural))
        if self.look.format == "ods":
            return OdsWriter(name=str(view.kind.plural))
        if self.look.format == "json":
            return JsonWriter()
        return CsvWriter(separator=self.look.separator or usual_separator(), with_bom=self.look.with_bom)

    def _begin(self, view: View) -> list[Column]:
        self.columns = _keys(view)
        heads = [Column(one.key, str(one.label)) for one in view.columns]
        return [Column("group", str(view.group.label)), *heads] if view.group else heads

    def _remember(self, more: int) -> None:
        """Note how far it came, so that it stands there also when the reader breaks it off."""
        self.sent += more
        if self.sent <= REMEMBERED_ABOVE:
            return
        facts: dict[str, int | str | None] = {
            "kind": self.query.kind,
            "rows": self.sent,
            "format": self.format,
            "view": str(self.view_id) if self.view_id else None,
        }
        if self.operation is None:
            self.operation = begin("export_list", **facts)
        else:
            Operation.objects.filter(id=self.operation.id).update(facts=facts)


def narrowed(view: View, only: Q) -> View:
    """The same view of fewer records."""
    rows = view.kind.rows
    return replace(view, kind=replace(view.kind, rows=lambda: rows().filter(only)))


def usual_separator() -> str:
    """What spreadsheets expect between cells in the reader's language: where the comma marks decimals, a semicolon."""
    return ";" if (translation.get_language() or "").startswith("nl") else ","


def _keys(view: View) -> tuple[str, ...]:
    return (view.group.key if view.group else "", *(one.key for one in view.columns))


def _rows(view: View, found: ListPage, heading: str) -> tuple[list[list[Value]], str]:
    """The cells of a page, each row led by the heading it stands under when the view is grouped."""
    if view.group is None:
        return [row.cells for row in found.rows], ""
    rows: list[list[Value]] = []
    for row in found.rows:
        heading = heading if row.heading is None else row.heading
        rows.append([heading, *row.cells])
    return rows, heading


class StreamedFile(StreamingHttpResponse):
    """A file that is made while it is sent, one hop into a thread for each piece. It is not kept anywhere."""

    def __init__(self, export: Export, *, name: str) -> None:
        self.pieces = export.pieces()
        super().__init__(self.pieces, content_type=export.media_type)
        self["Content-Disposition"] = f'attachment; filename="{name}.{export.ending}"'
        self["X-Content-Type-Options"] = "nosniff"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        following = sync_to_async(self._following, thread_sensitive=True)
        # A spreadsheet has nothing to hand over until its end; an empty piece lets others go first meanwhile.
        while (piece := await following()) is not None:
            yield piece

    def _following(self) -> bytes | None:
        return next(self.pieces, None)


def file_name(view_name: str) -> str:
    """A name for the file that every system can keep: letters, digits and dashes."""
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in view_name.lower())
    return "-".join(part for part in plain.split("-") if part)[:60] or _("list")
