# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fields that a company added itself, on the page of a relation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.isolation import default_circle_id
from plein.core.toasts import toast_now
from plein.metadata.actions import set_values
from plein.metadata.forms import CustomFieldsForm, name_of
from plein.metadata.models import Field, FieldGroup
from plein.metadata.queries import Catalog, Cells, known_with_values, values_found
from plein.metadata.refusals import ValueConflict, WrongValues
from plein.metadata.vocabulary import FieldType
from plein.relations.models import Relation, RelationValues, Tagging
from plein.relations.views.answers import Request, address_of, allow, found, page
from plein.relations.views.create import uuid_or_none

CELL = "relations/value.html"


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One field of one relation, in words."""

    field: Field
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of fields on a page."""

    group: FieldGroup
    values: list[ShownValue]

    @property
    def is_confidential(self) -> bool:
        return self.group.circle_id != default_circle_id()


def shown(field: Field, cells: Cells) -> ShownValue:
    """A field as the page shows it, with where a value leads."""
    value, href = cells.value(field), ""
    if value is not None and field.type == FieldType.LINK:
        href = value
    elif value is not None and field.type == FieldType.RELATION:
        href = reverse("relations:relation", args=[value])
    return ShownValue(field, cells.words(field), href)


def fields_on(known: Catalog, cells: Cells, kind: str, tags: list[UUID], view: UUID | None = None) -> list[Field]:
    """The fields that belong on a relation's page, and those in which something is filled in all the same."""
    meant = {one.id for one in known.shown(kind, tags=tags, view=view)}
    return [one for one in known.of(kind) if one.id in meant or cells.value(one) is not None]


def own_groups(request: Request, context: dict[str, Any]) -> list[ShownGroup]:
    """The fields of a relation by group, for a context that `record_context` made: it read them too."""
    relation = context["relation"]
    known, cells = values_found(relation.own_fields)
    tags = [UUID(str(tag["id"])) for tag in context["picture"].tags]
    found: dict[UUID, ShownGroup] = {}
    for one in fields_on(known, cells, relation.kind, tags, uuid_or_none(request.GET.get("view"))):
        found.setdefault(one.group_id, ShownGroup(one.group, [])).values.append(shown(one, cells))
    return list(found.values())


def tags_of(relation: Relation) -> list[UUID]:
    """The tags a relation is filed under."""
    return list(Tagging.objects.filter(relation=relation).values_list("tag_id", flat=True))


@require_http_methods(["GET", "HEAD", "POST"])
def value(request: Request, relation_id: UUID, field_id: UUID) -> HttpResponse:
    """One value: as it stands, its control while it is edited, and what came of it."""
    relation = found(relation_id)
    known, cells = known_with_values(RelationValues, relation.id)
    one = known.by_id(field_id)
    if one is None or relation.kind not in one.kinds:
        raise Http404
    if request.method == "POST":
        return save(request, relation, one, known, cells)
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('relations:edit', args=[relation.id])}#id_{name_of(one)}")
    if request.GET.get("edit"):
        allow(request)
        return control(request, relation, one, CustomFieldsForm(custom=[one], cells=cells), cells.version(one))
    return cell(request, relation, one, cells)


def cell(request: Request, relation: Relation, one: Field, cells: Cells) -> HttpResponse:
    return page(request, CELL, {"relation": relation, "one": shown(one, cells)})


def control(
    request: Request, relation: Relation, one: Field, form: CustomFieldsForm, version: int | str, status: int = 200
) -> HttpResponse:
    here = reverse("relations:value", args=[relation.id, one.id])
    context = {"field": form[name_of(one)], "save_url": here, "cancel_url": here, "version": version}
    return page(request, "relations/value_form.html", context, status=status)


def sent_version(request: Request, name: str = "version") -> int:
    """The version an edit was based on; an unreadable one is older than any."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def versions_sent(request: Request, fields: Sequence[Field]) -> dict[UUID, int]:
    """The versions of the rows of values that an edit of several fields was based on, by group."""
    return {group: sent_version(request, f"version.{group}") for group in {one.group_id for one in fields}}


def save(request: Request, relation: Relation, one: Field, known: Catalog, cells: Cells) -> HttpResponse:
    """Save one value; 422 when it cannot be, 409 with both values when somebody was first."""
    allow(request)
    form = CustomFieldsForm(request.POST, custom=[one], cells=cells)
    version = sent_version(request)
    if not form.is_valid():
        return control(request, relation, one, form, version, 422)
    try:
        done = set_values(
            actor=request.seat,
            values_model=RelationValues,
            record=relation,
            values=form.custom_values(),
            based_on=version,
            known=known,
        )
    except WrongValues as wrong:
        form.refuse(wrong)
        return control(request, relation, one, form, version, 422)
    except ValueConflict as conflict:
        return conflicting(request, relation, one, form, conflict, cells)
    if not request.htmx:
        return HttpResponseRedirect(address_of(relation))
    response = cell(request, relation, one, known_with_values(RelationValues, relation.id)[1])
    return toast_now(response, _("%(detail)s changed.") % {"detail": one.label}, done.id) if done else response


def conflicting(
    request: Request,
    relation: Relation,
    one: Field,
    form: CustomFieldsForm,
    conflict: ValueConflict,
    cells: Cells,
) -> HttpResponse:
    """Both values and two ways on: nothing of anybody is lost."""
    here = reverse("relations:value", args=[relation.id, one.id])
    sent = request.POST.getlist(name_of(one))
    context = {
        "label": one.label,
        "theirs": cells.words(one),
        "mine": ", ".join(sent),
        "sent": sent,
        "field_name": name_of(one),
        "here": here,
        "version": conflict.version,
        "relation": relation,
        "form": form,
    }
    return page(request, "relations/value_conflict.html", context, part="cell", status=409)
