# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tags, interests and important dates."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.relations import actions
from plein.relations.forms import ImportantDateForm, InterestForm, TagForm
from plein.relations.models import ImportantDate, Interest
from plein.relations.queries import tag_choices
from plein.relations.refusals import Refused
from plein.relations.views.answers import back, found, refuse, sent
from plein.relations.views.part_form import part_form
from plein.trust.answers import Request, act, allow


@require_http_methods(["GET", "HEAD", "POST"])
def tag_add(request: Request, relation_id: UUID) -> HttpResponse:
    """File a relation under a tag."""
    relation = found(relation_id)
    allow(request)
    form = TagForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with act("tag") as done:
                actions.tag(actor=request.seat, relation=relation, name=form.cleaned_data["name"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            words = _("Tagged %(tag)s.") % {"tag": form.cleaned_data["name"]}
            return back(request, relation, "tags", words, done.id)
    title = _("Tag %(name)s") % {"name": relation.name}
    status = 422 if request.method == "POST" else 200
    return part_form(request, relation, "tags", title, form, status=status, tag_names=tag_choices())


@require_POST
def tag_remove(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Take a tag off."""
    relation = found(relation_id)
    done = actions.untag(actor=request.seat, relation=relation, tag_id=part_id)
    return back(request, relation, "tags", _("Tag taken off."), done.id)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_add(request: Request, relation_id: UUID) -> HttpResponse:
    """Note what moves somebody."""
    relation = found(relation_id)
    allow(request)
    form = InterestForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with act("add_interest") as done:
                actions.add_interest(actor=request.seat, relation=relation, text=form.cleaned_data["text"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return back(request, relation, "interests", _("Noted."), done.id)
    title = _("What moves %(name)s?") % {"name": relation.name}
    return part_form(request, relation, "interests", title, form, status=422 if request.method == "POST" else 200)


@require_POST
def interest_remove(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Forget an interest."""
    relation = found(relation_id)
    interest = Interest.objects.filter(id=part_id, relation=relation).first()
    if interest is None:
        raise Http404
    done = actions.remove_interest(actor=request.seat, interest=interest)
    return back(request, relation, "interests", _("Taken away."), done.id)


@require_http_methods(["GET", "HEAD", "POST"])
def date_add(request: Request, relation_id: UUID) -> HttpResponse:
    """Note a day that matters."""
    relation = found(relation_id)
    allow(request)
    form = ImportantDateForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with act("add_important_date") as done:
            actions.add_important_date(actor=request.seat, relation=relation, **form.cleaned_data)
        return back(request, relation, "dates", _("Noted."), done.id)
    title = _("A day that matters to %(name)s") % {"name": relation.name}
    return part_form(request, relation, "dates", title, form, status=422 if request.method == "POST" else 200)


@require_POST
def date_remove(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Forget a day."""
    relation = found(relation_id)
    important_date = ImportantDate.objects.filter(id=part_id, relation=relation).first()
    if important_date is None:
        raise Http404
    done = actions.remove_important_date(actor=request.seat, important_date=important_date)
    return back(request, relation, "dates", _("Taken away."), done.id)
