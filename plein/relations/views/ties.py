# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.relations import actions
from plein.relations.forms import TieForm
from plein.relations.models import Relation, Tie
from plein.relations.refusals import Refused
from plein.relations.views.answers import back, found, refuse, sent
from plein.relations.views.part_form import Other, part_form
from plein.relations.vocabulary import RelationKind
from plein.trust.answers import Request, act, allow


def tie_of(relation: Relation, tie_id: UUID) -> Tie:
    """A tie that stands on this relation's page."""
    wanted = Tie.objects.filter(Q(one=relation) | Q(other=relation), id=tie_id)
    tie: Tie | None = wanted.select_related("one", "other", "type").first()
    if tie is None:
        raise Http404
    return tie


@require_http_methods(["GET", "HEAD", "POST"])
def tie_add(request: Request, relation_id: UUID) -> HttpResponse:
    """Note how somebody is tied to somebody else."""
    relation = found(relation_id)
    allow(request)
    title = _("A tie of %(name)s") % {"name": relation.name}
    other = Other(request, kinds=(RelationKind.PERSON, RelationKind.ORGANIZATION), label=_("With whom"))
    form = TieForm(sent(request), near=relation.kind)
    if request.method != "POST":
        return part_form(request, relation, "ties", title, form, **other.context())
    if form.is_valid():
        values = form.cleaned_data
        kind, _colon, direction = values.pop("kind").partition(":")
        try:
            with act("add_tie") as done:
                far = other.find()
                if far is None:
                    raise Http404
                one, two = (relation, far) if direction == "out" else (far, relation)
                tie = actions.add_tie(actor=request.seat, one=one, other=two, kind=kind, **values)
        except Refused as refusal:
            if not other.error and refusal.field == "other":
                other.error = str(refusal)
            elif not other.error:
                refuse(form, refusal)
        else:
            words = tie.words(is_outgoing=direction == "out")
            return back(request, relation, "ties", f"{relation.name} {words} {far.name}.", done.id)
    return part_form(request, relation, "ties", title, form, status=422, **other.context())


@require_http_methods(["GET", "HEAD", "POST"])
def tie_edit(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Change the dates or the note of a tie, or whether one may ask for an introduction over it."""
    relation = found(relation_id)
    allow(request)
    tie = tie_of(relation, part_id)
    title = f"{tie.one.name} {tie.words(is_outgoing=True)} {tie.other.name}"
    form = TieForm(sent(request), tie=tie)
    if request.method == "POST" and form.is_valid():
        with act("edit_tie") as done:
            actions.edit_tie(actor=request.seat, tie=tie, changes=form.cleaned_data)
        return back(request, relation, "ties", _("Tie changed."), done.id)
    status = 422 if request.method == "POST" else 200
    return part_form(
        request, relation, "ties", title, form, status=status, remove="relations:tie_remove", part_id=part_id
    )


@require_POST
def tie_remove(request: Request, relation_id: UUID, part_id: UUID) -> HttpResponse:
    """Take a tie away."""
    relation = found(relation_id)
    done = actions.remove_tie(actor=request.seat, tie=tie_of(relation, part_id))
    return back(request, relation, "ties", _("Tie taken away."), done.id)
