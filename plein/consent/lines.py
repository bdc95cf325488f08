# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a list that people made to lines that say who decided what; a sentence for each line that cannot be read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plein.consent.models import Purpose
from plein.consent.vocabulary import State
from plein.core.finding.search import fold
from plein.lists.export.cells import plain
from plein.relations.contact import ContactError, email, phone

#: What a column can hold, and the words by which it is recognised.
ROLES = {
    "email": pgettext_lazy("column of a list", "E-mail address"),
    "phone": pgettext_lazy("column of a list", "Phone number"),
    "id": pgettext_lazy("column of a list", "Id in Plein"),
    "purpose": pgettext_lazy("column of a list", "Purpose"),
    "state": pgettext_lazy("column of a list", "Yes or no"),
    "date": pgettext_lazy("column of a list", "Date"),
    "note": pgettext_lazy("column of a list", "Remark"),
}
KNOWN = {
    "email": ("e-mail", "email", "mail", "e-mailadres", "emailadres", "mailadres", "address", "adres"),
    "phone": ("phone", "telefoon", "telefoonnummer", "mobile", "mobiel", "tel"),
    "id": ("id", "relation", "relatie", "uuid"),
    "purpose": ("purpose", "doel", "waarvoor", "what for"),
    "state": ("consent", "toestemming", "state", "status", "opt-in", "optin", "ja/nee", "yes/no", "antwoord", "answer"),
    "date": ("date", "datum", "when", "wanneer", "op", "on"),
    "note": ("note", "opmerking", "remark", "bewijs", "evidence", "toelichting"),
}
ANSWERS = {
    State.GIVEN: ("yes", "y", "ja", "j", "1", "true", "waar", "given", "gegeven", "opt-in", "optin", "x", "subscribed"),
    State.REFUSED: ("no", "n", "nee", "0", "false", "onwaar", "refused", "geweigerd", "cleaned"),
    State.WITHDRAWN: ("withdrawn", "withdrew", "ingetrokken", "opt-out", "optout", "unsubscribed", "afgemeld", "uit"),
}
_ANSWER = {word: state for state, words in ANSWERS.items() for word in words}
_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


class BadLine(ValueError):
    """What is wrong with a line, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a list is read: which column holds what, and what counts where there is no column."""

    columns: Mapping[str, int]
    purpose: UUID | None = None
    state: str = State.GIVEN
    for_all: bool = False
    unmatched: str = "wait"
    country: str = "NL"

    def to_json(self) -> dict[str, object]:
        """As it waits with the list."""
        return {
            "columns": dict(self.columns),
            "purpose": str(self.purpose) if self.purpose else "",
            "state": str(self.state),
            "for_all": self.for_all,
            "unmatched": self.unmatched,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says: of whom, for what, yes or no, when."""

    number: int
    purpose: Purpose
    state: str
    on: date | None
    note: str
    points: tuple[tuple[str, str], ...] = ()
    relation_id: UUID | None = None

    @property
    def who(self) -> str:
        return self.points[0][1] if self.points else str(self.relation_id or "")


@dataclass(slots=True)
class Lines:
    """A list as it was read, and what could not be."""

    good: list[Line] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)


def guess_columns(head: Sequence[str]) -> dict[str, int]:
    """Which column seems to hold what, by the words above it."""
    words = [fold(one).strip() for one in head]
    found: dict[str, int] = {}
    for role, names in KNOWN.items():
        place = next((words.index(name) for name in names if name in words), None)
        if place is not None and place not in found.values():
            found[role] = place
    return found


def read_lines(rows: Sequence[Sequence[str]], wishes: Wishes, purposes: Sequence[Purpose]) -> Lines:
    """Every line of a list; the first row below the head is line 2, as spreadsheets count."""
    lines = Lines()
    by_word = _by_word(purposes)
    usual = next((one for one in purposes if one.id == wishes.purpose), None)
    for number, row in enumerate(rows, 2):
        try:
            lines.good.append(_line(number, row, wishes, usual, by_word))
        except BadLine as trouble:
            lines.bad.append((number, str(trouble)))
    return lines


def _by_word(purposes: Sequence[Purpose]) -> dict[str, Purpose]:
    found: dict[str, Purpose] = {}
    for one in purposes:
        for word in (one.key, one.wording.name_nl, one.wording.name_en, str(one.id)):
            found[fold(word).strip()] = one
    return found


def _line(
    number: int, row: Sequence[str], wishes: Wishes, usual: Purpose | None, by_word: Mapping[str, Purpose]
) -> Line:
    cells = {role: plain(row[place]).strip() for role, place in wishes.columns.items() if place < len(row)}
    purpose = usual
    if word := cells.get("purpose"):
        purpose = by_word.get(fold(word).strip())
        if purpose is None:
            raise BadLine(_("There is no purpose “%(word)s” in use.") % {"word": word[:60]})
    if purpose is None:
        raise BadLine(_("It does not say for what: fill in a purpose."))
    points = _points(cells, wishes.country)
    relation = _id(cells.get("id", ""))
    if not points and relation is None:
        raise BadLine(_("It does not say who: fill in an address, a number or an id."))
    state = _state(cells.get("state"), wishes.state)
    note = cells.get("note", "")[:1000]
    return Line(number, purpose, state, _day(cells.get("date", "")), note, points, relation)


def _points(cells: Mapping[str, str], country: str) -> tuple[tuple[str, str], ...]:
    found = []
    try:
        if cells.get("email"):
            contact = email(cells["email"])
            found.append((str(contact.kind), contact.value))
        if cells.get("phone"):
            contact = phone(cells["phone"], country=country)
            found.append((str(contact.kind), contact.value))
    except ContactError as trouble:
        raise BadLine(str(trouble)) from trouble
    return tuple(found)


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as trouble:
        raise BadLine(_("“%(text)s” is no id of a person in Plein.") % {"text": text[:60]}) from trouble


def _state(text: str | None, usual: str) -> str:
    if not text:
        return usual
    state = _ANSWER.get(text.strip().lower())
    if state is None:
        raise BadLine(_("“%(text)s” is neither yes nor no. Write yes, no or withdrawn.") % {"text": text[:60]})
    return state


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if found := _DAY.match(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return datetime.fromisoformat(text).date()
    except ValueError as trouble:
        raise BadLine(_("“%(text)s” is no date. Write 2024-05-03 or 3-5-2024.") % {"text": text[:60]}) from trouble


UNMATCHED = (
    ("wait", gettext_lazy("Keep what was said about the address, for whoever it turns out to be")),
    ("never", gettext_lazy("Put those who said no on the list that is never used, leave out the rest")),
    ("leave", gettext_lazy("Leave them out")),
)
