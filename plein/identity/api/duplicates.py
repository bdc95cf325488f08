# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who may be here twice: the pairs, what is said of them, comparing the book, and when one is sure."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.operations import EditConflict
from plein.core.payloads import Impossible, Invalid, Payload, act, needs
from plein.identity import actions
from plein.identity.actions import CannotDecide
from plein.identity.api.door import MatchReasonOut, router
from plein.identity.models import BookRun, Pair
from plein.identity.queries.duplicates import (
    Two,
    duplicates,
    last_run,
    open_pairs,
    rightness,
    sure_from,
)
from plein.identity.wording import lines_of
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.trust.seats import seat_of

MOST = 50


class DuplicateEndOut(BaseModel):
    """One of two."""

    id: UUID
    name: str
    version: int


class DuplicateOut(BaseModel):
    """Two who may be one: `left` is proposed to stay. Bits are the last sum of the reasons."""

    id: UUID
    left: DuplicateEndOut
    right: DuplicateEndOut
    bits: float
    probability: float
    is_sure: bool
    reasons: list[MatchReasonOut]


class DuplicatesOut(BaseModel):
    """The pairs of a page, the surest first, and whether there are more."""

    items: list[DuplicateOut]
    sure_from: float
    is_more: bool


class DuplicateDecisionIn(Payload):
    """What is said of two: one person, two people, or later."""

    said: Literal["same", "apart", "later"]
    into: UUID | None = Field(default=None, description="Of same: who stays; otherwise the one that is proposed.")


class DuplicateDecidedOut(BaseModel):
    """By which operation it is turned back."""

    operation: UUID


class DuplicatesMergeIn(Payload):
    """Several pairs; each must be sure."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


class DuplicateLeftOut(BaseModel):
    """A pair that was left as it is, and why."""

    id: UUID
    reason: str


class DuplicatesMergedOut(BaseModel):
    """The operations, one for each pair; `together` turns them all back."""

    together: UUID
    operations: list[UUID]
    left: list[DuplicateLeftOut]


class DuplicatesPartIn(Payload):
    """Which merges."""

    together: UUID


class DuplicatesPartedOut(BaseModel):
    """So many were parted, and so many could not be."""

    parted: int
    left: int


class BookRunOut(BaseModel):
    """The last comparing of the book that you began: how far it is, or what came of it."""

    id: UUID
    state: str
    step: str
    done: int
    total: int
    people: int
    pairs: int
    problem: str
    created_at: datetime
    finished_at: datetime | None


class SurenessStepOut(BaseModel):
    """What deciding from so many bits on would have come to, by what was said of pairs."""

    bits: float
    precision: float
    recall: float
    pairs: int


class SurenessOut(BaseModel):
    """From how many bits on several may be merged at once."""

    bits: float
    steps: list[SurenessStepOut]


class SurenessIn(Payload):
    """From how many bits on one is sure."""

    bits: Annotated[float, Field(allow_inf_nan=False)]


def _out(two: Two, at: float) -> DuplicateOut:
    left, right = (
        DuplicateEndOut(id=one.relation.id, name=one.relation.name, version=one.relation.version)
        for one in (two.left, two.right)
    )
    return DuplicateOut(
        id=two.id,
        left=left,
        right=right,
        bits=round(two.bits, 2),
        probability=round(two.probability, 4),
        is_sure=two.is_sure(at),
        reasons=[
            MatchReasonOut(
                field=one.field, level=one.level, words=one.words, bits=round(one.bits, 2), sum=round(one.sum, 2)
            )
            for one in lines_of(two.prior, two.reasons)
        ],
    )


@router.get("/duplicates", response=DuplicatesOut, summary="Who may be here twice")
@needs("read")
def list_duplicates(
    request: HttpRequest,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 25,
    brought_by: UUID | None = None,
) -> DuplicatesOut:
    """Pairs of whom nobody said anything yet, the surest first: found by comparing the book, or left open by an import.

    `brought_by` is the address book whose doubtful entries are asked for alone.
    """
    del request
    start = (page - 1) * limit
    pairs = list(open_pairs(brought_by)[start : start + limit + 1])
    found, at = duplicates(pairs[:limit]), sure_from()
    audit_look("relation", [person.relation for two in found for person in (two.left, two.right)], how="list")
    return DuplicatesOut(items=[_out(two, at) for two in found], sure_from=at, is_more=len(pairs) > limit)


@router.post("/duplicates/merge", response=DuplicatesMergedOut, summary="Merge several pairs that are surely one")
@needs("delete")
def merge_duplicates(request: HttpRequest, payload: DuplicatesMergeIn) -> DuplicatesMergedOut:
    """Each in an operation of its own. Pairs that are not sure, or cannot be merged, are left with the reason."""
    pairs = Pair.objects.filter(id__in=payload.ids).order_by("-bits", "id")
    try:
        merged = actions.merge_sure(actor=seat_of(request), pairs=pairs)
    except CannotDecide as refusal:
        raise Impossible(str(refusal)) from refusal
    left = [DuplicateLeftOut(id=one, reason=reason) for one, reason in merged.left]
    return DuplicatesMergedOut(together=merged.together, operations=merged.operations, left=left)


@router.post("/duplicates/part", response=DuplicatesPartedOut, summary="Turn back what was merged at once")
@needs("delete")
def part_duplicates(request: HttpRequest, payload: DuplicatesPartIn) -> DuplicatesPartedOut:
    """All merges of one request, the last first; those of somebody else are none."""
    parted, left = actions.part_again(actor=seat_of(request), together=payload.together)
    if not parted and not left:
        raise Http404
    return DuplicatesPartedOut(parted=parted, left=left)


@router.post("/duplicates/compare", response={202: BookRunOut}, summary="Compare everybody with everybody")
@needs("write")
def compare_book(request: HttpRequest) -> Status[BookRunOut]:
    """In the background, among the people you see. Nothing is merged."""
    try:
        run = actions.compare_book(actor=seat_of(request))
    except CannotDecide as refusal:
        raise Impossible(str(refusal)) from refusal
    return Status(202, _run_out(run))


@router.get("/duplicates/run", response=BookRunOut, summary="How far comparing is")
@needs("read")
def read_book_run(request: HttpRequest) -> BookRunOut:
    """Yours, the last one."""
    run = last_run(seat_of(request).seat_id)
    if run is None:
        raise Http404
    return _run_out(run)


@router.post("/duplicates/stop", response={204: None}, summary="End comparing that goes on")
@needs("write")
def stop_comparing(request: HttpRequest) -> Status[None]:
    """What was found before stays."""
    actions.stop_comparing(actor=seat_of(request))
    return Status(204, None)


def _run_out(run: BookRun) -> BookRunOut:
    return BookRunOut(
        id=run.id,
        state=run.state,
        step=run.step,
        done=run.done,
        total=run.total,
        people=run.people,
        pairs=run.pairs,
        problem=run.problem,
        created_at=run.created_at,
        finished_at=run.finished_at,
    )


@router.get("/duplicates/sureness", response=SurenessOut, summary="From when two are surely one")
@needs("read")
def read_sureness(request: HttpRequest) -> SurenessOut:
    """With how right that would have been, by what was said of pairs."""
    del request
    steps = [
        SurenessStepOut(bits=one.bits, precision=round(one.precision, 4), recall=round(one.recall, 4), pairs=one.pairs)
        for one in rightness()
    ]
    return SurenessOut(bits=sure_from(), steps=steps)


@router.put("/duplicates/sureness", response=DuplicateDecidedOut, summary="Choose from when two are surely one")
@needs("manage")
def set_sureness(request: HttpRequest, payload: SurenessIn) -> DuplicateDecidedOut:
    """From so many bits on several may be merged at once."""
    with act(request, "set_sureness") as done:
        try:
            actions.be_sure_from(actor=seat_of(request), bits=payload.bits)
        except CannotDecide as refusal:
            raise Invalid({"bits": str(refusal)}) from refusal
    return DuplicateDecidedOut(operation=done.id)


@router.post("/duplicates/{uuid:pair_id}", response=DuplicateDecidedOut, summary="Say what two are")
@needs("write")
def decide_duplicate(request: HttpRequest, pair_id: UUID, payload: DuplicateDecisionIn) -> DuplicateDecidedOut:
    """The same person (they are merged), two people (for good), or later (in a month). Each can be turned back."""
    actor = seat_of(request)
    pair = Pair.objects.filter(id=pair_id).first()
    both = duplicates([pair]) if pair and pair.one_id != pair.other_id else []
    if pair is None or not both:
        raise Http404
    if payload.said == "apart":
        return DuplicateDecidedOut(operation=actions.say_apart(actor=actor, pair=pair).id)
    if payload.said == "later":
        return DuplicateDecidedOut(operation=actions.put_off(actor=actor, pair=pair).id)
    into, other = both[0].left.relation, both[0].right.relation
    if payload.into == other.id:
        into, other = other, into
    try:
        return DuplicateDecidedOut(operation=actions.merge_pair(actor=actor, pair=pair, into=into, other=other).id)
    except (Refused, EditConflict) as refusal:
        raise Impossible(str(refusal)) from refusal
    except Relation.DoesNotExist:
        raise Http404 from None
