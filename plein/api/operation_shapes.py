# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was done, and what turning it back would do, as the REST door shows it and is asked for it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Q
from ninja import Schema
from pydantic import AwareDatetime, BaseModel, Field

from plein.core.operations import Wanted
from plein.core.payloads import Payload
from plein.trust.permissions import undoable_by
from plein.trust.seats import Entrance


class Doer(BaseModel):
    """Who did it."""

    id: UUID
    name: str


class OperationItem(BaseModel):
    """One thing that was done; `facts` are counts and ids, never names."""

    id: UUID
    verb: str
    facts: dict[str, Any]
    door: str
    by: Doer | None
    started_at: datetime
    undoes: UUID | None
    undone_by: UUID | None
    may_undo: bool


class OperationList(BaseModel):
    """A page of what was done, and where the next one starts."""

    items: list[OperationItem]
    next: str | None


class OperationFilters(Schema):
    """Which operations to list."""

    by: UUID | None = Field(default=None, description="Only what this seat did.")
    verb: Annotated[str, Field(max_length=60)] = Field(default="", description="Only this verb, and its undo.")
    table: Annotated[str, Field(max_length=63)] = Field(default="", description="Only what touched this table.")
    since: AwareDatetime | None = Field(default=None, description="Only from this moment on.")
    until: AwareDatetime | None = Field(default=None, description="Only before this moment.")
    mine: bool = Field(default=False, description="Only what you did yourself.")
    undoable: bool = Field(default=False, description="Only what you can still turn back.")

    def wanted(self, actor: Entrance) -> Wanted:
        """The same as the history reads it."""
        return Wanted(
            seat_id=actor.seat_id if self.mine else self.by,
            verbs=(self.verb,) if self.verb else (),
            tables=(self.table,) if self.table else (),
            since=self.since,
            until=self.until,
            only=undoable_by(actor) if self.undoable else Q(),
        )


class ChangeOut(BaseModel):
    """One row that was added (`I`), changed (`U`) or removed (`D`), with the values that differ."""

    table: str
    row: UUID
    kind: str
    at: datetime
    operation: UUID
    verb: str
    by: Doer | None
    is_undone: bool
    before: dict[str, Any]
    after: dict[str, Any]


class ChangeList(BaseModel):
    """A page of changes, the newest first, and where the next one starts."""

    items: list[ChangeOut]
    next: str | None


class OperationOut(OperationItem):
    """One thing that was done, and what it did as far as the reader may see it: its first changes."""

    changes: list[ChangeOut]
    has_more: bool


class UndoPreview(BaseModel):
    """What turning back would leave alone, because it was changed afterwards."""

    left_alone: list[ChangeOut]


class EffectOut(BaseModel):
    """So many rows of a table would be changed (`U`), brought back (`I`) or removed (`D`), or left alone."""

    table: str
    done: str
    is_left: bool
    count: int


class ConflictOut(BaseModel):
    """A row that was changed since, so that it is left alone: as it was, as the operation left it, and as it is now.

    `last_change` goes into `anyway` when it is to be turned back all the same.
    """

    table: str
    row: UUID
    kind: str
    before: dict[str, Any]
    made: dict[str, Any]
    now: dict[str, Any] | None
    changed_by: list[Doer]
    last_change: int
    may_be_chosen: bool


class UndoOutlook(BaseModel):
    """What turning back would do, and where somebody was later."""

    effect: list[EffectOut]
    conflicts: list[ConflictOut]


class AnywayIn(Payload):
    """A row to turn back although it was changed since, if nobody changed it after you looked."""

    row: UUID
    last_change: Annotated[int, Field(ge=1, lt=2**63)]


class UndoWish(Payload):
    """What was changed since is left alone, but for what is named here; how that is now stays in the history."""

    anyway: Annotated[list[AnywayIn], Field(max_length=1000)] = Field(default_factory=list)


class RemovedOut(BaseModel):
    """Something in the recycle bin; turning its operation back brings it back."""

    kind: Literal["relation", "moment", "todo"]
    id: UUID
    name: str
    operation: UUID
    by: Doer | None
    at: datetime


class RemovedList(BaseModel):
    """A page of what was removed in the last thirty days, the newest first."""

    items: list[RemovedOut]
    next: str | None


class Undone(BaseModel):
    """What turning back did: its own operation, the rows turned back, and those left alone as changed since.

    When it is much a worker does it: then `is_busy`, and the operation itself tells when it is undone.
    """

    operation: UUID | None
    turned_back: int
    left_alone: int
    is_busy: bool
