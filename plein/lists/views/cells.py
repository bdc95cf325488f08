# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changing one cell of a list in place."""

import json
from typing import Any
from uuid import UUID

from django.forms import Field
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.operations import EditConflict
from plein.core.toasts import toast_later, toast_now
from plein.lists import query as engine
from plein.lists.fields import ListField, Value
from plein.lists.forms import CellForm
from plein.lists.kinds import Known, ListKind
from plein.lists.operators import FieldType
from plein.lists.query import View, ViewQuery, open_view
from plein.lists.views.answers import found_kind, record_of
from plein.metadata.forms import form_field
from plein.metadata.refusals import ValueConflict
from plein.trust.answers import Request, act, allow, page

LONGEST_WAS = 20_000


class Cell:
    """One cell: its kind, record and field; 404 for what is not there, or not to be changed."""

    def __init__(self, request: Request, key: str, record_id: UUID, name: str) -> None:
        self.kind: ListKind = found_kind(key)
        field = Known(request.seat).of(key).get(name)
        if field is None or not field.is_column:
            raise Http404
        self.field: ListField = field
        self.record = record_of(self.kind, record_id)
        self.url = reverse("lists:cell", args=[key, record_id, name])

    @property
    def version(self) -> int:
        """What an edit of this cell is based on now."""
        own = self.field.edit.version if self.field.edit else None
        return own(self.record) if own is not None else int(getattr(self.record, "version", 0))

    @property
    def control(self) -> Field | None:
        """The control of a field that the company made itself."""
        return form_field(self.field.edit.made) if self.field.edit and self.field.edit.made else None

    def view(self, request: Request) -> View:
        """The view of this column alone."""
        return open_view(ViewQuery(self.kind.key, (), "", (self.field.key,)), request.seat)

    def value(self, request: Request) -> Value:
        view = self.view(request)
        read = engine.records(view, [self.record.id])
        if not read:
            raise Http404
        return engine.cells_of(view, read)[0][-1 if self.field.key != self.kind.name_field else 0]


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: Request, key: str, record_id: UUID, name: str) -> HttpResponse:
    """One cell: its value, its control while it is changed, and what came of it."""
    one = Cell(request, key, record_id, name)
    if request.method == "POST":
        return save(request, one)
    if request.GET.get("edit") and one.field.edit is not None:
        allow(request)
        return form_of(request, one, CellForm(field=one.field, record=one.record, control=one.control))
    if not request.htmx:
        return HttpResponseRedirect(one.kind.pages.record(one.record.id))
    return shown(request, one)


def shown(request: Request, one: Cell) -> HttpResponse:
    """The value as it stands in the list."""
    context = {"field": one.field, "value": one.value(request), "record": one.record, "kind": one.kind}
    return page(request, "lists/cell.html", context, part="value")


def form_of(request: Request, one: Cell, form: CellForm, status: int = 200) -> HttpResponse:
    """The control, ready to type in. Without htmx it is a page of its own."""
    assert one.field.edit is not None
    context = {
        "form": form,
        "field": form["value"],
        "label": one.field.label,
        "save_url": one.url,
        "cancel_url": one.url,
        "version": one.version,
        "was": json.dumps(plain(one.field.edit.initial(one.record))),
        "record": one.record,
        "name": one.kind.name_of(one.record),
        "is_chosen": one.field.type in (FieldType.CHOICE, FieldType.SEAT),
    }
    return page(request, "lists/cell.html", context, part="form", status=status)


def plain(value: Any) -> Any:
    """A value as it can stand in a form, to tell later whether it is still the one that was changed."""
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def version_of(request: Request) -> int:
    """The version an edit was based on; an unreadable one is older than any."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def save(request: Request, one: Cell) -> HttpResponse:
    """Save one cell; 422 when it cannot be, 409 with both values when somebody was first."""
    allow(request)
    edit = one.field.edit
    if edit is None:
        raise Http404
    form = CellForm(request.POST, field=one.field, record=one.record, control=one.control)
    if not form.is_valid():
        return form_of(request, one, form, 422)
    value = form.value()
    if one.field.type == FieldType.SEAT:
        value = UUID(value) if value else None
    try:
        with act(edit.verb) as done:
            one.record = carry_out(request, one, value)
    except EditConflict as conflict:
        one.record = conflict.current
        return both(request, one, conflict.wanted.get(edit.attribute))
    except ValueConflict:
        return both(request, one, value)
    except ValueError as refusal:
        form.add_error("value", str(refusal))
        return form_of(request, one, form, 422)
    words, href = _("%(field)s changed.") % {"field": one.field.label}, ""
    if edit.then is not None and (follows := edit.then(one.record)):
        words, href = f"{words} {follows[0]}", follows[1]
    if not request.htmx:
        toast_later(request, words, done.id)
        return HttpResponseRedirect(one.kind.pages.all())
    return toast_now(shown(request, one), words, done.id, href=href)


def carry_out(request: Request, one: Cell, value: Any) -> Any:
    """The action. When only something else of the record was changed meanwhile, it is done on top of that."""
    edit = one.field.edit
    assert edit is not None
    based_on = version_of(request)
    if based_on != one.version and _is_as_it_was(request, edit.initial(one.record)):
        based_on = one.version
    return edit.save(request.seat, one.record, value, based_on)


def _is_as_it_was(request: Request, value: Any) -> bool:
    text = request.POST.get("was", "")
    if not text or len(text) > LONGEST_WAS:
        return False
    try:
        return bool(json.loads(text) == plain(value))
    except (ValueError, RecursionError):
        return False


def both(request: Request, one: Cell, mine: Any) -> HttpResponse:
    """Both values and two ways on: nothing of anybody is lost."""
    edit = one.field.edit
    assert edit is not None
    theirs = edit.initial(one.record)
    context = {
        "label": one.field.label,
        "theirs": words_of(one.field, theirs),
        "mine": words_of(one.field, mine),
        "values": [str(each) for each in mine] if isinstance(mine, list | tuple) else ["" if mine is None else mine],
        "url": one.url,
        "version": one.version,
        "name": one.kind.name_of(one.record),
    }
    return page(request, "lists/cell.html", context, part="conflict", status=409)


def words_of(field: ListField, value: Any) -> str:
    """A value in words, for a sentence."""
    if value in (None, "", []):
        return _("nothing")
    if field.choices is not None:
        known = {one.key: one.words for one in field.choices()}
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(known.get(str(one), str(one)) for one in values)
    return str(value)
