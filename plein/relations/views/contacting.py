# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying that somebody, or one address, is not to be contacted, and taking that back."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.relations import actions
from plein.relations.forms import ReasonForm
from plein.relations.models import ContactPointLink, Relation
from plein.relations.queries import wish_of
from plein.relations.refusals import Refused
from plein.relations.views.answers import back, found, refuse, sent
from plein.relations.views.contact_points import link_of
from plein.relations.views.part_form import part_form
from plein.trust.answers import Request, act, allow


@require_http_methods(["GET", "HEAD", "POST"])
def do_not_contact(request: Request, relation_id: UUID) -> HttpResponse:
    """Whether we may contact a relation at all."""
    relation = found(relation_id)
    if relation.do_not_contact:
        return _allow_again(request, relation, None)
    allow(request)
    return _forbid(request, relation, None)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_point_wish(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Whether we may use one address."""
    relation = found(relation_id)
    link = link_of(relation, part_id)
    if link.contact_point.do_not_contact:
        return _allow_again(request, relation, link)
    allow(request)
    return _forbid(request, relation, link)


def _forbid(request: Request, relation: Relation, link: ContactPointLink | None) -> HttpResponse:
    form = ReasonForm(sent(request))
    name = str(link.contact_point) if link else relation.name
    if request.method == "POST" and form.is_valid():
        try:
            if link:
                with act("forbid_contact_point") as done:
                    actions.forbid_contact_point(actor=request.seat, link=link, **form.cleaned_data)
            else:
                with act("forbid_contact") as done:
                    actions.forbid_contact(actor=request.seat, relation=relation, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            words = _("No mail leaves for %(name)s any more. Only an administrator can change that.")
            return back(request, relation, _part(link), words % {"name": name}, done.id)
    title = (_("Do not use %(name)s") if link else _("Do not contact %(name)s")) % {"name": name}
    status = 422 if request.method == "POST" else 200
    return part_form(request, relation, _part(link), title, form, status=status)


def _allow_again(request: Request, relation: Relation, link: ContactPointLink | None) -> HttpResponse:
    """Only administrators; their form asks nothing but to be sure."""
    allow(request, "manage")
    name = str(link.contact_point) if link else relation.name
    if request.method != "POST":
        title = _("Contact %(name)s again?") % {"name": name}
        reason = link.contact_point.do_not_contact_reason if link else wish_of(relation)
        return part_form(request, relation, _part(link), title, forms.Form(), notice=reason)
    if link:
        with act("allow_contact_point") as done:
            actions.allow_contact_point(actor=request.seat, link=link)
    else:
        with act("allow_contact") as done:
            actions.allow_contact(actor=request.seat, relation=relation)
    return back(request, relation, _part(link), _("%(name)s may be contacted again.") % {"name": name}, done.id)


def _part(link: ContactPointLink | None) -> str:
    return "points" if link else "contact"
