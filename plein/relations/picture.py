# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relation in short: the facts of its strip and the details of its pane, in words."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.ids import now
from plein.relations.models import Relation
from plein.relations.places import country_choices, language_choices, words_of
from plein.relations.queries import DayLine, RelationPicture, owner_choices
from plein.relations.slots import Fact

#: The details one can change in place, and what each is called.
DETAILS = {
    "headline": gettext_lazy("In one line"),
    "place": gettext_lazy("Place"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "owner_id": gettext_lazy("Owner"),
    "about": gettext_lazy("About"),
}


def words_for(name: str, value: Any) -> str:
    """A detail as people read it."""
    if name == "country":
        return words_of(country_choices(), str(value))
    if name == "language":
        return words_of(language_choices(), str(value))
    if name == "owner_id":
        return words_of(owner_choices(), str(value)) if value else ""
    return str(value or "")


def details_of(relation: Relation) -> list[tuple[str, str, str]]:
    """The details of the pane: field, label, words."""
    owner = str(relation.owner.user) if relation.owner else ""
    return [
        (name, str(label), owner if name == "owner_id" else words_for(name, getattr(relation, name)))
        for name, label in DETAILS.items()
    ]


def own_facts_of(picture: RelationPicture) -> list[Fact]:
    """What there is to say in the strip; what is not known is left out."""
    relation = picture.relation
    found: list[Fact | None] = [
        _role(picture),
        _people(picture),
        _tie(picture),
        Fact(_("Moved by"), picture.interests[0]["text"]) if picture.interests else None,
        _next_day(picture.dates),
    ]
    if not relation.is_person and relation.place:
        found.insert(0, Fact(_("Place"), relation.place, words_for("country", relation.country)))
    return [fact for fact in found if fact is not None][:4]


def _role(picture: RelationPicture) -> Fact | None:
    role = picture.main_role if picture.relation.is_person else None
    if role is None or not role.role:
        return None
    since = ""
    if role.starts_on:
        words = _("From %(day)s") if role.is_to_come else _("Since %(day)s")
        since = words % {"day": date_format(role.starts_on, "F Y")}
    return Fact(_("Role"), role.role, since or role.other.name)


def _people(picture: RelationPicture) -> Fact | None:
    if picture.relation.is_person or not picture.roles:
        return None
    first = picture.roles[0]
    return Fact(_("Who to speak to"), first.other.name, first.role)


def _tie(picture: RelationPicture) -> Fact | None:
    present = next((tie for tie in picture.ties if not tie.is_over), None)
    if present is None:
        return None
    return Fact(present.words[:1].upper() + present.words[1:], present.other.name, present.note)


def _next_day(days: list[DayLine]) -> Fact | None:
    today = now().date()
    coming = sorted((_next_time(day, today), day.words) for day in days)
    if not coming:
        return None
    on, words = coming[0]
    return Fact(words[:1].upper() + words[1:], date_format(on, "j F"), date_format(on, "l"))


def _next_time(day: DayLine, today: date) -> date:
    """The first time from today that a day comes round."""
    for year in range(max(today.year, day.on.year), today.year + 9):
        try:
            on = day.on.replace(year=year)
        except ValueError:
            continue
        if on >= today:
            return on
    return day.on
