# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms in which a list of connections is brought in, and in which one says who somebody on it is."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from plein.network.connections import Connection, Holds, connection_of
from plein.trust.audience import AudienceField, offer_audiences

#: So many lines of one form are decided on.
MOST = 500
HOLDS = (
    (Holds.CONNECTIONS.value, gettext_lazy("People I am connected with")),
    (Holds.FOLLOWED.value, gettext_lazy("People I follow")),
    (Holds.FOLLOWERS.value, gettext_lazy("People who follow me")),
)


class ConnectionsWishes(forms.Form):
    """What a list holds, who will see it, and whether people on it that are not here yet come too."""

    holds = forms.ChoiceField(label=gettext_lazy("What the list holds"), choices=HOLDS, initial=Holds.CONNECTIONS.value)
    circle = AudienceField(label=gettext_lazy("Who may see it"), required=False)
    makes_people = forms.BooleanField(
        label=gettext_lazy("Add the people who are not here yet"), required=False, initial=True,
        help_text=gettext_lazy("Otherwise only those are tied to you whose address is known here."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "circle", is_new=True)


class ConnectionsForm(ConnectionsWishes):
    """The same, with the list."""

    file = forms.FileField(
        label=gettext_lazy("The list, as CSV or XLSX"), allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )  # fmt: skip
    field_order = ("file", "holds", "circle", "makes_people")


def kept_line(connection: Connection) -> str:
    """A line of a list, to be sent back with the answer who it is."""
    return json.dumps(dict(connection.fields), ensure_ascii=False)


type Decided = dict[int, UUID | None]


def answers(data: Mapping[str, str]) -> tuple[list[Connection], Decided]:
    """The lines that somebody decided on, and what they chose of each; what makes no sense is left for later."""
    found: list[Connection] = []
    decided: Decided = {}
    for number in range(1, MOST + 1):
        line, choice = data.get(f"line-{number}", ""), data.get(f"choice-{number}", "")
        try:
            named = json.loads(line) if choice else None
            person = None if choice in ("", "new") else UUID(choice)
        except ValueError:
            continue
        if isinstance(named, dict) and all(isinstance(value, str) for value in named.values()):
            found.append(connection_of(number, named))
            decided[number] = person
    return found, decided
