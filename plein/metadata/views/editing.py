# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making and changing one field, or one group of them."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.operations import EditConflict, operation
from plein.core.toasts import toast_later
from plein.metadata import actions
from plein.metadata.models import Field, FieldGroup
from plein.metadata.refusals import Refused
from plein.metadata.setup_forms import FieldForm, GroupForm, choice_rows, choices_sent, initial_of
from plein.metadata.views.setup import actor_of
from plein.metadata.vocabulary import FieldKind, FieldType
from plein.trust.circles import UnknownCircle, describe, everyone
from plein.trust.views.frame import settings_page

UNPROCESSABLE, CONFLICT = 422, 409
CHOSEN = (FieldType.CHOICE, FieldType.CHOICES)
#: Controls that have their own place in the form.
APART = ("label_nl", "label_en", "help_nl", "help_en", "kinds", "group", "tags", "views")


def _version(request: HttpRequest) -> int:
    """The version an edit was based on; an unreadable one is older than any."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("metadata:fields"))


def _refuse(form: GroupForm | FieldForm, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
def group_new(request: HttpRequest) -> HttpResponse:
    """Start a group."""
    actor = actor_of(request)
    form = GroupForm(request.POST if request.method == "POST" else None, initial={"audience": "everyone"})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic(), operation("add_field_group") as done:
                group = actions.add_group(actor=actor, **form.cleaned_data)
        except UnknownCircle:
            form.add_error("audience", _("Choose one of these."))
        else:
            toast_later(request, _("The group %(name)s is there.") % {"name": group.name}, done.id)
            return _to_list()
    return _group_page(request, form, None, 200 if request.method != "POST" else UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def group_change(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Rename a group or change who sees it."""
    actor = actor_of(request)
    group = get_object_or_404(FieldGroup.objects, id=group_id)
    is_open = group.circle_id == everyone()
    keep = "" if is_open else describe(group.circle_id)
    known = {"name_nl": group.name_nl, "name_en": group.name_en, "audience": "everyone" if is_open else "keep"}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=known, keep=keep)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            values = form.cleaned_data
            audience = None if values["audience"] == "keep" else values["audience"]
            names = {"name_nl": values["name_nl"], "name_en": values["name_en"]}
            try:
                with transaction.atomic(), operation("change_field_group") as done:
                    actions.change_group(
                        actor=actor, group=group, audience=audience, based_on=_version(request), **names
                    )
            except UnknownCircle:
                form.add_error("audience", _("Choose one of these."))
            except EditConflict:
                status, group = CONFLICT, FieldGroup.objects.get(id=group.id)
            else:
                toast_later(request, _("Saved."), done.id)
                return _to_list()
    return _group_page(request, form, group, status)


def _group_page(request: HttpRequest, form: GroupForm, group: FieldGroup | None, status: int) -> HttpResponse:
    context = {"form": form, "group": group, "is_late": status == CONFLICT}
    return settings_page(request, "metadata/group.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def field_new(request: HttpRequest) -> HttpResponse:
    """Add a field: first its type, then the rest."""
    actor = actor_of(request)
    groups = list(FieldGroup.objects.order_by("position", "id"))
    if not groups:
        return HttpResponseRedirect(reverse("metadata:group_new"))
    sent = request.POST if request.method == "POST" else request.GET
    type, group = sent.get("type", ""), sent.get("group", "")
    if type not in FieldType.values:
        context = {"types": FieldType.choices, "group": group}
        return settings_page(request, "metadata/field_type.html", context, 200)
    initial = {"group": group or str(groups[0].id), "kinds": [FieldKind.PERSON], "currency": "EUR"}
    posted = request.POST if request.method == "POST" else None
    form = FieldForm(posted, type=type, groups=groups, initial=initial)
    rows = choices_sent(request.POST) if request.method == "POST" else []
    if request.method == "POST" and form.is_valid():
        into = next(one for one in groups if str(one.id) == form.cleaned_data["group"])
        details = form.details() | ({"choices": rows} if type in CHOSEN else {})
        try:
            with transaction.atomic(), operation("add_field") as done:
                field = actions.add_field(actor=actor, group=into, type=type, details=details)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            toast_later(request, _("The field %(name)s is there.") % {"name": field.label}, done.id)
            return _to_list()
    return _field_page(request, form, None, rows, 200 if request.method != "POST" else UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def field_change(request: HttpRequest, field_id: UUID) -> HttpResponse:
    """Change a field: all but its type and its key."""
    actor = actor_of(request)
    field = get_object_or_404(Field.objects.select_related("group"), id=field_id)
    groups = list(FieldGroup.objects.order_by("position", "id"))
    posted = request.POST if request.method == "POST" else None
    form = FieldForm(posted, type=field.type, groups=groups, initial=initial_of(field))
    rows: list[dict[str, Any]] = list(field.choices)
    status = 200
    if request.method == "POST":
        status, rows = UNPROCESSABLE, list(choices_sent(request.POST))
        if form.is_valid():
            details = form.details() | ({"choices": rows} if field.type in CHOSEN else {})
            into = next(one for one in groups if str(one.id) == form.cleaned_data["group"])
            try:
                with transaction.atomic(), operation("change_field") as done:
                    if into.id != field.group_id:
                        actions.move_field(actor=actor, field=field, to=1_000, group=into)
                    actions.change_field(
                        actor=actor, field=field, details=details, based_on=_moved(field, into, _version(request))
                    )
            except Refused as refusal:
                _refuse(form, refusal)
            except EditConflict as conflict:
                status, field = CONFLICT, Field.objects.get(id=conflict.current.id)
            else:
                toast_later(request, _("Saved."), done.id)
                return _to_list()
    return _field_page(request, form, field, rows, status)


def _moved(field: Field, into: FieldGroup, version: int) -> int:
    """The version after the field went to another group just now, when it was the one the edit was based on."""
    if into.id == field.group_id or version != field.version:
        return version
    return Field.objects.values_list("version", flat=True).get(id=field.id)


def _field_page(
    request: HttpRequest, form: FieldForm, field: Field | None, rows: list[dict[str, Any]], status: int
) -> HttpResponse:
    context = {
        "form": form,
        "field": field,
        "type": form.type,
        "type_words": form.type.label,
        "has_choices": form.type in CHOSEN,
        "apart": APART,
        "is_narrowed": any(form[name].value() for name in ("tags", "views") if name in form.fields),
        "choices": choice_rows(rows),
        "retired_choices": [one for one in (field.choices if field else []) if one.get("retired")],
        "is_late": status == CONFLICT,
    }
    return settings_page(request, "metadata/field.html", context, status)
