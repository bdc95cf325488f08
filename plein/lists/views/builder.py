# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in which a filter is put together, row by row. Without scripts every button of it works too."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from plein.lists.building import Builder, act_on, drafts_of, read_form
from plein.lists.conditions import BadFilter
from plein.lists.kinds import Known
from plein.lists.views.answers import Asked, asked_for, found_kind
from plein.lists.views.lists import quick, refused
from plein.trust.answers import Request, go, page


@require_safe
def build(request: Request, key: str) -> HttpResponse:
    """The form as it is now; with `act=show` the list it describes, or what is still missing."""
    kind = found_kind(key)
    try:
        asked = asked_for(request, kind)
    except BadFilter as trouble:
        if "act" not in request.GET:
            return refused(request, kind, str(trouble))
        return refused(request, kind, str(trouble))
    builder = Builder(Known(request.seat), kind)
    act = request.GET.get("act")
    # The form names itself: an empty one is something else than none.
    drafts = read_form(request.GET) if act is not None else drafts_of(asked.query.conditions)
    status, trouble_words = 200, ""
    if act == "show":
        try:
            return go(request, asked.address(conditions=builder.checked(drafts)))
        except BadFilter as trouble:
            status, trouble_words = 422, str(trouble)
    elif act:
        drafts = act_on(drafts, act)
    if not drafts:
        drafts = act_on(drafts, "add:")
    return page(
        request,
        "lists/filter.html",
        form_context(asked, builder, drafts) | {"trouble": trouble_words},
        part="form",
        status=status,
    )


def form_context(asked: Asked, builder: Builder, drafts: list[Any]) -> dict[str, Any]:
    return {
        "kind": asked.kind,
        "rows": builder.rows(drafts),
        "quick": quick(asked),
        "here": reverse("lists:filter", args=[asked.kind.key]),
        "kept": asked.kept(),
        "everything_url": asked.address(conditions=()),
        "back_url": asked.address(),
    }
