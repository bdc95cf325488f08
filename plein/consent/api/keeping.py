# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to how long data are kept."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from pydantic import BaseModel, Field

from plein.consent import actions
from plein.consent.api.door import router
from plein.consent.queries.retention import AT_ONCE, Due, due_of, looked_at, rules
from plein.core.payloads import Payload, act, needs
from plein.trust.seats import seat_of


class RetentionOut(BaseModel):
    """One kind of data: how long it is kept, and whether Plein asks about what is older."""

    key: str
    label: str
    months: int
    is_on: bool
    is_put_off: bool


class RetentionDue(RetentionOut):
    """And how much of it is older, counted to just past ten thousand, with the names of a few."""

    count: int
    names: list[str]


class RetentionList(BaseModel):
    """Every kind of data with a rule of its own."""

    items: list[RetentionOut]


class RetentionChange(Payload):
    """How long, and whether Plein asks."""

    months: Annotated[int, Field(ge=1, le=1200)]
    is_on: bool


class RetentionWord(Payload):
    """The word that deletes what is due: no more than so many."""

    expected: Annotated[int, Field(ge=1, le=AT_ONCE)]


class RetentionDone(BaseModel):
    """How many were deleted, and under which operation; a run goes on in the background."""

    count: int
    operation: UUID | None
    run: UUID | None


def _found(key: str) -> Due:
    due = due_of(key)
    if due is None:
        raise Http404
    return due


def _facts(due: Due) -> dict[str, object]:
    return {
        "key": due.keeping.key,
        "label": str(due.keeping.label),
        "months": due.months,
        "is_on": due.is_on,
        "is_put_off": due.is_put_off,
    }


def _due(key: str) -> RetentionDue:
    due = looked_at(_found(key))
    return RetentionDue.model_validate({**_facts(due), "count": due.count or 0, "names": list(due.names)})


@router.get("/retention", response=RetentionList, summary="List how long data are kept")
@needs("manage")
def list_retention(request: HttpRequest) -> RetentionList:
    """Rules are off until somebody switches them on."""
    del request
    return RetentionList(items=[RetentionOut.model_validate(_facts(one)) for one in rules()])


@router.get("/retention/{key}", response=RetentionDue, summary="Look what is older than a rule says")
@needs("manage")
def read_retention(request: HttpRequest, key: str) -> RetentionDue:
    """As far as one may see it."""
    del request
    return _due(key)


@router.put("/retention/{key}", response=RetentionDue, summary="Choose how long data are kept")
@needs("manage")
def set_retention(request: HttpRequest, key: str, payload: RetentionChange) -> RetentionDue:
    """Nothing is deleted by it."""
    due = _found(key)
    with act(request, "set_retention"):
        actions.set_retention(actor=seat_of(request), due=due, months=payload.months, is_on=payload.is_on)
    return _due(key)


@router.post("/retention/{key}/put-off", response=RetentionDue, summary="Keep for now what is older")
@needs("manage")
def put_off(request: HttpRequest, key: str) -> RetentionDue:
    """Plein asks again in three months."""
    due = _found(key)
    with act(request, "put_off_retention"):
        actions.put_off(actor=seat_of(request), due=due)
    return _due(key)


@router.post("/retention/{key}/delete", response=RetentionDone, summary="Delete what is older than a rule says")
@needs("manage", "delete")
def delete_due(request: HttpRequest, key: str, payload: RetentionWord) -> RetentionDone:
    """As one operation, which can be turned back for thirty days; but for letters that never left."""
    removed = actions.delete_due(actor=seat_of(request), due=_found(key), expected=payload.expected)
    request.operation_id = removed.operation_id  # type: ignore[attr-defined]
    return RetentionDone(count=removed.count, operation=removed.operation_id, run=removed.run_id)
