# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to acts on many rows: begin, follow, pause, cancel, turn back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Impossible, Invalid, Payload
from plein.lists.api.door import router
from plein.lists.api.rows import found_kind
from plein.lists.bulk import actions
from plein.lists.bulk.acts import CannotChange, WishRefused, act_of, acts_of
from plein.lists.bulk.models import BulkRun
from plein.lists.bulk.queries import failures_of, look_of, looks_of
from plein.lists.conditions import BadFilter
from plein.lists.selection import Selection
from plein.trust.permissions import may
from plein.trust.seats import seat_of

PAGE = 50


class ActField(BaseModel):
    """What is to be filled in for an act; `choices` are the values it takes, when they are known."""

    name: str
    label: str
    choices: list[str]


class ActOut(BaseModel):
    """Something that can be done with many rows of a list."""

    act: str
    words: str
    is_removal: bool
    fields: list[ActField]


class ActList(BaseModel):
    """What the reader may do with many rows of a list."""

    items: list[ActOut]


class RunOut(BaseModel):
    """An act on many rows: how far it is, and what came of it. `look` says in one word how it stands."""

    id: UUID
    kind: str
    act: str
    state: str
    look: str
    total: int
    done: int
    changed: int
    failed: int
    left_alone: int
    problem: str
    operation: UUID
    created_at: datetime
    finished_at: datetime | None


class RunList(BaseModel):
    """What oneself did to many rows, the latest first."""

    items: list[RunOut]
    next: str | None


class FailureOut(BaseModel):
    """A row that was left as it was, and why."""

    id: UUID
    record: UUID
    name: str
    reason: str


class FailureList(BaseModel):
    """A page of rows that were left as they were."""

    items: list[FailureOut]
    next: str | None


Text = Annotated[str, Field(max_length=2000)]
Texts = Annotated[list[Text], Field(max_length=200)]


class Many(Payload):
    """Which rows, and with which values: either `ids`, or `view`, the query string of a list (`f=place:is:Zwolle`)."""

    ids: Annotated[list[UUID], Field(max_length=5000)] = []
    view: Annotated[str, Field(max_length=4000)] | None = None
    values: dict[Annotated[str, Field(max_length=90)], Text | Texts] = {}


class RunEnding(Payload):
    """Whether what is done already stays."""

    keep: bool


@router.get("/lists/{kind}/acts", response=ActList, summary="List what can be done with many rows")
def list_acts(request: HttpRequest, kind: str) -> ActList:
    """By this reader."""
    actor = seat_of(request)
    items = []
    for one in acts_of(found_kind(kind).key):
        if may(actor, one.permission):
            form, later = one.opened({}), one.steps.later if one.steps else {}
            fields = [_field(name, field) for name, field in form.fields.items()] if form else []
            fields += [ActField(name=name, label=str(words), choices=[]) for name, words in later.items()]
            items.append(
                ActOut(
                    act=one.key,
                    words=str(one.words),
                    is_removal=one.is_removal,
                    fields=fields,
                )
            )
    return ActList(items=items)


def _field(name: str, field: Any) -> ActField:
    choices = [str(value) for value, _label in getattr(field, "choices", ()) if isinstance(value, str)]
    return ActField(name=name, label=str(field.label or name), choices=choices[:200])


@router.post("/lists/{kind}/acts/{act}", response={201: RunOut}, summary="Do something with many rows")
def begin_act(request: HttpRequest, kind: str, act: str, payload: Many) -> Status[RunOut]:
    """A few at once, many in the background; all of it is one operation. Rows that may not be seen are left alone."""
    actor, known = seat_of(request), found_kind(kind)
    try:
        act_of(known.key, act)
    except CannotChange:
        raise Http404 from None
    selection = Selection(known.key, chosen=tuple(payload.ids), view=payload.view)
    if bool(payload.ids) == (payload.view is not None):
        raise Invalid({"ids": _("Send either the ids of rows, or the view they are in.")})
    wish = {name: [given] if isinstance(given, str) else list(given) for name, given in payload.values.items()}
    try:
        ids = (one for batch in selection.batches(actor) for one in batch)
        run = actions.change_many(actor=actor, kind=known.key, ids=ids, act=act, wish=wish)
    except BadFilter as trouble:
        raise Invalid({"view": str(trouble)}) from trouble
    except WishRefused as refusal:
        raise Invalid({f"values.{name}": " ".join(said) for name, said in refusal.errors.items()}) from refusal
    except CannotChange as refusal:
        raise Impossible(str(refusal)) from refusal
    if run.finished_at is not None and run.changed:
        request.operation_id = run.operation_id  # type: ignore[attr-defined]
    return Status(201, _run(run))


@router.get("/runs", response=RunList, summary="List what one did to many rows")
def list_runs(request: HttpRequest, limit: Limit = PAGE, cursor: CursorText = "") -> RunList:
    """The latest first."""
    start = _start(cursor)
    mine = BulkRun.objects.filter(seat_id=seat_of(request).seat_id).order_by("-created_at", "-id")
    found = list(mine[start : start + limit + 1])
    items = [_run(one, look) for one, look in zip(found[:limit], looks_of(found[:limit]), strict=True)]
    return RunList(items=items, next=str(start + limit) if len(found) > limit else None)


@router.get("/runs/{run_id}", response=RunOut, summary="Read how far an act on many rows is")
def read_run(request: HttpRequest, run_id: UUID) -> RunOut:
    """Ask again while its `look` is `waiting` or `running`."""
    del request
    return _run(_found(run_id))


@router.get("/runs/{run_id}/failures", response=FailureList, summary="List the rows that were left as they were")
def list_failures(request: HttpRequest, run_id: UUID, limit: Limit = PAGE, cursor: CursorText = "") -> FailureList:
    """And why."""
    del request
    run = _found(run_id)
    try:
        after = UUID(cursor) if cursor else None
    except ValueError as trouble:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble
    found = failures_of(run, after=after, limit=limit + 1)
    items = [FailureOut(id=one.id, record=one.record_id, name=one.name, reason=one.reason) for one in found[:limit]]
    return FailureList(items=items, next=str(items[-1].id) if len(found) > limit else None)


@router.post("/runs/{run_id}/pause", response=RunOut, summary="Let an act on many rows rest")
def pause_run(request: HttpRequest, run_id: UUID) -> RunOut:
    """What is done stays done."""
    with _in_words():
        return _run(actions.pause_run(actor=seat_of(request), run=_found(run_id)))


@router.post("/runs/{run_id}/resume", response=RunOut, summary="Let an act on many rows go on")
def resume_run(request: HttpRequest, run_id: UUID) -> RunOut:
    """From where it stopped."""
    with _in_words():
        return _run(actions.resume_run(actor=seat_of(request), run=_found(run_id)))


@router.post("/runs/{run_id}/cancel", response=RunOut, summary="End an act on many rows for good")
def cancel_run(request: HttpRequest, run_id: UUID, payload: RunEnding) -> RunOut:
    """Keep what is done already, or turn that back."""
    with _in_words():
        return _run(actions.cancel_run(actor=seat_of(request), run=_found(run_id), keep=payload.keep))


@router.post("/runs/{run_id}/undo", response=RunOut, summary="Turn an act on many rows back")
def undo_run(request: HttpRequest, run_id: UUID) -> RunOut:
    """All of it; when it is much, a worker does it."""
    with _in_words():
        return _run(actions.undo_run(actor=seat_of(request), run=_found(run_id)))


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except CannotChange as refusal:
        raise Impossible(str(refusal)) from refusal


def _found(run_id: UUID) -> BulkRun:
    run: BulkRun | None = BulkRun.objects.filter(id=run_id).first()
    if run is None:
        raise Http404
    return run


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 7:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))


def _run(run: BulkRun, look: str = "") -> RunOut:
    return RunOut(
        id=run.id,
        kind=run.kind,
        act=run.act,
        state=run.state,
        look=look or look_of(run),
        total=run.total,
        done=run.done,
        changed=run.changed,
        failed=run.failed,
        left_alone=run.left_alone,
        problem=run.problem,
        operation=run.operation_id,
        created_at=run.created_at,
        finished_at=run.finished_at,
    )
