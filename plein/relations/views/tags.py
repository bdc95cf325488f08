# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tags of the company, on a page of settings."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.toasts import toast_later
from plein.relations import actions
from plein.relations.forms import TagChangeForm, TagMergeForm
from plein.relations.models import Tag
from plein.relations.queries.tags import tag_lines
from plein.relations.refusals import Refused
from plein.relations.views.answers import chosen_ids, refuse
from plein.trust.answers import Request
from plein.trust.views.frame import UNPROCESSABLE, settings_page


def _page(
    request: Request, *, status: int = 200, wrong: tuple[UUID, Any] | None = None, problem: str = ""
) -> HttpResponse:
    lines = tag_lines()
    rows = [
        {
            "tag": line,
            "form": wrong[1]
            if wrong and wrong[0] == line.id
            else TagChangeForm(initial={"name": line.name, "colour": line.colour}, prefix=str(line.id)[-8:]),
            "is_wrong": bool(wrong and wrong[0] == line.id),
        }
        for line in lines
    ]
    context = {"rows": rows, "problem": problem, "can_write": request.seat.can_write}
    return settings_page(request, "relations/tags.html", context, status)


@require_safe
def tags(request: Request) -> HttpResponse:
    """Every tag: its colour, its name, how often it is used."""
    return _page(request)


def _done(request: Request, words: str, operation_id: UUID) -> HttpResponse:
    toast_later(request, words, operation_id)
    return HttpResponseRedirect(reverse("relations:tags"))


@require_POST
def tag_change(request: Request, tag_id: UUID) -> HttpResponse:
    """Another name or colour."""
    tag = get_object_or_404(Tag.objects, id=tag_id)
    form = TagChangeForm(request.POST, prefix=str(tag.id)[-8:])
    if form.is_valid():
        try:
            done = actions.change_tag(actor=request.seat, tag=tag, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return _done(request, _("Changed."), done.id)
    return _page(request, status=UNPROCESSABLE, wrong=(tag.id, form))


@require_POST
def tag_merge(request: Request) -> HttpResponse:
    """Make one tag of those that were ticked."""
    form = TagMergeForm(request.POST)
    if not form.is_valid():
        return _page(request, status=UNPROCESSABLE, problem=_("Choose which tag stays."))
    into = form.cleaned_data["into"]
    try:
        done = actions.merge_tags(actor=request.seat, into=into, others=chosen_ids(request))
    except Refused:
        return _page(request, status=UNPROCESSABLE, problem=_("Tick the tags that are to become one."))
    return _done(request, _("Merged into %(tag)s.") % {"tag": into.name}, done.id)


@require_POST
def tag_delete(request: Request, tag_id: UUID) -> HttpResponse:
    """Take a tag off everything and away."""
    tag = get_object_or_404(Tag.objects, id=tag_id)
    done = actions.delete_tag(actor=request.seat, tag=tag)
    return _done(request, _("Removed %(tag)s.") % {"tag": tag.name}, done.id)
