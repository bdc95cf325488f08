# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of what was done to one record and what belongs to it."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.core.operations import changes_about
from plein.moments.models import Moment
from plein.relations.models import Relation
from plein.relations.queries.merging import formers_of
from plein.web import verbs
from plein.web.acts import names_of_seats
from plein.web.changes import ShownChange, of_line, shown

OF_RECORD = 50
NOBODY: Mapping[UUID, str] = MappingProxyType({})


def _record_history(
    request: HttpRequest, record_id: UUID, name: str, href: str, formers: Mapping[UUID, str] = NOBODY
) -> HttpResponse:
    """The history of a record; `formers` are the names of what became one with it."""
    before = request.GET.get("before", "")
    before_id = int(before) if before.isdecimal() and len(before) < 19 else None
    lines = changes_about(record_id, formers=formers, before_id=before_id, limit=OF_RECORD + 1)
    who = names_of_seats({line.seat_id for line in lines})
    changes: list[ShownChange] = shown([of_line(line, line.about_id or record_id) for line in lines[:OF_RECORD]])
    context = {
        "name": name,
        "href": href,
        "lines": [
            {"change": change, "line": line, "who": who.get(line.seat_id, "") if line.seat_id else "",
             "sentence": verbs.sentence(line.verb), "former": formers.get(line.about_id) if line.about_id else None}
            for change, line in zip(changes, lines, strict=False)
        ],
        "has_more": len(lines) > OF_RECORD,
    }  # fmt: skip
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/record_history.html#lines" if is_fragment else "web/record_history.html", context)


@require_safe
def relation_history(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """What was done to one relation and what belongs to it."""
    relation = get_object_or_404(Relation.objects, id=relation_id)
    audit_look("relation", [relation], how="history")
    href = reverse("relations:relation", args=[relation.id])
    return _record_history(request, relation.id, relation.name, href, formers_of(relation.id))


@require_safe
def moment_history(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """What was done to one contact moment."""
    moment = get_object_or_404(Moment.objects.prefetch_related("subjects"), id=moment_id)
    audit_look("moment", [moment], how="history")
    title = next((subject.title for subject in moment.subjects.all() if subject.title), "")
    name = title or str(moment.get_kind_display()).capitalize()
    return _record_history(request, moment.id, name, reverse("moments:moment", args=[moment.id]))
