# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who sees what: the readers of any record with the reason, what a move would do, and the move."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from plein.core.payloads import Invalid, Payload, act, checked
from plein.trust.actions import place
from plein.trust.api.door import router
from plein.trust.circles import LONGEST_KEY
from plein.trust.forms import PlaceForm
from plein.trust.placed import Moving, Placed, key_of, look_at, mark_of, placed_of, preview
from plein.trust.readers import readers_of
from plein.trust.seats import seat_of


class ReaderOut(BaseModel):
    """A colleague who sees it, and why, in words."""

    seat: UUID
    name: str
    reasons: list[str]


class PartOut(BaseModel):
    """Something of the record that has readers of its own: what to call it here, and its id."""

    kind: str
    id: UUID
    words: str


class ReaderList(BaseModel):
    """Who sees a record. `circle` is the key it was chosen by, null when the reader could not choose it.

    `mark` changes when the record moves; send it along with a move to be told when somebody was first.
    """

    items: list[ReaderOut]
    circle: str | None
    chosen_by: str | None
    chosen_at: datetime | None
    parts: list[PartOut]
    mark: str


class MovingOut(BaseModel):
    """What would move: `key` where it only moves when it is asked for by name; the count goes to 100."""

    key: str | None
    words: str
    count: int
    names: list[str]
    has_more: bool


class MovePreview(BaseModel):
    """What a move would do, as far as the reader sees it; nothing was changed."""

    along: list[MovingOut]
    beside: list[MovingOut]
    losing: list[str]
    gaining: list[str]
    keeping: int
    mark: str


class Move(Payload):
    """The circle to move to: a key of the audiences, `people:` and the ids of seats, or `same` for what may be narrower
    than what it belongs to and is to be no longer. `also` names what else is to move, as the preview does."""

    circle: Annotated[str, Field(max_length=LONGEST_KEY)]
    also: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []
    mark: Annotated[str, Field(max_length=60)] = ""


def _found(thing: str, record_id: UUID) -> tuple[Placed, Any]:
    try:
        known = placed_of(thing)
    except KeyError:
        raise Http404 from None
    record = known.find(record_id)
    if record is None:
        raise Http404
    return known, record


def _seen(thing: str, record_id: UUID) -> tuple[Placed, Any]:
    known, record = _found(thing, record_id)
    look_at(known, record)
    return known, record


@router.get("/{thing}/{record_id}/readers", response=ReaderList, summary="Ask who sees a record, and why")
def read_readers(request: HttpRequest, thing: str, record_id: UUID) -> ReaderList:
    """Of relations, ties, memberships, values, moments, values-of-moments, subjects, texts, files, todos, mails,
    consents, requests, views, templates, questions, connections and imports.

    Of a narrower part only its own readers are told.
    """
    del request
    known, record = _seen(thing, record_id)
    found = readers_of(record)
    return ReaderList(
        items=[ReaderOut(seat=one.seat_id, name=one.name, reasons=list(one.reasons)) for one in found.readers],
        circle=key_of(known, record) or None,
        chosen_by=found.chosen_by or None,
        chosen_at=found.chosen_at,
        parts=[PartOut(kind=one.key, id=one.id, words=one.words) for one in known.parts(record)],
        mark=mark_of(record),
    )


@router.get("/{thing}/{record_id}/move", response=MovePreview, summary="Ask what moving a record would do")
def preview_move(request: HttpRequest, thing: str, record_id: UUID, circle: str) -> MovePreview:
    """What goes along, who loses sight of it and who gains it."""
    del request
    known, record = _seen(thing, record_id)
    audience = _checked(known, circle)
    told = preview(known, record, audience, readers_of(record))
    return MovePreview(
        along=[_moving(None, one) for one in told.along],
        beside=[_moving(key, one) for key, one in told.also.items()],
        losing=told.losing,
        gaining=told.gaining,
        keeping=told.keeping,
        mark=mark_of(record),
    )


@router.put("/{thing}/{record_id}/circle", response={204: None}, summary="Choose who sees a record")
def move_to_circle(request: HttpRequest, thing: str, record_id: UUID, payload: Move) -> None:
    """All that belongs to it follows in the same act, which can be turned back."""
    known, record = _found(thing, record_id)
    audience = _checked(known, payload.circle)
    strange = set(payload.also) - {one.key for one in known.also}
    if strange:
        raise Invalid({"also": _("There is nothing here called %(names)s.") % {"names": ", ".join(sorted(strange))}})
    with act(request, known.verb):
        place(
            actor=seat_of(request),
            kind=known,
            record=record,
            audience=audience,
            mark=payload.mark,
            also=payload.also,
        )


def _checked(kind: Placed, circle: str) -> str:
    if kind.move is None:
        raise Invalid({"circle": str(kind.follows)})
    form = PlaceForm({"audience": circle}, kind=kind)
    try:
        chosen: str = checked(form).cleaned_data["audience"]
    except Invalid as wrong:
        raise Invalid({"circle": wrong.fields.get("audience", "")}, wrong.detail) from wrong
    return chosen


def _moving(key: str | None, one: Moving) -> MovingOut:
    return MovingOut(key=key, words=one.words, count=one.count, names=one.names, has_more=one.has_more)
