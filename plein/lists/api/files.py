# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to a list as a file."""

from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from plein.core.paging import Words
from plein.core.payloads import needs
from plein.lists.api.door import router
from plein.lists.api.rows import Columns, Filter, Order, asked_view, found_kind
from plein.lists.export.actions import export_list
from plein.lists.export.streaming import FileFormat, Look, StreamedFile, file_name
from plein.trust.seats import seat_of

Group = Annotated[str, Field(max_length=90, description="By which column rows stand together; it comes first.")]


@router.get("/lists/{kind}/file", summary="Take a list along as a file")
@needs("export")
def export_rows(
    request: HttpRequest,
    kind: str,
    format: FileFormat = "csv",
    f: Filter = "",
    q: Words = "",
    columns: Columns = "",
    sort: Order = "",
    group: Group = "",
) -> StreamedFile:
    """All rows, as CSV, as a spreadsheet or as JSON. Five of more than 1,000 rows an hour."""
    asked = {"f": f, "q": q, "columns": columns, "sort": sort, "group": group}
    view = asked_view(request, found_kind(kind), asked)
    made = export_list(actor=seat_of(request), query=view.query, look=Look(format, with_bom=False), door="api")
    return StreamedFile(made, name=file_name(str(view.kind.plural)))
