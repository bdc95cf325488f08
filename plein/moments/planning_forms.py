# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms for what lies ahead: how something repeats and reminds, a to-do, an appointment."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.moments.form_fields import circle_field, day_field, hour_field, line_field, when_field
from plein.moments.models import ToDo
from plein.moments.reminding import BEFORE
from plein.moments.repeats import DAYS, WORKING_DAYS, BadRule, Rule, check_comes, common_rule, read_rule
from plein.moments.vocabulary import APPOINTMENTS, MomentKind
from plein.trust.audience import offer_audiences
from plein.trust.models import Seat

REPEATS = (
    ("", gettext_lazy("Does not repeat")),
    ("daily", gettext_lazy("Every day")),
    ("weekdays", gettext_lazy("Every weekday")),
    ("weekly", gettext_lazy("Every week")),
    ("monthly", gettext_lazy("Every month")),
    ("yearly", gettext_lazy("Every year")),
    ("rule", gettext_lazy("By a rule of my own")),
)
MONTHLY = (
    ("day", gettext_lazy("On that day of the month")),
    ("weekday", gettext_lazy("On that weekday of the month")),
    ("last", gettext_lazy("On the last day of the month")),
)
ENDS = (
    ("", gettext_lazy("Never")),
    ("until", gettext_lazy("On a day")),
    ("times", gettext_lazy("After some times")),
)
LONGEST = timedelta(days=31)
SCOPES = (
    ("one", gettext_lazy("Only this one")),
    ("following", gettext_lazy("This one and those that follow")),
    ("all", gettext_lazy("All that are still to come")),
)


def reminder_choices(first: Any, *, with_time: bool) -> list[tuple[str, Any]]:
    """The reminders to choose from: none, so long before, or at a time of one's own."""
    before = [(str(minutes), words if minutes else first) for minutes, words in BEFORE]
    at = [("at", gettext_lazy("At a time of my own"))] if with_time else []
    return [("", gettext_lazy("No reminder")), *before, *at]


class RepeatFields(forms.Form):
    """How something repeats: by a sentence of common choices, or by a rule in the words of RFC 5545."""

    repeat = forms.ChoiceField(label=gettext_lazy("Repeats"), choices=REPEATS, required=False)
    repeat_interval = forms.IntegerField(
        label=gettext_lazy("Every so many"), min_value=1, max_value=99, required=False, initial=1
    )
    repeat_days = forms.MultipleChoiceField(
        label=gettext_lazy("On these days"),
        choices=[(code, WEEKDAYS[number]) for number, code in enumerate(DAYS)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    repeat_monthly = forms.ChoiceField(label=gettext_lazy("Which day"), choices=MONTHLY, required=False)
    repeat_rule = line_field(
        gettext_lazy("The rule"), 300, help_text=gettext_lazy("As calendars write it: FREQ=MONTHLY;BYDAY=2TU")
    )
    repeat_ends = forms.ChoiceField(label=gettext_lazy("Ends"), choices=ENDS, required=False)
    repeat_until = day_field(gettext_lazy("Last day"))
    repeat_times = forms.IntegerField(label=gettext_lazy("How many times"), min_value=2, max_value=999, required=False)

    def rule_from(self, start: date | None) -> str:
        """The rule that was chosen, in the words of RFC 5545; what is wrong with it stands beside its field."""
        values = self.cleaned_data
        kind = values.get("repeat") or ""
        if not kind or start is None:
            return ""
        try:
            rule = self._chosen(kind, start)
            check_comes(rule, start)
        except BadRule as refusal:
            self.add_error("repeat_rule" if kind == "rule" else "repeat", str(refusal))
            return ""
        return str(rule)

    def _chosen(self, kind: str, start: date) -> Rule:
        values = self.cleaned_data
        if kind == "rule":
            return read_rule(values.get("repeat_rule") or "")
        rule = common_rule(
            kind,
            start,
            interval=values.get("repeat_interval") or 1,
            days=",".join(code for code in DAYS if code in (values.get("repeat_days") or ())),
            monthly=values.get("repeat_monthly") or "day",
        )
        ends = values.get("repeat_ends")
        if ends == "until" and not values.get("repeat_until"):
            self.add_error("repeat_until", _("Say on which day it ends."))
        if ends == "times" and not values.get("repeat_times") and "repeat_times" not in self.errors:
            self.add_error("repeat_times", _("Say how many times."))
        until = values.get("repeat_until") if ends == "until" else None
        return rule.ending(until=until, count=values.get("repeat_times") if ends == "times" else None)


def repeat_initial(text: str, start: date | None) -> dict[str, Any]:
    """The fields as they stand for a rule: the sentence when it is one of the common ones, else the rule itself."""
    if not text:
        return {}
    rule = read_rule(text)
    ends = {"repeat_ends": "until" if rule.until else "times" if rule.count else ""}
    also = {**ends, "repeat_until": rule.until, "repeat_times": rule.count, "repeat_interval": rule.interval}
    endless = rule.ending()
    if rule.frequency == "WEEKLY" and set(dict(rule.parts)) <= {"BYDAY"}:
        days = rule.part("BYDAY")
        kind = "weekdays" if days == WORKING_DAYS and rule.interval == 1 else "weekly"
        return {**also, "repeat": kind, "repeat_days": days.split(",") if days else []}
    for kind in ("daily", "monthly", "yearly") if start else ():
        for monthly, _words in MONTHLY if kind == "monthly" else MONTHLY[:1]:
            if start and common_rule(kind, start, interval=rule.interval, monthly=monthly) == endless:
                return {**also, "repeat": kind, "repeat_monthly": monthly}
    return {"repeat": "rule", "repeat_rule": text}


class ToDoForm(RepeatFields):
    """A to-do: what, by when, with what means, by whom; how it reminds and repeats."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=gettext_lazy("What"), max_length=300)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = day_field(gettext_lazy("Due"))
    due_at = hour_field(gettext_lazy("At"))
    remind = forms.ChoiceField(label=gettext_lazy("Reminder"), required=False)
    remind_at = when_field(label=gettext_lazy("Remind me at"))
    means_needed = line_field(gettext_lazy("Means needed"), 500)
    assignee = forms.ChoiceField(label=gettext_lazy("Who does it"))
    repeats_after = forms.BooleanField(
        label=gettext_lazy("Count from the day it is done, not from the day it was due"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = reminder_choices(gettext_lazy("When it is due"), with_time=True)
        self.fields["remind"] = forms.ChoiceField(label=gettext_lazy("Reminder"), choices=choices, required=False)
        seats = Seat.objects.filter(is_active=True).select_related("user").order_by("user__name")
        people = [(str(seat.id), str(seat)) for seat in seats]
        self.fields["assignee"] = forms.ChoiceField(label=gettext_lazy("Who does it"), choices=people)

    @staticmethod
    def initial_of(todo: ToDo) -> dict[str, Any]:
        """The fields as they stand for a to-do."""
        names = ("version", "title", "note", "due_on", "due_at", "means_needed", "remind_at", "repeats_after")
        remind = str(todo.remind_before) if todo.remind_before is not None else "at" if todo.remind_at else ""
        return {
            **{name: getattr(todo, name) for name in names},
            **repeat_initial(todo.repeat, todo.due_on),
            "remind": remind,
            "assignee": str(todo.assignee_id or ""),
        }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        clean_due(self, values)
        values["rule"] = self.rule_from(values.get("due_on"))
        return values

    def changes(self) -> dict[str, Any]:
        """The values by the names the action knows."""
        names = ("title", "note", "due_on", "due_at", "means_needed", "repeats_after")
        values = {name: self.cleaned_data[name] for name in names}
        return {
            **values,
            **reminder_of(self.cleaned_data),
            "repeat": self.cleaned_data["rule"],
            "assignee_id": UUID(self.cleaned_data["assignee"]),
        }


def clean_due(form: forms.Form, values: dict[str, Any]) -> None:
    """What repeats, has an hour or reminds so long before needs a due day; a reminder of one's own needs its time."""
    if values.get("due_on") is None and "due_on" not in form.errors:
        if values.get("repeat"):
            form.add_error("due_on", _("Say when it is due first, then it can repeat."))
        elif values.get("due_at") or values.get("remind") not in ("", "at", None):
            form.add_error("due_on", _("Say on which day it is due."))
    if values.get("remind") == "at" and values.get("remind_at") is None and "remind_at" not in form.errors:
        form.add_error("remind_at", _("Say when to remind you."))


def reminder_of(values: dict[str, Any]) -> dict[str, Any]:
    """The reminder of a to-do by the names the action knows."""
    chosen = values.get("remind") or ""
    if chosen in ("", "at"):
        return {"remind_before": None, "remind_at": values.get("remind_at") if chosen else None}
    return {"remind_before": int(chosen)}


class QuickToDoForm(forms.Form):
    """One line to add: what, and by when."""

    title = forms.CharField(label=gettext_lazy("What"), max_length=300)
    due_on = day_field(gettext_lazy("Due"))


class AppointmentForm(RepeatFields):
    """An appointment: what, when, where, how it reminds and repeats."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = line_field(gettext_lazy("Subject"), 300)
    kind = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    occurred_at = when_field(label=gettext_lazy("When"), required=True)
    ends_at = when_field(label=gettext_lazy("Until"))
    is_all_day = forms.BooleanField(label=gettext_lazy("All day"), required=False)
    location = line_field(gettext_lazy("Place"), 300)
    purpose = line_field(gettext_lazy("Purpose"), 300)
    text = forms.CharField(
        label=gettext_lazy("Agenda and notes"),
        required=False,
        max_length=500_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    remind = forms.ChoiceField(label=gettext_lazy("Reminder"), required=False)
    circle = circle_field()
    invites = forms.BooleanField(
        label=gettext_lazy("Invite by mail"),
        help_text=gettext_lazy("On the next page you choose whom, and read what they get. Nothing leaves before."),
        required=False,
    )
    scope = forms.ChoiceField(label=gettext_lazy("What to change"), choices=SCOPES, required=False, initial="one")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, str(kind.label).capitalize()) for kind in APPOINTMENTS]
        self.fields["kind"] = forms.ChoiceField(label=gettext_lazy("What"), choices=kinds, required=False)
        reminders = reminder_choices(gettext_lazy("When it begins"), with_time=False)
        self.fields["remind"] = forms.ChoiceField(label=gettext_lazy("Reminder"), choices=reminders, required=False)
        offer_audiences(self, "circle", is_new=True)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = values.get("occurred_at"), values.get("ends_at")
        if values.get("is_all_day"):
            start, end = midnight(start), midnight(end)
        clean_times(self, start, end)
        values |= {"occurred_at": start, "ends_at": end}
        values["rule"] = self.rule_from(timezone.localtime(start).date() if start else None)
        return values

    @property
    def remind_before(self) -> int | None:
        """How many minutes before it begins it reminds."""
        chosen = self.cleaned_data.get("remind") or ""
        return int(chosen) if chosen else None

    def changes(self) -> dict[str, Any]:
        """The values by the names that changing a moment knows."""
        values = self.cleaned_data
        length = timedelta() if values["is_all_day"] else timedelta(hours=1)
        return {
            **{name: values[name] for name in ("title", "occurred_at", "is_all_day", "location", "purpose", "text")},
            "kind": values["kind"] or MomentKind.MEETING,
            "ends_at": values["ends_at"] or values["occurred_at"] + length,
        }


def clean_times(form: forms.Form, start: datetime | None, end: datetime | None) -> None:
    """An appointment ends after it begins, within a month."""
    if start and end and end < start:
        form.add_error("ends_at", _("It ends before it starts."))
    if start and end and end - start > LONGEST:
        form.add_error("ends_at", _("An appointment lasts a month at most."))


def midnight(moment: datetime | None) -> datetime | None:
    """The beginning of the day of a moment, on the clock of the reader."""
    if moment is None:
        return None
    there = timezone.localtime(moment)
    return datetime.combine(there.date(), time.min, timezone.get_current_timezone())
