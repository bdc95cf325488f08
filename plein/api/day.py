# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to Today: what the day holds, what waits, and what happened around one."""

from datetime import date, timedelta
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel

from plein.core.ids import now
from plein.moments.api.shapes import MomentItem, ToDoOut, item_of, todo_of
from plein.moments.models import Proposal
from plein.moments.queries import appointments_between, open_follow_ups, recent_activity, todos_open_for
from plein.trust.seats import seat_of

router = Router(tags=["today"])
MOST_TODOS, MOST_PROPOSALS = 40, 100


class Today(BaseModel):
    """A colleague's day, by their own clock.

    `appointments` are of today and tomorrow; of the `unsettled` ones nobody said whether they took place; `follow_ups`
    are moments that name one that is on nobody's list; `proposals` counts addresses that are nobody yet, up to 100.
    """

    day: date
    appointments: list[MomentItem]
    unsettled: list[MomentItem]
    todos: list[ToDoOut]
    follow_ups: list[MomentItem]
    proposals: int
    activity: list[MomentItem]


@router.get("/today", response=Today, summary="Read what the day holds")
def read_today(request: HttpRequest, of: Literal["mine", "all"] = "mine") -> Today:
    """With `of=all` the activity is that of everybody."""
    seat = seat_of(request).seat_id
    start = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    agenda = appointments_between(seat, start, start + timedelta(days=2))
    waiting = Proposal.objects.filter(decision="open").order_by()[:MOST_PROPOSALS].count()
    return Today(
        day=start.date(),
        appointments=[item_of(line) for line in agenda.appointments],
        unsettled=[item_of(line) for line in agenda.unsettled],
        todos=[todo_of(todo) for todo in todos_open_for(seat, done_since=start, limit=MOST_TODOS)],
        follow_ups=[item_of(line) for line in open_follow_ups(seat)],
        proposals=waiting,
        activity=[item_of(line) for line in recent_activity(seat, everybody=of == "all")],
    )
