# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what concerns the holder of a token, and to how they want to be told."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Hour, Invalid, Payload
from plein.notifications import actions
from plein.notifications.forms import PreferenceForm
from plein.notifications.models import Preference
from plein.notifications.queries.lines import PAGE, Cursor, page_of_lines
from plein.notifications.queries.preferences import preference_of, wants
from plein.notifications.stream.answer import answer
from plein.notifications.stream.passes import Pass
from plein.notifications.vocabulary import Channel, Kind
from plein.notifications.wording import shown
from plein.trust.actions import find_token
from plein.trust.seats import NoSeat, entered, seat_of

router = Router(tags=["notifications"])
MOST_LINES = 200


class NotificationOut(BaseModel):
    """One line: why it concerns the reader, in words, and the page it leads to."""

    id: UUID
    kind: Literal["mention", "assigned", "reminder", "mail", "connection", "followed"]
    sentence: str
    excerpt: str
    href: str
    at: datetime
    is_unread: bool


class NotificationList(BaseModel):
    """A page of lines, the newest first."""

    items: list[NotificationOut]
    next: str | None


class Marked(Payload):
    """Which lines; none means all of them."""

    lines: Annotated[list[UUID], Field(max_length=MOST_LINES)] = []


class MarkedUnread(Payload):
    """Which lines."""

    lines: Annotated[list[UUID], Field(min_length=1, max_length=MOST_LINES)]


class ByMeans(Payload):
    """By what means one kind of thing is told."""

    product: bool
    mail: bool
    push: bool


class PreferenceIn(Payload):
    """By what means, and when, somebody wants to be told."""

    mention: ByMeans
    assigned: ByMeans
    reminder: ByMeans
    mail: ByMeans
    followed: ByMeans
    connection: ByMeans = ByMeans(product=True, mail=True, push=False)
    rhythm: Literal["daily", "hourly"] = "daily"
    mail_hour: Annotated[int, Field(ge=0, le=23)] = 8
    has_quiet_hours: bool = False
    quiet_from: Hour = "19:00"
    quiet_until: Hour = "07:00"
    is_paused: bool = False


class PreferenceOut(BaseModel):
    """The same, as it is kept."""

    mention: ByMeans
    assigned: ByMeans
    reminder: ByMeans
    mail: ByMeans
    connection: ByMeans
    followed: ByMeans
    rhythm: str
    mail_hour: int
    has_quiet_hours: bool
    quiet_from: str
    quiet_until: str
    is_paused: bool


@router.get("/notifications", response=NotificationList, summary="List what concerns me")
def list_notifications(
    request: HttpRequest, unread: bool = False, limit: Limit = PAGE, cursor: CursorText = ""
) -> NotificationList:
    """Of what one may see at this moment, in the language of the token's user."""
    after = Cursor.read(cursor)
    if cursor and after is None:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))
    seat = seat_of(request).seat_id
    lines, following = page_of_lines(seat, preference_of(seat), unread_only=unread, after=after, limit=limit)
    items = [NotificationOut.model_validate(shown(line), from_attributes=True) for line in lines]
    return NotificationList(items=items, next=str(following) if following else None)


@router.post("/notifications/read", response={204: None}, summary="Mark lines as read")
def mark_read(request: HttpRequest, payload: Marked) -> None:
    """Without lines, all of them."""
    actions.mark_read(actor=seat_of(request), lines=payload.lines or None)


@router.post("/notifications/unread", response={204: None}, summary="Mark lines as unread again")
def mark_unread(request: HttpRequest, payload: MarkedUnread) -> None:
    """What is unread already stays so."""
    actions.mark_unread(actor=seat_of(request), lines=payload.lines)


@router.get("/notifications/preferences", response=PreferenceOut, summary="See how I am told")
def notification_preferences(request: HttpRequest) -> PreferenceOut:
    """What somebody gets who never chose, too."""
    return _out(preference_of(seat_of(request).seat_id))


@router.put("/notifications/preferences", response=PreferenceOut, summary="Choose how I am told")
def choose_notification_preferences(request: HttpRequest, payload: PreferenceIn) -> PreferenceOut:
    """All of it at once."""
    seat, sent = seat_of(request), payload.model_dump()
    grid = {str(kind): sent.pop(kind) for kind in Kind}
    form = PreferenceForm(sent, preference=preference_of(seat.seat_id))
    if not form.is_valid():
        raise Invalid({name: str(errors[0]) for name, errors in form.errors.items()})
    return _out(actions.choose(actor=seat, grid=grid, **form.cleaned_data))


def _out(preference: Preference) -> PreferenceOut:
    grid = {str(kind): {str(channel): wants(preference, kind, channel) for channel in Channel} for kind in Kind}
    names = ("rhythm", "mail_hour", "has_quiet_hours", "is_paused")
    # An hour of a clock without a zone is no time in the words of OpenAPI.
    clock = {name: getattr(preference, name).isoformat("minutes") for name in ("quiet_from", "quiet_until")}
    return PreferenceOut.model_validate(grid | clock | {name: getattr(preference, name) for name in names})


@require_safe
def stream(request: HttpRequest) -> HttpResponseBase:
    """What is new, as it comes in, for as long as the token works: for programs, as pages have it."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = find_token(secret) if kind.lower() == "bearer" else None
    try:
        if token is None:
            raise NoSeat
        with entered(token.user, token.into_workspace, door="api") as seat:
            holder = Pass(token.user.id, seat.workspace_id, seat.seat_id, token_id=token.id)
    except NoSeat:
        refusal = JsonResponse({"title": _("This takes a token that works."), "status": 401}, status=401)
        refusal.headers["Content-Type"] = "application/problem+json"
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    return answer(holder, request.headers.get("Last-Event-ID", ""), is_asked_for=request.method == "GET")
