# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.operations import EditConflict
from plein.moments import actions
from plein.moments.forms import EditForm, chosen_ids, warn_of_missed
from plein.moments.models import Moment, MomentSubject, MomentText
from plein.moments.views.answers import found_moment
from plein.moments.views.guests import guests_to_tell
from plein.trust.answers import Request, act, allow, go, page

LONGEST_SHOWN = 200


def _initial(moment: Moment) -> dict[str, Any]:
    subject = MomentSubject.objects.filter(moment=moment).order_by("id").first()
    text = MomentText.objects.filter(moment=moment).order_by("id").first()
    values: dict[str, Any] = {
        name: getattr(moment, name) for name in ("version", "kind", "direction", "occurred_at", "ends_at")
    }
    values |= {name: getattr(subject, name, "") for name in ("title", "location")}
    names = ("text", "purpose", "outcome", "follow_up", "means_needed")
    return values | {name: getattr(text, name, "") for name in names}


#: Fields of a form that stand for a column of another name.
FIELDS = {"remind_before": "remind"}


def based_anew(request: Request, conflict: EditConflict) -> QueryDict:
    """What a form sent, to be sent again on top of what somebody else changed."""
    data = request.POST.copy()
    data["version"] = str(conflict.current.version)
    return data


def differences(form: forms.Form, conflict: EditConflict) -> list[dict[str, str]]:
    """What somebody else wrote and what the reader wrote, field by field, in words."""
    found = []
    for name in conflict.differing:
        field = FIELDS.get(name, name if name in form.fields else name.removesuffix("_id"))
        label = str(form.fields[field].label) if field in form.fields else name
        theirs, mine = str(getattr(conflict.current, name, "") or ""), str(conflict.wanted[name] or "")
        found.append({"label": label, "theirs": theirs[:LONGEST_SHOWN], "mine": mine[:LONGEST_SHOWN]})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Change a moment; when somebody was first, both versions are shown."""
    allow(request)
    one = found_moment(moment_id)
    back = reverse("moments:moment", args=[moment_id])
    context: dict[str, Any] = {
        "heading": _("Change this moment"),
        "save_url": reverse("moments:edit", args=[moment_id]),
        "back_url": back,
    }
    if request.method != "POST":
        return page(request, "moments/edit.html", context | {"form": EditForm(initial=_initial(one))})
    form = EditForm(request.POST)
    if not form.is_valid():
        return page(request, "moments/edit.html", context | {"form": form}, status=422)
    named = chosen_ids(request.POST, "mention")
    missed = actions.who_would_miss(form.cleaned_data["text"], named, circles=_circles_of_text(one))
    if warn_of_missed(form, missed, request.POST.get("missed", "")):
        return page(request, "moments/edit.html", context | {"form": form}, status=422)
    try:
        with act("edit_moment") as done:
            version = form.cleaned_data["version"]
            changes = _changes(one, form)
            actions.edit_moment(actor=request.seat, moment=one, changes=changes, based_on=version, mentions=named)
    except EditConflict as conflict:
        again = EditForm({**request.POST.dict(), "version": str(conflict.current.version)})
        again.is_valid()
        context |= {"form": again, "conflict": differences(again, conflict)}
        return page(request, "moments/edit.html", context, status=409)
    return go(request, back, _("Changed."), done.id)


def _changes(moment: Moment, form: EditForm) -> dict[str, Any]:
    """A form shows minutes: a time that was not touched keeps its seconds."""
    changes = form.changes()
    changes["text"] = str(changes["text"]).replace("\r\n", "\n")
    for name in ("occurred_at", "ends_at"):
        before = getattr(moment, name)
        if before and changes[name] == before.replace(second=0, microsecond=0):
            changes[name] = before
    return changes


def _circles_of_text(moment: Moment) -> list[int]:
    return [moment.circle_id, *MomentText.objects.filter(moment=moment).values_list("circle_id", flat=True)]


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_POST
def complete(request: Request, moment_id: UUID) -> HttpResponseBase:
    """An appointment took place."""
    allow(request)
    one = found_moment(moment_id)
    try:
        with act("complete_appointment") as done:
            actions.complete_appointment(
                actor=request.seat, moment=one, based_on=_version(request), outcome=request.POST.get("outcome", "")
            )
    except EditConflict:
        return _was_first(request, one)
    return go(request, _back(request, one), _("Good. Write down what came of it, while you remember."), done.id)


@require_POST
def cancel(request: Request, moment_id: UUID) -> HttpResponseBase:
    """An appointment does not take place."""
    allow(request)
    one = found_moment(moment_id)
    try:
        with act("cancel_appointment") as done:
            actions.cancel_appointment(actor=request.seat, moment=one, based_on=_version(request))
    except EditConflict:
        return _was_first(request, one)
    return go(request, guests_to_tell(one.id) or _back(request, one), _("Cancelled."), done.id)


def _back(request: Request, moment: Moment) -> str:
    return "/" if request.POST.get("from") == "today" else reverse("moments:moment", args=[moment.id])


def _was_first(request: Request, moment: Moment) -> HttpResponse:
    context = {
        "heading": _("Change this moment"),
        "save_url": reverse("moments:edit", args=[moment.id]),
        "back_url": reverse("moments:moment", args=[moment.id]),
        "form": EditForm(initial=_initial(found_moment(moment.id))),
        "conflict": [{"label": _("State"), "theirs": str(moment.get_state_display()), "mine": ""}],
    }
    return page(request, "moments/edit.html", context, status=409)
