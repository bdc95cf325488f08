# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit log for administrators: who looked, took along, came in, and changed what others may."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from plein.core.audit.reading import (
    COUNTED,
    LogLine,
    Wanted,
    has_more_than,
    lines_for_reader,
    names_of,
)
from plein.lists.operators import end_of, start_of
from plein.relations.queries.merging import with_formers
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.seats import seat_of
from plein.web import audit_words, verbs
from plein.web.acts import names_of_seats

PAGE = 50
#: More than this many lines are a file for who runs the machine: `plein audit looked-at`. A file that is cut says so.
MOST = 20_000
UNPROCESSABLE = 422
PAGES = {
    "relation": "relations:relation",
    "person": "relations:relation",
    "organization": "relations:relation",
    "moment": "moments:moment",
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the log as the page shows it."""

    sentence: str
    who: str
    is_mine: bool
    at: datetime
    door: str
    how: str
    subjects: list[tuple[str, str]]
    counted: str
    origin: str
    detail: str


class LogForm(forms.Form):
    """What to look for in the log."""

    what = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Up to"), required=False, widget=forms.DateInput({"type": "date"}))
    record = forms.UUIDField(required=False, widget=forms.HiddenInput)
    session = forms.RegexField(r"\A[0-9a-f]{32}\Z", required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        what, who = self.fields["what"], self.fields["who"]
        assert isinstance(what, forms.ChoiceField) and isinstance(who, forms.ChoiceField)
        what.choices = [(key, words) for key, (words, _events) in audit_words.GROUPS.items()]
        seats = Seat.objects.select_related("user").order_by("user__name", "id")
        who.choices = [("", _("Everybody")), *((str(seat.id), str(seat)) for seat in seats)]

    def wanted(self, before: tuple[datetime, UUID] | None = None) -> Wanted:
        """Which lines that are."""
        values = self.cleaned_data
        return Wanted(
            events=audit_words.GROUPS[values["what"]][1],
            seat_id=UUID(values["who"]) if values["who"] else None,
            record_ids=with_formers(values["record"]),
            session=values["session"],
            token_id=values["token"],
            since=start_of(values["since"]) if values["since"] else None,
            until=end_of(values["until"]) if values["until"] else None,
            before=before,
        )


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    moment, _between, key = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(key)) if at.tzinfo else None
    except ValueError:
        return None


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The log, newest first."""
    permit(seat_of(request), "manage")
    form = LogForm(request.GET)
    if not form.is_valid():
        return render(request, "web/audit.html", {"form": form, "lines": []}, status=UNPROCESSABLE)
    is_fragment = request.headers.get("HX-Request") == "true" and "before" in request.GET
    found = lines_for_reader(form.wanted(_cursor(request.GET.get("before", ""))), limit=PAGE + 1)
    page = found[:PAGE]
    kept = {name: value for name, value in form.data.items() if value and name in form.fields}
    cursor = f"{page[-1].entry.at.isoformat()}~{page[-1].entry.id}" if len(found) > PAGE else ""
    context = {
        "form": form,
        "lines": shown_lines(page, seat_of(request).seat_id),
        "next_url": f"?{urlencode(kept | {'before': cursor})}" if cursor else "",
        "kept": urlencode(kept),
        "most": in_words(MOST),
        "is_cut": bool(cursor) and not is_fragment and has_more_than(MOST, form.wanted()),
    }
    return render(request, "web/audit.html#lines" if is_fragment else "web/audit.html", context)


def in_words(count: int) -> str:
    """A large number as people read it."""
    return number_format(count, force_grouping=True)


def shown_lines(lines: list[LogLine], mine: UUID) -> list[ShownLine]:
    """Lines in words, with the names that the reader may see."""
    members = {one for line in lines if line.entry.kind == "seat" for one in line.records}
    seats = names_of_seats({line.entry.seat_id for line in lines} | members)
    names = names_of(one for line in lines for one in line.records[:3])
    return [
        ShownLine(
            sentence=audit_words.sentence(line.entry.event),
            who=seats.get(line.entry.seat_id, "") if line.entry.seat_id else "",
            is_mine=line.entry.seat_id == mine,
            at=line.entry.at,
            door=verbs.door(line.entry.door),
            how=str(audit_words.HOW.get(json.loads(line.entry.facts).get("how", ""), "")),
            subjects=_subjects(line, names, seats),
            counted=audit_words.counted(line.entry.kind, line.count, COUNTED) if line.count > 1 else "",
            origin=line.entry.origin[:8],
            detail=audit_words.detail(line.entry.event, json.loads(line.entry.facts)),
        )
        for line in lines
    ]


def _subjects(line: LogLine, names: dict[UUID, str], seats: dict[UUID, str]) -> list[tuple[str, str]]:
    if line.entry.kind == "seat":
        return [(seats[one], "") for one in line.records if one in seats]
    return [(names[one], _address(line.entry.kind, one)) for one in line.records[:3] if one in names]


def _address(kind: str, record: UUID) -> str:
    try:
        return reverse(PAGES[kind], args=[record]) if kind in PAGES else ""
    except NoReverseMatch:
        return ""
