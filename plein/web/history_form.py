# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of all that was done one wants to see: by whom, what, on which kind of thing, when."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plein.core.isolation.registry import guarded_tables
from plein.core.operations import Wanted
from plein.lists.operators import end_of, start_of
from plein.trust.models import Seat
from plein.trust.permissions import undoable_by
from plein.trust.seats import Entrance
from plein.web.acts import SET_UP
from plein.web.verbs import VERBS

#: The kinds of thing one may choose, and what the names of their tables begin with.
KINDS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "relation": (_("People and organizations"), ("relations_relation",)),
    "point": (_("Addresses and numbers"), ("relations_contact_point",)),
    "tie": (_("Roles and ties"), ("relations_membership", "relations_tie")),
    "moment": (_("Contact moments"), ("moments_moment", "moments_subject", "moments_text", "moments_participant")),
    "todo": (_("To-dos"), ("moments_todo",)),
    "tag": (_("Tags"), ("relations_tag", "moments_tagging")),
    "values": (_("Own fields"), ("metadata_", "relations_values", "moments_values")),
    "view": (_("Views"), ("lists_",)),
    "mail": (_("Mail that leaves"), ("outbox_", "channels_")),
    "settings": (_("Colleagues and settings"), ("trust_",)),
}
ME = "me"


def tables_of(kind: str) -> tuple[str, ...]:
    """The tables of a kind of thing."""
    return tuple(one.name for one in guarded_tables() if one.name.startswith(KINDS[kind][1])) if kind else ()


class HistoryForm(forms.Form):
    """The filters of the history."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    verb = forms.ChoiceField(label=_("What was done"), required=False)
    kind = forms.ChoiceField(label=_("To what"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    undoable = forms.BooleanField(label=_("Only what can still be turned back"), required=False)

    def __init__(self, data: Any, actor: Entrance) -> None:
        super().__init__(data)
        self.actor = actor
        self.choose("who", _("Everybody"), [(ME, _("Only me")), *self._colleagues()])
        self.choose("verb", _("Everything"), sorted(VERBS.items(), key=lambda pair: str(pair[1])))
        self.choose("kind", _("Everything"), [(key, label) for key, (label, _tables) in KINDS.items()])

    def choose(self, name: str, nothing: str | Promise, choices: list[Any]) -> None:
        """Fill one of the fields to choose from."""
        self.fields[name].choices = [("", nothing), *choices]  # type: ignore[attr-defined]

    def _colleagues(self) -> list[tuple[str, str]]:
        seats = Seat.objects.select_related("user").order_by("user__name")
        return [(str(seat.id), str(seat)) for seat in seats if seat.id != self.actor.seat_id]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("since") and values.get("until") and values["until"] < values["since"]:
            self.add_error("until", _("It cannot end before it begins."))
        return values

    @property
    def kept(self) -> dict[str, str]:
        """What was chosen, as it stands in the address."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}

    def wanted(self) -> Wanted:
        """What the form asks for; everything when it is not right."""
        values = self.cleaned_data if self.is_valid() else {}
        who = values.get("who")
        return Wanted(
            seat_id=self.actor.seat_id if who == ME else UUID(who) if who else None,
            verbs=(values["verb"],) if values.get("verb") else (),
            tables=tables_of(values.get("kind", "")),
            since=start_of(values["since"]) if values.get("since") else None,
            until=end_of(values["until"]) if values.get("until") else None,
            only=undoable_by(self.actor) & ~Q(verb__in=SET_UP) if values.get("undoable") else Q(),
        )
