# SPDX-License-Identifier: AGPL-3.0-or-later
"""What turning something back would do, in words, before it is done; and where somebody was later, side by side."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plein.core.operations import Chosen, Conflict, Outlook
from plein.trust.actions import touches_rights
from plein.trust.proving import ask_for_proof
from plein.web.acts import names_of_seats
from plein.web.changes import Names, Row, field_changes, models_by_table, of_conflict, shown, thing_of


def _sentence(done: str, what: str) -> str:
    words = {"U": _("changes %(what)s"), "I": _("brings back %(what)s"), "D": _("removes %(what)s")}
    return words[done] % {"what": what}


@dataclass(frozen=True, slots=True)
class Beside:
    """One field of which the value is another one by now: before, what the operation made of it, now, and by whom."""

    label: str
    before: str
    made: str
    now: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Left:
    """A thing that stays as it is now unless one chooses otherwise; `choice` is what choosing it sends."""

    name: str
    thing: str
    href: str
    why: str
    fields: list[Beside]
    choice: str


def effect_of(lines: list[Outlook]) -> list[str]:
    """What an undo does, largest first: "changes 12× relation", "brings back 3× tag"."""
    sentences = []
    for done in "UID":
        counts: Counter[str] = Counter()
        for line in lines:
            if line.done == done and not line.is_left:
                counts[thing_of(line.table)] += line.count
        if counts:
            sentences.append(_sentence(done, ", ".join(f"{count}× {thing}" for thing, count in counts.most_common())))
    return sentences


def left_of(conflicts: list[Conflict]) -> list[Left]:
    """Conflicts as a page shows them."""
    rows = [of_conflict(one) for one in conflicts]
    present = [Row(row.table, row.kind, row.row_id, row.about_id, row.operation_id, one.made, one.present or {})
               for row, one in zip(rows, conflicts, strict=True)]  # fmt: skip
    names = Names([*rows, *present])
    who = names_of_seats({later.seat_id for one in conflicts for later in one.later.values()})
    known = models_by_table()
    return [
        Left(
            name=change.name,
            thing=change.thing,
            href=change.href,
            why=_why(one),
            fields=_fields(one, known[one.table], names, who) if one.kind == "U" else [],
            choice=f"{one.row_id}:{one.last_change}" if one.may_be_chosen else "",
        )
        for change, one in zip(shown(rows, names), conflicts, strict=True)
    ]


def _why(one: Conflict) -> str:
    if one.kind == "I":
        return _("It was used or changed since, so it is not removed.")
    if one.kind == "D":
        return _("It is here again already.")
    return "" if one.present is not None else _("It is no longer here.")


def _fields(one: Conflict, model: type[models.Model], names: Names, who: dict[UUID, str]) -> list[Beside]:
    if one.present is None:
        return []
    fields = []
    for column in one.differing:
        later = one.later.get(column)
        made = field_changes(model, {column: one.before.get(column)}, {column: one.made.get(column)}, names)
        present = field_changes(model, {column: one.made.get(column)}, {column: one.present.get(column)}, names)
        by_label = {line.label: line for line in present}
        for line in made:
            is_now = by_label.get(line.label)
            if is_now is None:
                continue
            fields.append(
                Beside(
                    line.label,
                    line.before,
                    line.after,
                    is_now.after,
                    who.get(later.seat_id, "") if later and later.seat_id else "",
                    later.at if later else None,
                )
            )
    return fields


def chosen_of(texts: list[str]) -> list[Chosen]:
    """What somebody chose to turn back anyway, as the page sent it; what is none is nothing."""
    chosen = []
    for text in texts:
        row, _colon, last = text.partition(":")
        try:
            chosen.append(Chosen(UUID(row), int(last)))
        except ValueError:
            continue
    return chosen


def proof_before(request: HttpRequest, operation_id: UUID) -> HttpResponse | None:
    """The page that asks who somebody is before they turn back a change of rights; None for everything else."""
    return ask_for_proof(request) if touches_rights(operation_id) else None
