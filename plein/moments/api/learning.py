# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what Plein learned, which of it is used, and what Plein would like to ask."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.payloads import Payload, act, needs
from plein.moments import actions
from plein.moments.models import Learned
from plein.moments.queries.learned import doubts, learned_versions, said_since
from plein.trust.seats import seat_of

router = Router(tags=["moments"])


class LearnedOut(BaseModel):
    """What was learned at one time. `right_before` and `right_after` are shares of `judged` corrections that it did not
    learn from.
    """

    number: int
    made_at: datetime
    is_in_use: bool
    learned_from: int
    judged: int
    right_before: float
    right_after: float
    base: str


class LearnedList(BaseModel):
    """What was learned, the latest first, and how many corrections came since."""

    items: list[LearnedOut]
    corrections_since: int


class ChosenLearned(Payload):
    """Which of it to read texts with; null reads them as everywhere."""

    number: Annotated[int, Field(ge=1, le=999_999)] | None


class DoubtOut(BaseModel):
    """A text of which Plein is unsure whether it is a `label`. `at_random`: asked to see what it is too sure of."""

    moment: UUID
    label: str
    probability: float
    title: str
    text: str
    at_random: bool


class DoubtList(BaseModel):
    """What Plein would like to ask first."""

    items: list[DoubtOut]


@router.get("/learning", response=LearnedList, summary="Read what Plein learned")
def read_learning(request: HttpRequest) -> LearnedList:
    """Each version with its figures; at most one is in use."""
    del request
    return _read()


@router.put("/learning", response=LearnedList, summary="Choose which of what was learned is used")
@needs("manage")
def choose_learned(request: HttpRequest, payload: ChosenLearned) -> LearnedList:
    """What came lately is read again soon, the rest at night."""
    chosen = None
    if payload.number is not None:
        chosen = Learned.objects.filter(number=payload.number).order_by("-id").first()
        if chosen is None:
            raise Http404
    with act(request, "choose_learned"):
        actions.choose_learned(actor=seat_of(request), learned=chosen)
    return _read()


@router.get("/learning/questions", response=DoubtList, summary="List what Plein is most unsure about")
def list_doubts(request: HttpRequest) -> DoubtList:
    """Answer with `POST /moments/{id}/corrections`."""
    del request
    items = [
        DoubtOut(
            moment=one.moment_id,
            label=one.label,
            probability=one.chance,
            title=one.title,
            text=one.text,
            at_random=one.is_at_random,
        )
        for one in doubts()
    ]
    return DoubtList(items=items)


def _read() -> LearnedList:
    found = learned_versions()
    items = [
        LearnedOut(
            number=one.number,
            made_at=one.made_at,
            is_in_use=one.is_in_use,
            learned_from=one.learned_from,
            judged=one.figures.get("judged", 0),
            right_before=one.figures.get("right_before", 0.0),
            right_after=one.figures.get("right_after", 0.0),
            base=one.base,
        )
        for one in found
    ]
    return LearnedList(items=items, corrections_since=said_since(found[0] if found else None))
