# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changing what we know of a relation: one detail in place, or all of them on a page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.operations import EditConflict
from plein.core.toasts import toast_later, toast_now
from plein.metadata.forms import CustomFieldsForm
from plein.metadata.queries import known_with_values
from plein.metadata.refusals import ValueConflict, WrongValues
from plein.metadata.views.values import fields_on, versions_sent
from plein.relations import actions
from plein.relations.forms import RelationForm
from plein.relations.models import Relation, RelationValues
from plein.relations.picture import DETAILS, words_for
from plein.relations.refusals import Refused
from plein.relations.views.answers import address_of, found, record_context, refuse, sent
from plein.relations.views.create import fill_in
from plein.relations.views.values import tags_of
from plein.trust.answers import Request, act, allow, page

CELL = "relations/cell.html"


def version_of(request: Request) -> int:
    """The version an edit was based on; an unreadable one is older than any."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def field(request: Request, relation_id: UUID, name: str) -> HttpResponse:
    """One detail: its value, its field while it is edited, and what came of it."""
    relation = found(relation_id)
    if name not in DETAILS:
        raise Http404
    if request.method == "POST":
        return save_field(request, relation, name)
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('relations:edit', args=[relation.id])}#id_{name}")
    if request.GET.get("edit"):
        allow(request)
        return field_form(request, relation, name, RelationForm(relation=relation, only=name))
    return field_cell(request, relation, name)


def field_form(request: Request, relation: Relation, name: str, form: RelationForm, status: int = 200) -> HttpResponse:
    here = reverse("relations:field", args=[relation.id, name])
    context = {"field": form[name], "save_url": here, "cancel_url": here, "version": relation.version}
    return page(request, "web/components/property_form.html", context, status=status)


def field_cell(request: Request, relation: Relation, name: str, about: dict[str, Any] | None = None) -> HttpResponse:
    """The value as it stands in the pane."""
    value = words_for(name, getattr(relation, name))
    own = {"relation": relation, "name": name, "label": DETAILS[name], "value": value, "is_changed": about is not None}
    context = {**(about or {}), **own}
    return page(request, CELL, context)


def save_field(request: Request, relation: Relation, name: str) -> HttpResponse:
    """Save one detail; 422 when it cannot be, 409 with both values when somebody was first."""
    form = RelationForm(request.POST, relation=relation, only=name)
    if not form.is_valid():
        return field_form(request, relation, name, form, 422)
    try:
        with act("edit_relation") as done:
            saved = actions.edit_relation(
                actor=request.seat, relation=relation, changes=form.changes(), based_on=version_of(request)
            )
    except Refused as refusal:
        refuse(form, refusal)
        return field_form(request, relation, name, form, 422)
    except EditConflict as conflict:
        return field_conflict(request, name, conflict)
    if not request.htmx:
        return HttpResponseRedirect(address_of(saved))
    if saved.version == relation.version:
        return field_cell(request, saved, name)
    response = field_cell(request, saved, name, about=record_context(saved.id))
    return toast_now(response, _("%(detail)s changed.") % {"detail": DETAILS.get(name, name)}, done.id)


def field_conflict(request: Request, name: str, conflict: EditConflict) -> HttpResponse:
    """Both values and two ways on: nothing of anybody is lost."""
    here = reverse("relations:field", args=[conflict.current.id, name])
    context = {
        "who": _("Somebody"),
        "label": DETAILS.get(name, name),
        "theirs": words_for(name, getattr(conflict.current, name)),
        "mine": words_for(name, conflict.wanted[name]),
        "mine_value": conflict.wanted[name],
        "keep_url": here,
        "save_url": here,
        "field_name": name,
        "version": conflict.current.version,
    }
    if not request.htmx:
        return edit_page(request, found(conflict.current.id), None, None, 409, conflict)
    return page(request, "relations/conflict.html", context, part="cell", status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, relation_id: UUID) -> HttpResponse:
    """All details on one page; without scripts this is where a detail is changed."""
    relation = found(relation_id)
    allow(request)
    known, cells = known_with_values(RelationValues, relation.id)
    fields = fields_on(known, cells, relation.kind, tags_of(relation))
    custom = CustomFieldsForm(sent(request), custom=fields, cells=cells)
    if request.method != "POST":
        return edit_page(request, relation, RelationForm(relation=relation), custom)
    form = RelationForm(request.POST, relation=relation)
    if not form.is_valid() & custom.is_valid():
        return edit_page(request, relation, form, custom, 422)
    try:
        with act("edit_relation") as done:
            saved = actions.edit_relation(
                actor=request.seat, relation=relation, changes=form.changes(), based_on=version_of(request)
            )
            fill_in(request, relation, custom, known, versions_sent(request, fields))
    except Refused as refusal:
        refuse(form, refusal)
        return edit_page(request, relation, form, custom, 422)
    except WrongValues as wrong:
        custom.refuse(wrong)
        return edit_page(request, relation, form, custom, 422)
    except (EditConflict, ValueConflict) as conflict:
        return edit_page(request, found(relation.id), form, custom, 409, conflict)
    toast_later(request, _("%(name)s changed.") % {"name": saved.name}, done.id)
    return HttpResponseRedirect(address_of(saved))


def edit_page(
    request: Request,
    relation: Relation,
    form: RelationForm | None,
    custom: CustomFieldsForm | None = None,
    status: int = 200,
    conflict: EditConflict | ValueConflict | None = None,
) -> HttpResponse:
    """The form with all details; after a conflict with what the other one wrote beside it."""
    differing: list[tuple[str, str]] = []
    if custom is None:
        known, cells = known_with_values(RelationValues, relation.id)
        custom = CustomFieldsForm(custom=fields_on(known, cells, relation.kind, tags_of(relation)), cells=cells)
    if isinstance(conflict, ValueConflict):
        differing = [(one.field.label, custom.cells.words(one.field)) for one in conflict.differing]
        form = form or RelationForm(relation=relation)
    elif conflict is not None:
        shown = [name for name in conflict.differing if name in DETAILS or name in RelationForm.base_fields]
        form = form or RelationForm(initial=conflict.wanted, relation=relation)
        differing = [(str(DETAILS.get(name, name)), words_for(name, getattr(conflict.current, name))) for name in shown]
    context = {
        "relation": relation,
        "form": form,
        "custom_form": custom,
        "versions": list(custom.cells.versions.items()),
        "differing": differing,
        "version": relation.version,
    }
    return page(request, "relations/relation_edit.html", context, status=status)
