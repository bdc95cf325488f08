# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.relations import actions
from plein.relations.forms import ContactPointForm
from plein.relations.models import ContactPointLink, Relation
from plein.relations.refusals import Refused
from plein.relations.views.answers import back, found, refuse, sent
from plein.relations.views.part_form import part_form
from plein.trust.answers import Request, act, allow


def link_of(relation: Relation, link_id: UUID) -> ContactPointLink:
    """An assertion that stands on this relation's page."""
    wanted = ContactPointLink.objects.filter(id=link_id, relation=relation)
    link: ContactPointLink | None = wanted.select_related("contact_point", "relation").first()
    if link is None:
        raise Http404
    return link


@require_http_methods(["GET", "HEAD", "POST"])
def contact_point_add(request: Request, relation_id: UUID) -> HttpResponse:
    """Note an address, a number or a profile."""
    relation = found(relation_id)
    allow(request)
    title = _("How to reach %(name)s") % {"name": relation.name}
    form = ContactPointForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with act("add_contact_point") as done:
                link = actions.add_contact_point(actor=request.seat, relation=relation, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return back(request, relation, "points", _("%(point)s added.") % {"point": link.contact_point}, done.id)
    return part_form(request, relation, "points", title, form, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_point_edit(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Correct an address, or call it something else."""
    relation = found(relation_id)
    allow(request)
    link = link_of(relation, part_id)
    initial = {"text": str(link.contact_point), "label": link.label}
    form = ContactPointForm(sent(request), initial=initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        try:
            with act("edit_contact_point") as done:
                actions.edit_contact_point(actor=request.seat, link=link, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return back(request, relation, "points", _("Changed."), done.id)
    marks = [("revoke", _("No longer in use"))]
    if not link.is_primary:
        marks.insert(0, ("first", _("Put this one first")))
    return part_form(
        request,
        relation,
        "points",
        str(link.contact_point),
        form,
        status=422 if request.method == "POST" else 200,
        link=link,
        marks=marks,
        wish_words=_wish_words(request, link),
        part_id=part_id,
    )


def _wish_words(request: Request, link: ContactPointLink) -> str:
    if not link.contact_point.do_not_contact:
        return _("Do not use this address")
    return _("Use it again") if request.seat.is_administrator else ""


@require_POST
def contact_point_mark(request: Request, relation_id: UUID, part_id: UUID, mark: str) -> HttpResponse:
    """Put a contact point first, revoke it, or restore it."""
    relation = found(relation_id)
    link = link_of(relation, part_id)
    name = {"point": link.contact_point, "name": relation.name}
    if mark == "revoke":
        done = actions.revoke_contact_point(actor=request.seat, link=link)
        return back(request, relation, "points", _("%(point)s is no longer of %(name)s.") % name, done.id)
    if mark == "restore":
        with act("restore_contact_point") as restored:
            actions.restore_contact_point(actor=request.seat, link=link)
        return back(request, relation, "points", _("%(point)s is of %(name)s again.") % name, restored.id)
    if mark == "first":
        with act("make_primary") as first:
            actions.make_primary(actor=request.seat, link=link)
        return back(request, relation, "points", _("%(point)s comes first now.") % name, first.id)
    raise BadRequest
