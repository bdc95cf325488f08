# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a list can show, ask, sort and change: fields of records, and links to other records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from plein.lists.keyset import Segment, nothing
from plein.lists.operators import OPERATORS, FieldType, Operator, Words
from plein.lists.outcomes import Outcome
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Ref:
    """Something with a name: a relation, a colleague, a tag. `kind` chooses how it is drawn, `href` where it leads.

    `note` is a small word beside the name.
    """

    id: UUID | None
    name: str
    kind: str = ""
    href: str = ""
    photo: str = ""
    note: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the choices of a field: its key and its words."""

    key: str
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str = "EUR"

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


#: The value of a cell, before it becomes HTML, a cell of a spreadsheet or JSON. An empty cell is None or "".
type Value = (
    str | int | bool | Decimal | date | datetime | time | Money | Ref | Chosen | tuple[Ref | Chosen | str, ...] | None
)


@dataclass(frozen=True, slots=True)
class Question:
    """A test whose values were read: what a field turns into a condition."""

    operator: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """How a cell is changed in place: through an action, like everywhere else.

    `initial(record)` is what stands in the control and `save(actor, record, value, based_on)` the action; it raises
    `EditConflict` when somebody was first and a `ValueError` in words when it refuses. `attribute` names the value in
    a conflict. `made` is the field when the company made it itself, and `version(record)` what an
    edit is based on where that is not the version of the record. `many(actor, ids, value)` gives many records the same
    value in a few statements; without it they are saved one by one. `then(record)` is what follows from the change: a
    sentence, and the address where one goes on.
    """

    attribute: str
    initial: Callable[[Any], Any]
    save: Callable[[Entrance, Any, Any, int], Any]
    verb: str
    longest: int = 200
    is_required: bool = False
    made: Any = None
    version: Callable[[Any], int] | None = None
    many: Callable[[Entrance, list[UUID], Any], Outcome] | None = None
    then: Callable[[Any], tuple[str, str] | None] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its key, its words, and the heading it stands under."""

    key: str
    words: str
    group: str = ""


def _everybody(actor: Entrance) -> bool:
    del actor
    return True


@dataclass(frozen=True, slots=True)
class ListField:
    """One field of a kind. What is None it cannot do.

    value        the value of a row that was read with `annotations`
    load         the values of all rows of a page at once, in one statement, by id
    where        a question as a condition on the kind's query set: columns or `Exists`, never what was asked for
    reach        ids that a question leads to, along an index; makes a narrow question drive the list
    sort         the stretches of the list in rising order
    choices      what there is to choose, for filters and for editing
    names        the names behind ids in a question: a query set of pairs
    heading      the heading under which a row stands when the list is grouped by this field: key and words
    may_read     who may see it, sort by it and ask about it
    alone        for a field of a link: sentences that go on where those of the link end, by operator
    style        how a time is written: `short`, `due`, `when`
    classes      of its cells: `keep` stays on a phone, `extra` leaves on a tablet, `end` aligns numbers, `soft`
    is_retired   it is kept, but no longer in use
    """

    key: str
    label: Words
    type: FieldType = FieldType.TEXT
    value: Callable[[Any], Value] | None = None
    load: Callable[[Sequence[Any]], Mapping[UUID, Value]] | None = None
    annotations: Callable[[], dict[str, Any]] = field(default=nothing)
    related: tuple[str, ...] = ()
    where: Callable[[Question], Q] | None = None
    reach: Callable[[Question], QuerySet[Any, Any] | None] | None = None
    operators: tuple[str, ...] = ()
    sort: tuple[Segment, ...] | None = None
    choices: Callable[[], list[Choice]] | None = None
    names: Callable[[Sequence[str]], QuerySet[Any, Any]] | None = None
    heading: Callable[[Value], tuple[str, str]] | None = None
    edit: Edit | None = None
    may_read: Callable[[Entrance], bool] = _everybody
    classes: str = ""
    alone: Mapping[str, Words] = field(default_factory=dict)
    style: str = ""
    target: tuple[str, ...] = ()
    is_retired: bool = False

    @property
    def is_column(self) -> bool:
        return self.value is not None or self.load is not None

    @property
    def asked(self) -> tuple[Operator, ...]:
        """The operators of this field."""
        known = OPERATORS[self.type]
        return tuple(one for one in known if one.key in self.operators) if self.operators else known

    def operator(self, key: str) -> Operator | None:
        return next((one for one in self.asked if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Link:
    """A way from a record to other rows: to its organizations, its moments, its ties.

    rows     query sets of the rows between, bound to `OuterRef("id")` and annotated with `far_id`, the record at
             their other end; more than one where a row can stand either way round
    fields   what one can ask of the rows themselves
    to       the kind at the other end, whose fields can be asked too; "" for none
    back     the same rows not bound to a record, and the column of them that holds it: where an index leads from the
             other end back to this kind, so that a narrow question can drive the list
    """

    key: str
    label: Words
    some: Words
    none: Words
    some_with: Words
    none_with: Words
    rows: Callable[[], Sequence[QuerySet[Any, Any]]]
    fields: tuple[ListField, ...] = ()
    to: str = ""
    back: tuple[Callable[[], QuerySet[Any, Any]], str] | None = None
