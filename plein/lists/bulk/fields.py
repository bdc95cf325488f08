# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changing one field of many rows: which field first, then its value, with the control it has everywhere else."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.operations import EditConflict
from plein.lists.bulk.acts import Act, CannotChange, Steps
from plein.lists.fields import Edit, ListField
from plein.lists.forms import control_of
from plein.lists.kinds import kind_of, made_fields_of
from plein.lists.operators import FieldType
from plein.lists.outcomes import Outcome
from plein.metadata.actions.values import checked
from plein.metadata.forms import form_field
from plein.metadata.refusals import Unreadable
from plein.metadata.wording import words
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

NOTHING: tuple[Any, ...] = (None, "", [], ())
NEEDED = gettext_lazy("Fill in what it is to become, or tick that it is to be empty.")
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


def changeable(kind: str) -> dict[str, ListField]:
    """The fields of a kind that can become the same for many, by key: not what each of them is called."""
    known = kind_of(kind)
    fields = [*known.fields, *made_fields_of(kind).values()]
    return {one.key: one for one in fields if one.edit is not None and one.key != known.name_field}


def _edit_of(one: ListField) -> Edit:
    assert one.edit is not None
    return one.edit


def _control(one: ListField) -> forms.Field:
    """The control of a cell; yes and no are said in words, because an empty box is no answer for many."""
    edit = _edit_of(one)
    if edit.made is not None:
        return form_field(edit.made)
    if one.type == FieldType.YES_NO:
        return forms.ChoiceField(label=str(one.label), choices=[("", "—"), *YES_NO])
    return control_of(one)


class FieldForm(forms.Form):
    """Which field of many rows is to change, and once that is known, into what."""

    use_required_attribute = False
    field = forms.ChoiceField(
        label=gettext_lazy("Which field"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one from the list.")),
    )

    def __init__(self, data: Any = None, *, kind: str, chosen: str = "") -> None:
        super().__init__(data, initial={"field": chosen})
        self.kind, offered = kind, changeable(kind)
        self.one = offered.get(chosen if data is None else str(data.get("field", "")))
        choice = self.fields["field"]
        choice.choices = [("", "—"), *((key, str(one.label)) for key, one in offered.items())]  # type: ignore[attr-defined]
        # Choosing another field asks for its value in the same dialog; without scripts the button does.
        choice.widget.attrs |= {
            "hx-post": reverse_lazy("lists:bulk", args=[kind, "field"]),
            "hx-trigger": "change",
            "hx-target": "closest form",
            "hx-swap": "outerHTML",
            "hx-vals": '{"choose": "1"}',
        }
        if self.one is not None:
            self._ask_for_value(self.one)

    def _ask_for_value(self, one: ListField) -> None:
        control = _control(one)
        control.required = True
        control.error_messages["required"] = NEEDED
        control.widget.attrs["autofocus"] = True
        self.fields["value"] = control
        if not _edit_of(one).is_required and (one.type != FieldType.YES_NO or _edit_of(one).made is not None):
            self.fields["clear"] = forms.BooleanField(label=_("Make it empty"), required=False)

    @property
    def chosen(self) -> str:
        """The key of the field whose value is asked for."""
        return self.one.key if self.one is not None else ""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if self.one is None:
            return found
        if found.get("clear"):
            self.errors.pop("value", None)
            return found | {"value": None}
        if "value" not in found:
            return found
        try:
            return found | {"value": self._read(self.one, found["value"])}
        except Unreadable as trouble:
            self.add_error("value", str(trouble))
            return found

    def _read(self, one: ListField, value: Any) -> Any:
        """The value as the action wants it; raises Unreadable."""
        if value in NOTHING:
            raise Unreadable(str(NEEDED))
        made, model = _edit_of(one).made, kind_of(self.kind).values_model
        if made is not None and model is not None:
            return checked(made, value, model)
        if one.type == FieldType.YES_NO:
            return value == "yes"
        return UUID(value) if one.type == FieldType.SEAT else value


def change_field(*, actor: Entrance, kind: str, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Give many rows the same value of one field: in a few statements where the field can, else one by one."""
    permit(actor, "write")
    one = changeable(kind).get(values["field"])
    if one is None or not one.may_read(actor):
        raise CannotChange(_("This field is not there any more, or may not be changed."))
    edit, value = _edit_of(one), values["value"]
    if value is None and edit.made is None and one.type not in (FieldType.DATE, FieldType.SEAT):
        value = ""
    try:
        return edit.many(actor, ids, value) if edit.many else _one_by_one(actor, kind, edit, ids, value)
    except ValueError as refusal:
        raise CannotChange(str(refusal)) from refusal


def _one_by_one(actor: Entrance, kind: str, edit: Edit, ids: list[UUID], value: Any) -> Outcome:
    """As if somebody changed the cells one after the other; who cannot have the value is named with the reason."""
    changed = 0
    failures: dict[UUID, str] = {}
    for record in kind_of(kind).rows().filter(id__in=ids).order_by("id"):
        if edit.initial(record) == value:
            continue
        based_on = edit.version(record) if edit.version else int(getattr(record, "version", 0))
        try:
            with transaction.atomic():
                edit.save(actor, record, value, based_on)
            changed += 1
        except EditConflict:
            failures[record.id] = _("Somebody changed it at the same moment.")
        except ValueError as refusal:
            failures[record.id] = str(refusal)
    return Outcome(changed, failures)


def _said(kind: str, values: dict[str, Any]) -> str:
    one = changeable(kind)[values["field"]]
    if values["value"] is None:
        return _("Empty %(field)s") % {"field": one.label}
    return _("%(field)s becomes %(value)s") % {"field": one.label, "value": _words(one, values["value"])}


def _words(one: ListField, value: Any) -> str:
    made = _edit_of(one).made
    if made is not None:
        names = {UUID(str(key)): name for key, name in one.names([value])} if one.names else {}
        return words(made, value, names)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    known = {choice.key: choice.words for choice in one.choices()} if one.choices else {}
    return known.get(str(value), str(value))


def field_act(kind: str, verb: str) -> Act:
    """The act that changes one field of many rows of a kind."""
    return Act(
        key="field",
        words=gettext_lazy("Change a field…"),
        icon="pencil",
        verb=verb,
        perform=lambda *, actor, ids, values: change_field(actor=actor, kind=kind, ids=ids, values=values),
        form=lambda data: FieldForm(data, kind=kind),
        said=lambda values: _said(kind, values),
        steps=Steps(
            "field",
            lambda chosen: FieldForm(kind=kind, chosen=chosen),
            {"value": gettext_lazy("What it is to become"), "clear": gettext_lazy("Make it empty")},
        ),
    )
