# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the picture of the whole network: its groups, its people with their places, and their ties."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.network.api.door import router
from plein.network.kinds import KNOWING
from plein.network.queries import Lens, Period
from plein.network.queries.everybody import NoGroup, Whole, whole
from plein.network.standing_words import Words
from plein.relations.models import Relation


class DrawnGroupOut(BaseModel):
    """A group with its circle in the picture of the whole."""

    number: int
    size: int
    words: str
    x: int
    y: int
    radius: int


class DrawnPersonOut(BaseModel):
    """Somebody with their place in the picture; `group` is the part of it when the picture is of one group."""

    id: UUID
    name: str
    group: int
    x: int
    y: int
    place: int
    joins: list[int]


class DrawnTieOut(BaseModel):
    """A tie between two of the people, by their numbers in the list, from 0."""

    one: int
    other: int
    is_over: bool


class WholeOut(BaseModel):
    """The whole network, or one group; nothing where there was no night yet."""

    at: datetime | None
    people_counted: int
    count: int
    groups: list[DrawnGroupOut]
    people: list[DrawnPersonOut]
    ties: list[DrawnTieOut]


class WholeIn(BaseModel):
    """Which ties, of which group, and how many people, the best known first."""

    tie: str = Field("", pattern=f"^({'|'.join(KNOWING)})?$", description=f"only ties of a kind: {', '.join(KNOWING)}")
    period: Period = Period.NOW
    group: int | None = Field(None, ge=0, le=2_000_000_000, description="only this group, by its number")
    limit: int = Field(500, ge=1, le=4000)


@router.get("/network/whole", response=WholeOut, summary="Read the picture of the whole network")
def read_whole(request: HttpRequest, asked: Annotated[WholeIn, Query()]) -> WholeOut:
    """Places are made each night of what everyone here sees; the ties are those that you see."""
    del request
    try:
        found = whole(group=asked.group, lens=Lens(KNOWING[asked.tie][1] if asked.tie else (), asked.period))
    except NoGroup:
        raise Http404 from None
    if found.census is None:
        return WholeOut(at=None, people_counted=0, count=0, groups=[], people=[], ties=[])
    shown = found.people[: asked.limit]
    names = Relation.objects.in_bulk([one.id for one in shown])
    audit_look("relation", names.values(), how="list")
    number = {old: new for new, old in enumerate(old for old, one in enumerate(shown) if one.id in names)}
    return WholeOut(
        at=found.census.at,
        people_counted=found.census.people,
        count=len(found.people),
        groups=_groups(found),
        people=[
            DrawnPersonOut(
                id=one.id,
                name=names[one.id].name,
                group=one.group,
                x=one.x,
                y=one.y,
                place=one.place,
                joins=list(one.joins),
            )
            for one in shown
            if one.id in names
        ],
        ties=[
            DrawnTieOut(one=number[each.one], other=number[each.other], is_over=each.is_over)
            for each in found.ties
            if each.one in number and each.other in number
        ],
    )


def _groups(found: Whole) -> list[DrawnGroupOut]:
    words = Words((), found.groups)
    return [
        DrawnGroupOut(number=one.number, size=one.size, words=words.group(one), x=one.x, y=one.y, radius=one.radius)
        for one in found.groups
        if one.x is not None and one.y is not None and one.radius is not None
    ]
