# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about mail that leaves, used by every door."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plein.channels.connectors.mail.addresses import parse_list
from plein.channels.letters import Mailbox, NoAddress
from plein.outbox.actions import Content, IdentityFacts, TemplateFacts
from plein.outbox.composing import MOST_RECEIVERS
from plein.outbox.models import TemplateKind
from plein.outbox.queries import Sender
from plein.trust.audience import AudienceField, offer_audiences

LONGEST_TEXT = 200_000
LONGEST_LIST, LONGEST_POST = 20_000, 100_000
#: What is kept of a mail while it is being written.
DRAFTED = ("identity", "to", "cc", "bcc", "subject", "text", "quoted", "circle", "purpose", "send_at", "mail")


def mailboxes_in(text: str) -> tuple[Mailbox, ...]:
    """The mailboxes in a line of them; raises NoAddress for the first that is none."""
    flat = text.replace(";", ",").replace("\r", " ").replace("\n", ",")
    found = []
    for name, address in parse_list(flat, 200, MOST_RECEIVERS * 4):
        if not address:
            raise NoAddress(_("%(text)s is not an e-mail address.") % {"text": name[:80]})
        found.append(Mailbox(address, name))
    return tuple({box.address: box for box in found}.values())


def line_of(boxes: list[Any]) -> str:
    """Mailboxes as a line that one can change."""
    return ", ".join(_written(str(name), str(address)) for name, address in boxes)


def _written(name: str, address: str) -> str:
    if not name:
        return address
    is_plain = all(char.isalnum() or char in " -'" for char in name)
    return f"{name} <{address}>" if is_plain else f'"{name.replace('"', "'")}" <{address}>'


class AddressesField(forms.CharField):
    """A line of mailboxes."""

    def clean(self, value: Any) -> tuple[Mailbox, ...]:
        text = super().clean(value) or ""
        try:
            return mailboxes_in(text)
        except NoAddress as trouble:
            raise forms.ValidationError(str(trouble)) from trouble


def _addresses(label: Any) -> AddressesField:
    attrs = {"autocomplete": "off", "inputmode": "email", "autocapitalize": "off", "data-addresses": True}
    return AddressesField(label=label, required=False, max_length=LONGEST_LIST, widget=forms.TextInput(attrs=attrs))


class LetterForm(forms.Form):
    """A mail as it is being written."""

    identity = forms.ChoiceField(label=pgettext_lazy("of a mail", "From"), required=False)
    to = _addresses(gettext_lazy("To"))
    cc = _addresses(gettext_lazy("Copy to"))
    bcc = _addresses(gettext_lazy("Blind copy to"))
    subject = forms.CharField(
        label=gettext_lazy("Subject"), required=False, max_length=300, widget=forms.TextInput({"autocomplete": "off"})
    )
    text = forms.CharField(label=gettext_lazy("Your mail"), required=False, max_length=LONGEST_TEXT, strip=False)
    quoted = forms.CharField(
        label=gettext_lazy("What it answers"), required=False, max_length=LONGEST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    circle = AudienceField(label=gettext_lazy("Who sees this"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), required=False)
    send_at = forms.DateTimeField(
        label=gettext_lazy("Leaves at"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    template = forms.ChoiceField(label=gettext_lazy("Template or snippet"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        senders: list[Sender],
        templates: list[tuple[str, str]],
        initial: dict[str, Any],
        purposes: list[tuple[str, str]] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, auto_id="letter-%s")
        choices: dict[str, list[tuple[str, Any]]] = {
            "identity": [(one.key, str(one)) for one in senders],
            "template": [("", "—"), *templates],
            "purpose": purposes or [],
        }
        for name, known in choices.items():
            self.fields[name].choices = known  # type: ignore[attr-defined]
        offer_audiences(self, "circle", is_new=True)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not str(values.get("text") or "").strip() and not str(values.get("subject") or "").strip():
            self.add_error("text", _("Write something first."))
        return values

    def content(self, relation_id: UUID | None, answers_id: UUID | None) -> Content:
        """What was written, as the action wants it."""
        values = self.cleaned_data
        identity = values.get("identity") or ""
        return Content(
            to=values["to"],
            cc=values["cc"],
            bcc=values["bcc"],
            subject=values["subject"],
            text=values["text"].replace("\r\n", "\n").replace("\x00", ""),
            quoted=values["quoted"].replace("\r\n", "\n").replace("\x00", ""),
            circle=values["circle"] or "me",
            purpose=values.get("purpose") or "",
            identity_id=UUID(identity) if len(identity) == 36 else None,
            relation_id=relation_id,
            answers_id=answers_id,
        )


class PostForm(forms.Form):
    """What is said on a network, as it is being written."""

    account = forms.ChoiceField(label=gettext_lazy("As"))
    text = forms.CharField(label=gettext_lazy("What you say"), max_length=LONGEST_POST, strip=False)
    circle = AudienceField(label=gettext_lazy("Who sees this"), required=False)

    def __init__(self, data: Any = None, *, accounts: list[tuple[str, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, auto_id="post-%s")
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]
        offer_audiences(self, "circle", is_new=True)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\x00", "").strip()
        if not text:
            raise forms.ValidationError(_("Write something first."))
        return text


class TimeForm(forms.Form):
    """When a mail leaves."""

    send_at = forms.DateTimeField(
        label=gettext_lazy("Leaves at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": gettext_lazy("Say when it leaves."),
            "invalid": gettext_lazy("Say when it leaves."),
        },
    )


class IdentityForm(forms.Form):
    """A sender."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=254)
    whose = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)
    signature = forms.CharField(
        label=gettext_lazy("Signature"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stands under every mail. **bold**, *slanted*, lists and links work."),
    )  # fmt: skip
    is_default = forms.BooleanField(label=gettext_lazy("Use this one first"), required=False)

    def __init__(self, *args: Any, owners: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owners:
            self.fields["whose"].choices = owners  # type: ignore[attr-defined]
        else:
            del self.fields["whose"]

    def facts(self) -> IdentityFacts:
        """The sender as the action wants it."""
        values = self.cleaned_data
        kind, _colon, key = str(values.get("whose") or "").partition(":")
        return IdentityFacts(
            name=values["name"],
            address=values["address"],
            signature=values["signature"],
            is_default=values["is_default"],
            seat_id=UUID(key) if kind == "seat" else None,
            team_id=UUID(key) if kind == "team" else None,
        )


class TemplateForm(forms.Form):
    """A template or a snippet."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TemplateKind.choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    shortcut = forms.CharField(
        label=gettext_lazy("Short name"), required=False, max_length=41,
        help_text=gettext_lazy("Of a snippet: type ; and this in a mail, and a space."),
    )  # fmt: skip
    subject = forms.CharField(label=gettext_lazy("Subject"), required=False, max_length=300)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=50_000, strip=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    circle = AudienceField(label=gettext_lazy("Who may use it"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "circle", first=[] if is_new else [("", _("As it is"))])

    def facts(self) -> TemplateFacts:
        """The template as the action wants it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return TemplateFacts(**{**values, "text": values["text"].replace("\r\n", "\n")})
