# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit log as a file: its lines, and which records were read or taken along by whom."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.audit import audit
from plein.core.audit.reading import LogLine, Looked, Wanted, facts_of, lines_for_reader, looked_at, names_of
from plein.lists.export.streaming import REMEMBERED_ABOVE, usual_separator
from plein.lists.export.writers import Column, CsvWriter
from plein.trust.permissions import permit
from plein.trust.proving import ask_for_proof
from plein.trust.seats import seat_of
from plein.web.acts import names_of_seats
from plein.web.audit import MOST, UNPROCESSABLE, LogForm, in_words


@require_http_methods(["GET", "HEAD", "POST"])
def log_file(request: HttpRequest) -> HttpResponse:
    """The same lines as a file."""
    return _file(
        request,
        "log",
        lambda wanted: lines_for_reader(wanted, limit=MOST + 1),
        lambda lines: [_line_facts(line) for line in lines],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def looked_file(request: HttpRequest) -> HttpResponse:
    """Which records were read or taken along by whom, each on a line of its own: what one needs after a leak."""
    return _file(request, "looked-at", lambda wanted: list(looked_at(wanted, most=MOST + 1)), _looks)


def _looks(found: list[Looked]) -> list[dict[str, Any]]:
    names = names_of(look.record for look in found)
    seats = names_of_seats({look.entry.seat_id for look in found})
    return [facts_of(look, names, seats) for look in found]


def _line_facts(line: LogLine) -> dict[str, Any]:
    entry = line.entry
    return {
        "at": entry.at.isoformat(),
        "event": entry.event,
        "seat": str(entry.seat_id) if entry.seat_id else None,
        "user": str(entry.user_id) if entry.user_id else None,
        "kind": entry.kind,
        "count": line.count,
        "records": " ".join(map(str, line.records)),
        "door": entry.door,
        "from": entry.origin,
        "session": entry.session,
        "token": str(entry.token_id) if entry.token_id else None,
        "line": str(entry.id),
    }


def _file[Line](
    request: HttpRequest,
    name: str,
    read: Callable[[Wanted], list[Line]],
    tell: Callable[[list[Line]], list[dict[str, Any]]],
) -> HttpResponse:
    """What is asked for as a file. As of a list, whoever takes many lines along proves first who they are."""
    actor = seat_of(request)
    permit(actor, "manage")
    form = LogForm(request.GET)
    if not form.is_valid():
        return render(request, "web/audit.html", {"form": form, "lines": []}, status=UNPROCESSABLE)
    found = read(form.wanted())
    if len(found) > REMEMBERED_ABOVE and (asked := ask_for_proof(request)):
        return asked
    rows, is_whole = tell(found[:MOST]), len(found) <= MOST
    as_json = request.GET.get("format") == "json"
    audit("export_log", kind="log", what=name.replace("-", "_"), rows=len(rows), format="json" if as_json else "csv")
    body = json.dumps({"lines": rows, "is_whole": is_whole}, ensure_ascii=False) if as_json else _csv(rows, is_whole)
    kind = "json" if as_json else "csv"
    response = HttpResponse(body, content_type="application/json" if as_json else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _csv(rows: list[dict[str, Any]], is_whole: bool) -> bytes:
    """The lines; above them, where the file does not hold all, a line that says so."""
    writer = CsvWriter(separator=usual_separator())
    columns = list(rows[0]) if rows else ["at"]
    cells = [[row[name] for name in columns] for row in rows]
    if not is_whole:
        cells.insert(0, [not_whole(), *([""] * (len(columns) - 1))])
    return writer.begin([Column(name, name) for name in columns]) + writer.write([], cells)


def not_whole() -> str:
    """What a file says that does not hold all that was asked for."""
    return _("Not whole: these are the newest %(count)s lines, and there are more. Choose a shorter period.") % {
        "count": in_words(MOST)
    }
