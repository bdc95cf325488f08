# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to which channels and networks our relations use."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.paging import NotUnderstood
from plein.lists.conditions import BadFilter
from plein.lists.kinds import kind_of
from plein.lists.query import ViewQuery, ids, open_view
from plein.moments.queries.channels import channels_used
from plein.trust.seats import seat_of

router = Router(tags=["listening"])
#: Of so many relations of a filter the figures of channels are made.
MOST_AMONG = 5000


class ChannelOut(BaseModel):
    """A channel or network: how many of a hundred relations we were in touch with there, and how soon they answer."""

    kind: str
    network: str
    relations: int
    of_hundred: int
    speaking: int
    theirs: int
    ours: int
    answers: int
    answer_seconds: float | None


class ChannelList(BaseModel):
    """With how many relations we were in touch at all, and on which channels, the most used first."""

    relations: int
    items: list[ChannelOut]


@router.get("/listening/channels", response=ChannelList, summary="Count which channels and networks relations use")
def list_channels(
    request: HttpRequest,
    kind: Literal["person", "organization"] = "person",
    days: Annotated[int, Field(ge=1, le=366)] = 90,
    f: Annotated[str, Field(max_length=3000, description="A filter, as in the address of their list.")] = "",
) -> ChannelList:
    """Of what one may see: of all of them, or of the first 5,000 that a filter finds."""
    among = None
    if f:
        try:
            among = ids(open_view(ViewQuery.read(kind_of(kind), {"f": f}), seat_of(request)), limit=MOST_AMONG)
        except BadFilter as trouble:
            raise NotUnderstood("f", str(trouble)) from trouble
    total, found = channels_used(days, kind, among)
    names = ("kind", "network", "relations", "speaking", "theirs", "ours", "answers")
    items = [
        ChannelOut(
            of_hundred=one.share,
            answer_seconds=one.waited.total_seconds() if one.waited is not None else None,
            **{name: getattr(one, name) for name in names},
        )
        for one in found
    ]
    return ChannelList(relations=total, items=items)
