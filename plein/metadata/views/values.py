# SPDX-License-Identifier: AGPL-3.0-or-later
"""Own fields on the page of a record, whichever it is: shown by group, and changed in place."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from plein.core.isolation import default_circle_id
from plein.core.toasts import toast_now
from plein.metadata.actions import set_values
from plein.metadata.actions.values import kind_of
from plein.metadata.forms import CustomFieldsForm, name_of
from plein.metadata.models import Field, FieldGroup, ValueRow
from plein.metadata.queries import Catalog, Cells, known_with_values
from plein.metadata.refusals import ValueConflict, WrongValues
from plein.metadata.vocabulary import FieldType
from plein.trust.permissions import may
from plein.trust.seats import seat_of

type AddressOf = Callable[[Field], str]


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One field of one record, in words: where it is changed, and where its value leads."""

    field: Field
    words: str
    url: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of fields on a page."""

    group: FieldGroup
    values: list[ShownValue]

    @property
    def is_confidential(self) -> bool:
        return self.group.circle_id != default_circle_id()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its record, the address of each value, and the pages it belongs to."""

    values_model: type[ValueRow]
    record: models.Model
    address: AddressOf
    page_url: str
    edit_url: str


def shown(field: Field, cells: Cells, address: AddressOf) -> ShownValue:
    """A field as a page shows it."""
    value, href = cells.value(field), ""
    if value is not None and field.type == FieldType.LINK:
        href = value
    elif value is not None and field.type == FieldType.RELATION:
        href = reverse("relations:relation", args=[value])
    return ShownValue(field, cells.words(field), address(field), href)


def fields_on(
    known: Catalog, cells: Cells, kind: str, tags: Collection[UUID] = (), view: UUID | None = None
) -> list[Field]:
    """The fields that belong on a record's page, and those in which something is filled in all the same."""
    meant = {one.id for one in known.shown(kind, tags=tags, view=view)}
    return [one for one in known.of(kind) if one.id in meant or cells.value(one) is not None]


def grouped(fields: Sequence[Field], cells: Cells, address: AddressOf) -> list[ShownGroup]:
    """Fields as a page shows them, under the names of their groups."""
    found: dict[UUID, ShownGroup] = {}
    for one in fields:
        found.setdefault(one.group_id, ShownGroup(one.group, [])).values.append(shown(one, cells, address))
    return list(found.values())


def sent_version(request: HttpRequest, name: str = "version") -> int:
    """The version an edit was based on; an unreadable one is older than any."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def versions_sent(request: HttpRequest, fields: Sequence[Field]) -> dict[UUID, int]:
    """The versions of the rows of values that an edit of several fields was based on, by group."""
    return {group: sent_version(request, f"version.{group}") for group in {one.group_id for one in fields}}


def answer(request: HttpRequest, place: Place, field_id: UUID) -> HttpResponse:
    """One value: as it stands, its control while it is edited, and what came of it."""
    known, cells = known_with_values(place.values_model, place.record.pk)
    one = known.by_id(field_id)
    if one is None or kind_of(place.values_model, place.record) not in one.kinds:
        raise Http404
    if request.method == "POST":
        return _save(request, place, one, known, cells)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(f"{place.edit_url}#id_{name_of(one)}")
    if request.GET.get("edit"):
        _allow(request)
        return _control(request, place, one, CustomFieldsForm(custom=[one], cells=cells), cells.version(one))
    return _cell(request, place, one, cells)


def _allow(request: HttpRequest) -> None:
    if not may(seat_of(request), "write"):
        raise PermissionDenied("write")


def _render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context |= {"can_write": seat_of(request).can_write}
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _cell(request: HttpRequest, place: Place, one: Field, cells: Cells) -> HttpResponse:
    return _render(request, "metadata/value.html", {"one": shown(one, cells, place.address)})


def _control(
    request: HttpRequest, place: Place, one: Field, form: CustomFieldsForm, version: int, status: int = 200
) -> HttpResponse:
    here = place.address(one)
    context = {"field": form[name_of(one)], "save_url": here, "cancel_url": here, "version": version}
    return _render(request, "metadata/value_form.html", context, status)


def _save(request: HttpRequest, place: Place, one: Field, known: Catalog, cells: Cells) -> HttpResponse:
    """Save one value; 422 when it cannot be, 409 with both values when somebody was first."""
    _allow(request)
    form, version = CustomFieldsForm(request.POST, custom=[one], cells=cells), sent_version(request)
    if not form.is_valid():
        return _control(request, place, one, form, version, 422)
    try:
        done = set_values(
            actor=seat_of(request),
            values_model=place.values_model,
            record=place.record,
            values=form.custom_values(),
            based_on=version,
            known=known,
        )
    except WrongValues as wrong:
        form.refuse(wrong)
        return _control(request, place, one, form, version, 422)
    except ValueConflict as conflict:
        return _conflicting(request, place, one, conflict, cells)
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(place.page_url)
    response = _cell(request, place, one, known_with_values(place.values_model, place.record.pk)[1])
    return toast_now(response, _("%(detail)s changed.") % {"detail": one.label}, done.id) if done else response


def _conflicting(request: HttpRequest, place: Place, one: Field, conflict: ValueConflict, cells: Cells) -> HttpResponse:
    """Both values and two ways on: nothing of anybody is lost."""
    sent = request.POST.getlist(name_of(one))
    context = {
        "label": one.label,
        "theirs": cells.words(one),
        "mine": ", ".join(sent),
        "sent": sent,
        "field_name": name_of(one),
        "here": place.address(one),
        "page_url": place.page_url,
        "name": str(place.record),
        "version": conflict.version,
    }
    template = "metadata/value_conflict.html" + ("#cell" if getattr(request, "htmx", False) else "")
    return _render(request, template, context, 409)
