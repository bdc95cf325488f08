# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what waits for a decision at a connection: both sides said otherwise, or somebody is not there."""

from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel

from plein.channels.models import Connection
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Impossible, Payload, needs
from plein.dav.actions import deciding
from plein.dav.models import Mirrored
from plein.dav.queries.mirrored import waiting
from plein.dav.undecided import Undecided, undecided
from plein.trust.seats import seat_of

router = Router(tags=["connections"])
PAGE = 50


class SaidOtherwiseOut(BaseModel):
    """What both sides changed, and what each says of it, in words for people."""

    what: str
    ours: str
    theirs: str


class ElsewhereOut(BaseModel):
    """What waits for a decision: `differs` holds what both sides changed.

    With `is_gone` somebody is not in the address book elsewhere any more, and there is nothing to choose between.
    """

    id: UUID
    collection: str
    title: str
    relation: UUID | None
    moment: UUID | None
    todo: UUID | None
    is_gone: bool
    differs: list[SaidOtherwiseOut]


class ElsewhereList(BaseModel):
    """A page of what waits for a decision at a connection, and where the next one starts."""

    items: list[ElsewhereOut]
    next: str | None


class WhatHolds(Payload):
    """Which of two holds: ours is written there, or theirs comes here."""

    holds: Literal["ours", "theirs"]


@router.get(
    "/connections/{connection_id}/elsewhere", response=ElsewhereList, summary="List what waits for a decision elsewhere"
)
@needs("import")
def list_elsewhere(
    request: HttpRequest, connection_id: UUID, limit: Limit = PAGE, cursor: CursorText = ""
) -> ElsewhereList:
    """What both sides changed to something else, and people who are not there any more; of one's own connection."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 7):
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))
    start, actor = int(cursor or 0), seat_of(request)
    found = list(waiting(_own(request, connection_id).id)[start : start + limit + 1])
    gone = {one.id for one in found if not one.theirs}
    items = [_told(one, is_gone=one.id in gone) for one in undecided(actor, found[:limit])]
    return ElsewhereList(items=items, next=str(start + limit) if len(found) > limit else None)


@router.post(
    "/connections/{connection_id}/elsewhere/{entry_id}/decide",
    response={204: None},
    summary="Say which holds where both sides changed the same",
)
def decide_elsewhere(request: HttpRequest, connection_id: UUID, entry_id: UUID, payload: WhatHolds) -> None:
    """What the other side changed besides comes along either way. Turning the operation back lets it wait again."""
    one = _waiting(request, connection_id, entry_id)
    if not one.theirs:
        raise Impossible(_("Not in the address book there any more: there is nothing to choose, only `leave`."))
    done = deciding.decide_elsewhere(actor=seat_of(request), mirrored=one, is_mine=payload.holds == "ours")
    request.operation_id = done.id  # type: ignore[attr-defined]


@router.post(
    "/connections/{connection_id}/elsewhere/{entry_id}/leave",
    response={204: None},
    summary="Keep somebody who is not in the address book elsewhere any more",
)
def leave_elsewhere(request: HttpRequest, connection_id: UUID, entry_id: UUID) -> None:
    """From now on they are ours alone, and nobody asks again."""
    one = _waiting(request, connection_id, entry_id)
    if one.theirs:
        raise Impossible(_("Both sides changed this: say which holds, with `decide`."))
    done = deciding.leave_elsewhere(actor=seat_of(request), mirrored=one)
    request.operation_id = done.id  # type: ignore[attr-defined]


def _own(request: HttpRequest, connection_id: UUID) -> Connection:
    """Nobody decides for the account of another."""
    found: Connection | None = Connection.objects.filter(id=connection_id, seat_id=seat_of(request).seat_id).first()
    if found is None:
        raise Http404
    return found


def _waiting(request: HttpRequest, connection_id: UUID, entry_id: UUID) -> Mirrored:
    found: Mirrored | None = waiting(_own(request, connection_id).id).filter(id=entry_id).first()
    if found is None:
        raise Http404
    return found


def _told(one: Undecided, *, is_gone: bool) -> ElsewhereOut:
    return ElsewhereOut(
        id=one.id,
        collection=one.collection,
        title=one.title,
        relation=one.relation_id,
        moment=one.moment_id,
        todo=one.todo_id,
        is_gone=is_gone,
        differs=[SaidOtherwiseOut(what=what, ours=ours, theirs=theirs) for what, ours, theirs in one.lines],
    )
