# SPDX-License-Identifier: AGPL-3.0-or-later
"""What another strength of a kind of tie would do; it is saved on the page of the kind."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from plein.core.audit import audit_look
from plein.network.pictures.around import strength_bars
from plein.network.queries.kinds import floor_of, kind_effects, type_of
from plein.relations.tie_forms import TieTypeForm
from plein.trust.answers import Request, allow
from plein.trust.views.frame import UNPROCESSABLE, settings_page


@require_POST
def tie_type_effects(request: Request, type_id: UUID) -> HttpResponse:
    """The ties of this kind that one sees, as they are and as they would be."""
    allow(request, "manage")
    type = type_of(type_id)
    if type is None:
        raise Http404
    form = TieTypeForm(request.POST, type=type)
    kept = [(name, request.POST[name]) for name in ("version", *form.fields) if name in request.POST]
    context = {"type": type, "form": form, "kept": kept, "lines": [], "count": 0}
    if not form.is_valid():
        return settings_page(request, "network/tie_type.html", context, UNPROCESSABLE)
    facts = form.facts()
    count, found = kind_effects(type, floor_of(facts.strength, facts.percent))
    audit_look("relation", [relation for one in found for relation in (one.one, one.other)], how="list")
    lines = [
        {
            "one": one.one,
            "other": one.other,
            "now": round(100 * one.strength),
            "then": round(100 * one.would_be),
            "bars": strength_bars(one.strength) if one.strength else 0,
            "bars_then": strength_bars(one.would_be) if one.would_be else 0,
        }
        for one in found
    ]
    return settings_page(request, "network/tie_type.html", context | {"lines": lines, "count": count})
