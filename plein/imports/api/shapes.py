# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the REST door to address books takes and gives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from plein.core.payloads import Payload
from plein.identity.queries.duplicates import to_decide
from plein.imports.models import ContactImport, Jobs, Mode
from plein.imports.queries import is_told
from plein.trust.audience import Circle
from plein.trust.circles import describe

Column = Annotated[str, Field(max_length=80)]
#: Of the counts, how far turning back is.
UNDO = "undo"


class BookOut(BaseModel):
    """An address book on its way in: how it is read, what was chosen, what would become of it, how far it is.

    `foreseen`, and of `counts` what became of the entries, are for who brought it; for others they are empty.
    """

    id: UUID
    name: str
    state: str
    problem: str
    encoding: str
    delimiter: str
    is_headed: bool
    head: list[str]
    columns: list[str]
    match: str
    mode: str
    jobs: str
    tags: list[str]
    seen_by: str
    foreseen: dict[str, Any]
    position: int
    counts: dict[str, Any]
    to_decide: int
    operation: UUID | None
    created_at: datetime
    finished_at: datetime | None


class BookList(BaseModel):
    """A page of address books, and where the next one starts."""

    items: list[BookOut]
    next: str | None


class EntryChangeOut(BaseModel):
    """A detail that would change."""

    field: str
    old: str
    new: str


class EntryWhoOut(BaseModel):
    """Somebody whom an entry may be."""

    id: UUID
    name: str


class EntryOut(BaseModel):
    """What would become of one entry, and what was decided of it."""

    number: int
    name: str
    becomes: str
    changes: list[EntryChangeOut]
    reasons: list[str]
    who: list[EntryWhoOut]
    decided: str


class EntryList(BaseModel):
    """A page of entries in the order of the file, and where the next one starts."""

    items: list[EntryOut]
    next: str | None


class BookChoices(Payload):
    """How an address book comes in. What is left out stays as it is.

    `columns` says of each column what it holds, in their order: `email`, `phone:work`, `c.` and the key of a field of
    your own, `new:text` (or `number`, `date`, `yes_no`, `link`) to make a field of it, nothing to leave it out. With
    another encoding, delimiter or heading the table is read anew first. `match` is `seems`, `email`, `phone` or
    `nothing`, or `c.` and the key of a field of your own that a column holds. `jobs` says what becomes of the work of
    somebody we know at another organization: `ask` (under `GET /job-news`), `change` or `add`.
    """

    encoding: Annotated[str, Field(max_length=20)] | None = None
    delimiter: Literal["comma", "semicolon", "tab", "bar"] | None = None
    is_headed: bool | None = None
    columns: Annotated[list[Column], Field(max_length=300)] | None = None
    match: Annotated[str, Field(max_length=80)] | None = None
    mode: Literal[*(one.value for one in Mode)] | None = None  # type: ignore[valid-type]
    jobs: Literal[*(one.value for one in Jobs)] | None = None  # type: ignore[valid-type]
    circle: Circle | None = None
    tags: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=15)] | None = None


class Decision(Payload):
    """Of one entry: `new`, `leave`, or the id of whom it is; nothing to leave it open."""

    number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    decided: Annotated[str, Field(max_length=36)]


class Decisions(Payload):
    """What was decided of entries."""

    items: Annotated[list[Decision], Field(min_length=1, max_length=500)]


class EntriesDecided(BaseModel):
    """Of how many entries something was decided."""

    count: int


class BookEnding(Payload):
    """Whether what is in already stays."""

    keep: bool


def books_out(some: Sequence[ContactImport], reader: UUID) -> list[BookOut]:
    """Address books as a program reads them; `to_decide` asks `GET /duplicates` for those `brought_by` it."""
    waiting = to_decide([one.id for one in some])
    return [_out(one, waiting.get(one.id, 0), told=is_told(one, reader)) for one in some]


def book_out(planned: ContactImport, reader: UUID) -> BookOut:
    """An address book as a program of this seat reads it."""
    return books_out([planned], reader)[0]


def _out(planned: ContactImport, waiting: int, *, told: bool) -> BookOut:
    return BookOut(
        id=planned.id,
        name=planned.name,
        state=planned.state,
        problem=planned.problem,
        encoding=planned.encoding,
        delimiter=planned.delimiter,
        is_headed=planned.is_headed,
        head=planned.head,
        columns=planned.mapping,
        match=planned.match,
        mode=planned.mode,
        jobs=planned.jobs,
        tags=planned.tags,
        seen_by=describe(planned.circle_id),
        foreseen=planned.foreseen if told else {},
        position=planned.position,
        counts={name: what for name, what in planned.counts.items() if told or name == UNDO},
        to_decide=waiting,
        operation=planned.operation_id,
        created_at=planned.created_at,
        finished_at=planned.finished_at,
    )
