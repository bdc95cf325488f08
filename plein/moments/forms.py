# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.ids import now
from plein.moments.form_fields import circle_field, day_field, hour_field, line_field, when_field
from plein.moments.planning_forms import (
    AppointmentForm,
    QuickToDoForm,
    RepeatFields,
    ToDoForm,
    clean_due,
    clean_times,
    midnight,
    reminder_choices,
    reminder_of,
    repeat_initial,
)
from plein.moments.vocabulary import Direction, MomentKind
from plein.trust.audience import offer_audiences

__all__ = [
    "DRAFTED",
    "MODES",
    "AppointmentForm",
    "EditForm",
    "MomentForm",
    "QuickToDoForm",
    "ToDoForm",
    "chosen_ids",
    "circle_field",
    "reminder_of",
    "repeat_initial",
    "uploaded",
    "warn_of_missed",
]

#: The tabs of the composer: value, words, icon.
MODES = (
    ("note", gettext_lazy("Note"), "notes"),
    ("call", gettext_lazy("Call"), "phone"),
    ("visit", gettext_lazy("Visit"), "map-pin"),
    ("email", gettext_lazy("E-mail"), "mail"),
    ("message", gettext_lazy("Message"), "message-circle"),
    ("todo", gettext_lazy("To-do"), "checkbox"),
    ("appointment", gettext_lazy("Appointment"), "calendar-event"),
    ("other", gettext_lazy("More"), "dots"),
)
HOW = {
    "call": ((MomentKind.CALL, gettext_lazy("We spoke")), (MomentKind.VOICEMAIL, gettext_lazy("Voicemail"))),
    "visit": ((MomentKind.VISIT, gettext_lazy("At their place")), (MomentKind.MEETING, gettext_lazy("A meeting"))),
    "message": (
        (MomentKind.CHAT, gettext_lazy("WhatsApp or other chat")),
        (MomentKind.TEXT, gettext_lazy("Text message")),
    ),
    "appointment": (
        (MomentKind.VISIT, gettext_lazy("Visit")),
        (MomentKind.MEETING, gettext_lazy("Meeting")),
        (MomentKind.CALL, gettext_lazy("Phone call")),
    ),
    "other": ((MomentKind.LETTER, gettext_lazy("Letter")), (MomentKind.POST, gettext_lazy("Social post"))),
}
DIRECTIONS = ((Direction.OUTBOUND, gettext_lazy("From us")), (Direction.INBOUND, gettext_lazy("From them")))
#: What may be kept of a form that is not sent yet.
_DRAFTED = (
    "kind text subject direction occurred_at ends_at location purpose outcome follow_up means_needed make_todo due_on"
    " due_at circle call_how visit_how message_how appointment_how other_how with is_all_day assignee remind remind_at"
    " repeat repeat_interval repeat_monthly repeat_rule repeat_ends repeat_until repeat_times repeats_after"
)
DRAFTED = frozenset(_DRAFTED.split())


class MomentForm(RepeatFields):
    """What the composer sends, for every kind of moment, to-dos and appointments included."""

    kind = forms.ChoiceField(choices=[(mode, words) for mode, words, _icon in MODES])
    text = forms.CharField(required=False, max_length=500_000, strip=False)
    subject = line_field(gettext_lazy("Subject"), 300)
    direction = forms.ChoiceField(label=gettext_lazy("Who sought whom"), choices=DIRECTIONS, required=False)
    occurred_at = when_field(label=gettext_lazy("When"))
    ends_at = when_field(label=gettext_lazy("Until"))
    location = line_field(gettext_lazy("Place"), 300)
    purpose = line_field(gettext_lazy("Purpose"), 300)
    outcome = line_field(gettext_lazy("Outcome"), 500)
    follow_up = line_field(gettext_lazy("Follow-up"), 300)
    means_needed = line_field(gettext_lazy("Means needed"), 500)
    make_todo = forms.BooleanField(label=gettext_lazy("Put it on my to-do list"), required=False)
    due_on = day_field(gettext_lazy("Due"))
    due_at = hour_field(gettext_lazy("At"))
    is_all_day = forms.BooleanField(label=gettext_lazy("All day"), required=False)
    assignee = forms.UUIDField(label=gettext_lazy("Who does it"), required=False)
    remind = forms.ChoiceField(label=gettext_lazy("Reminder"), required=False)
    remind_at = when_field(label=gettext_lazy("Remind me at"))
    repeats_after = forms.BooleanField(
        label=gettext_lazy("Count from the day it is done, not from the day it was due"), required=False
    )
    call_how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW["call"], required=False)
    visit_how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW["visit"], required=False)
    message_how = forms.ChoiceField(label=gettext_lazy("How"), choices=HOW["message"], required=False)
    appointment_how = forms.ChoiceField(label=gettext_lazy("What"), choices=HOW["appointment"], required=False)
    other_how = forms.ChoiceField(label=gettext_lazy("What"), choices=HOW["other"], required=False)
    circle = circle_field()

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="composer-%s")
        offer_audiences(self, "circle", is_new=True)
        reminders = reminder_choices(gettext_lazy("When it is due or begins"), with_time=True)
        self.fields["remind"] = forms.ChoiceField(label=gettext_lazy("Reminder"), choices=reminders, required=False)

    @property
    def has_plan(self) -> bool:
        """Whether anything was said about reminding, repeating, or who does it."""
        return any(self[name].value() for name in ("remind", "repeat", "assignee"))

    @property
    def mode(self) -> str:
        """The chosen tab; the first one when nothing else was said."""
        chosen = str(self.data.get("chosen_kind") or self.data.get("kind") or self.initial.get("kind") or "note")
        return chosen if any(chosen == mode for mode, _words, _icon in MODES) else "note"

    @property
    def moment_kind(self) -> str:
        """The kind of moment that the chosen tab and its choice stand for."""
        if self.mode in HOW:
            return str(self.cleaned_data.get(f"{self.mode}_how") or HOW[self.mode][0][0])
        return self.mode

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(str(values.get(name) or "").strip() for name in ("text", "subject", "outcome")):
            self.add_error("text", _("Write what happened, in a word or two."))
        if self.mode == "appointment":
            self._clean_appointment(values)
        elif self.mode == "todo":
            clean_due(self, values)
            values["rule"] = self.rule_from(values.get("due_on"))
        elif _is_far_ahead(values.get("occurred_at")):
            self.add_error("occurred_at", _("That is still to come. Choose Appointment to plan it."))
        return values

    def _clean_appointment(self, values: dict[str, Any]) -> None:
        start, end = values.get("occurred_at"), values.get("ends_at")
        if start is None and "occurred_at" not in self.errors:
            self.add_error("occurred_at", _("Say when it is."))
        if values.get("is_all_day"):
            start, end = midnight(start), midnight(end)
            values |= {"occurred_at": start, "ends_at": end}
        if values.get("remind") == "at":
            self.add_error("remind", _("Choose how long before it begins."))
        clean_times(self, start, end)
        values["rule"] = self.rule_from(timezone.localtime(start).date() if start else None)


def _is_far_ahead(moment: datetime | None) -> bool:
    return moment is not None and moment > now() + timedelta(minutes=10)


def chosen_ids(values: Mapping[str, Any] | Any, name: str = "with") -> list[UUID]:
    """The ids that were ticked in a form; what is no id is left out."""
    raw = values.getlist(name) if hasattr(values, "getlist") else values.get(name, [])
    found = []
    for text in list(raw)[:200]:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


def uploaded(files: Any, name: str = "files") -> "list[UploadedFile[Any]]":
    """The files that came with a form, without the empty place of a form that had none."""
    return [file for file in files.getlist(name) if file and file.name]


def warn_of_missed(form: forms.Form, names: list[str], known: str) -> bool:
    """Warn beside the text of colleagues named in it who would not see it; a writer who knows goes on.

    `known` is what the form sent back of an earlier warning.
    """
    missed = "|".join(sorted(names))
    form.missed = missed  # type: ignore[attr-defined]
    if not names or known == missed:
        return False
    field = next((name for name in ("text", "note", "title") if name in form.fields), None)
    one = _("%(names)s would not see this and is told nothing. Choose who sees it, or save it once more as it is.")
    more = _("%(names)s would not see this and are told nothing. Choose who sees it, or save it once more as it is.")
    form.add_error(field, (one if len(names) == 1 else more) % {"names": get_text_list(names, _("and"))})
    return True


class EditForm(forms.Form):
    """The fields of a moment that was recorded before, with the version the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = line_field(gettext_lazy("Subject"), 1000)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MomentKind.choices)
    direction = forms.ChoiceField(
        label=gettext_lazy("Who sought whom"), choices=[*DIRECTIONS, (Direction.INTERNAL, gettext_lazy("Among us"))]
    )
    occurred_at = when_field(label=gettext_lazy("When"), required=True)
    ends_at = when_field(label=gettext_lazy("Until"))
    location = line_field(gettext_lazy("Place"), 300)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=500_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    purpose = line_field(gettext_lazy("Purpose"), 300)
    outcome = line_field(gettext_lazy("Outcome"), 500)
    follow_up = line_field(gettext_lazy("Follow-up"), 500)
    means_needed = line_field(gettext_lazy("Means needed"), 500)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = values.get("occurred_at"), values.get("ends_at")
        if start and end and end < start:
            self.add_error("ends_at", _("It ends before it starts."))
        return values

    def changes(self) -> dict[str, Any]:
        """The values by the names the action knows."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
