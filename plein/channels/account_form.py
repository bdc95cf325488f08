# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of an account, made from the settings of its connector; a secret that is kept is never shown in it."""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from plein.channels.connecting import KEPT_APART, secret_fields
from plein.channels.live import Connector
from plein.channels.models import Connection, Security
from plein.channels.setting_words import said

#: What is chosen after a look at the account, from what there is.
ADDITIONS = "additions"
CHOSEN_LATER = frozenset({"folders", ADDITIONS, *KEPT_APART})
LONGEST = 4000


class AccountForm(forms.Form):
    """How a colleague calls an account, and what the connector needs to reach it."""

    name = forms.CharField(
        label=gettext_lazy("What you call it"),
        max_length=120,
        required=False,
    )

    def __init__(
        self, connector: Connector, data: Mapping[str, Any] | None = None, *, kept: Connection | None = None,
        may_be_inside: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.connector, self._kept = connector, kept
        self._secret = secret_fields(connector)
        self.fields["name"].initial = kept.name if kept else ""
        self.fields["name"].widget.attrs["placeholder"] = said(connector.label)
        for name, about in connector.Settings.model_fields.items():
            if name == ADDITIONS and kept is not None:
                self.fields[name] = self._additions(kept, said(about.title))
            elif name not in CHOSEN_LATER:
                self.fields[name] = self._field(name, about)
        if may_be_inside and kept is None:
            self.fields["is_inside"] = forms.BooleanField(
                label=_("This server is in our own network"),
                required=False,
                help_text=_("Otherwise Plein only connects to servers on the internet."),
            )

    def _field(self, name: str, about: FieldInfo) -> forms.Field:
        told: dict[str, Any] = {
            "label": said(about.title) or name,
            "help_text": said(about.description),
            "required": about.is_required(),
            "initial": self._initial(name, about),
        }
        if name in self._secret:
            return self._secret_field(told)
        kind = about.annotation
        if get_origin(kind) is Literal:
            labels = {"tls": _("TLS from the start"), "starttls": "STARTTLS", "none": Security.NONE.label}
            return forms.ChoiceField(choices=[(one, labels.get(one, one)) for one in get_args(kind)], **told)
        if kind is bool:
            return forms.BooleanField(**(told | {"required": False}))
        if kind is int:
            return forms.IntegerField(**told)
        if get_origin(kind) is tuple:
            words = told["help_text"]
            told["help_text"] = f"{words} {_('Several with commas.')}".strip()
            return forms.CharField(max_length=LONGEST, **told)
        return forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "off"}), **told)

    def _additions(self, kept: Connection, label: str) -> forms.Field:
        """Where goes what is added here, of what there was at the last look."""
        chosen = kept.settings.get(ADDITIONS, [])
        there = {**dict.fromkeys(sorted(kept.preview.get("counts", {}))), **dict.fromkeys(chosen)}
        return forms.MultipleChoiceField(
            label=label,
            choices=[(one, one) for one in there],
            initial=chosen,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def _secret_field(self, told: dict[str, Any]) -> forms.Field:
        if self._kept is not None:
            told |= {"required": False, "help_text": _("Kept encrypted and never shown. Empty: it stays as it is.")}
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(max_length=LONGEST, strip=False, widget=widget, **(told | {"initial": None}))

    def _initial(self, name: str, about: FieldInfo) -> Any:
        value = self._kept.settings.get(name) if self._kept else None
        if value is None and about.default is not PydanticUndefined:
            value = about.default
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def settings(self) -> dict[str, Any]:
        """What was filled in, as the connector's own settings want it."""
        found: dict[str, Any] = {}
        for name, about in self.connector.Settings.model_fields.items():
            if name == ADDITIONS and name in self.fields:
                found[name] = tuple(self.cleaned_data[name])
            if name in CHOSEN_LATER:
                continue
            value = self.cleaned_data.get(name)
            if get_origin(about.annotation) is tuple:
                found[name] = tuple(one.strip() for one in str(value or "").split(",") if one.strip())
            elif value not in (None, ""):
                found[name] = value
            elif name not in self._secret and about.default is not PydanticUndefined:
                found[name] = about.default
        return found

    @property
    def is_inside(self) -> bool:
        """Whether the server stands in our own network."""
        return bool(self.cleaned_data.get("is_inside"))
