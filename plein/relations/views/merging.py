# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two relations that are one: whom it is about, both side by side, and then it is done."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.operations import EditConflict
from plein.core.toasts import toast_later
from plein.relations import actions
from plein.relations.models import Relation
from plein.relations.queries import similar_relations
from plein.relations.queries.merging import Compared, comparison
from plein.relations.refusals import Refused
from plein.relations.views.answers import address_of, found
from plein.relations.views.create import uuid_or_none
from plein.relations.views.part_form import Other
from plein.trust.answers import Request, allow, page

SHOWN = 12
LONGEST_SEEN = 300


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, relation_id: UUID) -> HttpResponse:
    """Choose with whom, look at both side by side, and make one of the two."""
    left = found(relation_id)
    allow(request, "delete")
    if request.method == "POST":
        return _merged(request, left)
    other = Other(request, kinds=(left.kind,), label=_("With whom"))
    other.chosen = request.GET.get("other", "")
    if not other.chosen and not other.typed:
        return _ask_whom(request, left, other)
    try:
        right = other.find()
    except Refused as refusal:
        return _ask_whom(request, left, other, str(refusal), status=422)
    if right is None or right.id == left.id:
        return _ask_whom(request, left, other, _("Choose somebody else: this is the same one."), status=422)
    return _compare(request, left, right.id)


def _ask_whom(request: Request, left: Relation, other: Other, problem: str = "", status: int = 200) -> HttpResponse:
    near = [] if other.typed else [one for one in similar_relations(left.name, kind=left.kind) if one.id != left.id]
    context: dict[str, Any] = {"relation": left, **other.context(), "problem": problem}
    context["choices"] = [one for one in other.choices if one.id != left.id] if other.typed else near
    return page(request, "relations/merge_whom.html", context, status=status)


def _compare(
    request: Request, left: Relation, right_id: UUID, *, problem: str = "", changed: str = "", status: int = 200
) -> HttpResponse:
    both = comparison(left.id, right_id)
    if both is None:
        raise Http404
    chosen = _sides(request)
    was = _was(request) if changed else {}
    lines = [_line(one, chosen, was) for one in (*both.details, *both.custom, *both.groups)]
    context = {
        "relation": both.left,
        "other": both.right,
        "chosen": [line for line in lines if not line["one"].is_same],
        "same": [line for line in lines if line["one"].is_same and line["one"].left],
        "moved": both.moved,
        "meeting": both.meeting,
        "values_mark": both.values_mark,
        "circle": request.POST.get("circle", ""),
        "swap_url": f"{reverse('relations:merge', args=[both.right.id])}?{urlencode({'other': str(both.left.id)})}",
        "problem": problem,
        "changed": changed,
    }
    return page(request, "relations/merge.html", context, status=status)


def _line(one: Compared, chosen: dict[str, str], was: dict[str, str]) -> dict[str, Any]:
    """One thing to choose, as the page shows it: the sides with their values, and which one is chosen.

    `was` is what somebody looked at when they chose: where it is something else by now, both are shown.
    """
    columns = []
    for side, values in (("left", one.left), ("right", one.right)):
        # What was not there at all had no line.
        seen = was.get(f"{side}.{one.key}", "" if was else None)
        told = seen if seen is not None and seen != told_of(values) else None
        columns.append((side, values[:SHOWN], len(values) - SHOWN, told_of(values), told))
    return {"one": one, "side": chosen.get(one.key, one.proposed), "columns": columns}


def told_of(values: list[str]) -> str:
    """Values as the form keeps what was looked at."""
    return "; ".join(values)[:LONGEST_SEEN]


def _was(request: Request) -> dict[str, str]:
    """What was looked at, by side and by what it is about."""
    return {name.removeprefix("was."): str(value) for name, value in request.POST.items() if name.startswith("was.")}


def _sides(request: Request) -> dict[str, str]:
    """What was chosen, by what it is about."""
    return {name.removeprefix("side."): str(value) for name, value in request.POST.items() if name.startswith("side.")}


def _version(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _merged(request: Request, left: Relation) -> HttpResponse:
    wanted = uuid_or_none(request.POST.get("other"))
    right = Relation.objects.filter(id=wanted, kind=left.kind).first() if wanted else None
    if right is None:
        whom = Other(request, kinds=(left.kind,), label=_("With whom"))
        return _ask_whom(request, left, whom, _("They are no longer there. Choose again."), status=409)
    left.version, right.version = _version(request, "version"), _version(request, "other_version")
    choices = actions.Choices(_sides(request), request.POST.get("circle", ""), request.POST.get("values_mark", ""))
    try:
        done = actions.merge_relations(actor=request.seat, into=left, other=right, choices=choices)
    except EditConflict as conflict:
        return _compare(request, left, right.id, changed=str(conflict.current), status=409)
    except Refused as refusal:
        return _compare(request, left, right.id, problem=str(refusal), status=422)
    except Relation.DoesNotExist:
        whom = Other(request, kinds=(left.kind,), label=_("With whom"))
        return _ask_whom(request, left, whom, _("They are no longer there. Choose again."), status=409)
    toast_later(request, _("%(one)s and %(other)s are one now.") % {"one": left.name, "other": right.name}, done.id)
    return HttpResponseRedirect(address_of(left))
