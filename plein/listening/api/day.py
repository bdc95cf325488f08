# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the day of somebody who listens: its minutes, and what is done with what was heard."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.payloads import Invalid, Payload, act
from plein.listening import actions
from plein.listening.queries import day_of
from plein.listening.refusals import CannotListen
from plein.listening.vocabulary import MOST_MINUTES
from plein.moments.models import Moment
from plein.trust.seats import seat_of

router = Router(tags=["listening"])


class MinutesOut(BaseModel):
    """How many minutes a day one listens on each network, 0 for as long as one likes; and what today took on each."""

    minutes: int
    spent: dict[str, float]


class MinutesIn(Payload):
    """So many minutes on each network; 0 for as long as one likes."""

    minutes: Annotated[int, Field(ge=0, le=MOST_MINUTES)]


class NewDoing(Payload):
    """`todo` puts it on one's list, `person` adds who wrote it, `follow` follows them, `read` does nothing more."""

    doing: Literal["read", "todo", "person", "follow"]


@router.get("/listening/minutes", response=MinutesOut, summary="Read how many minutes a day one listens")
def read_minutes(request: HttpRequest) -> MinutesOut:
    """On each network; 0 is for as long as one likes. With what today took so far."""
    day = day_of(seat_of(request).seat_id)
    return MinutesOut(minutes=day.minutes, spent={network: round(took, 1) for network, took in day.spent.items()})


@router.put("/listening/minutes", response=MinutesOut, summary="Choose how many minutes a day one listens")
def set_minutes(request: HttpRequest, payload: MinutesIn) -> MinutesOut:
    """Kept for the day, on whichever device; tomorrow they are whole again."""
    actions.set_minutes(actor=seat_of(request), minutes=payload.minutes)
    return read_minutes(request)


@router.post("/listening/heard/{moment_id}", response={204: None}, summary="Do something with what was heard")
def do_with(request: HttpRequest, moment_id: UUID, payload: NewDoing) -> None:
    """A to-do, adding who wrote it as a person, following them, or nothing more; one is done with it then."""
    moment = Moment.objects.filter(id=moment_id, kind="post").first()
    if moment is None:
        raise Http404
    try:
        with act(request, "do_with_heard"):
            actions.do_with(actor=seat_of(request), moment=moment, doing=payload.doing)
    except CannotListen as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
