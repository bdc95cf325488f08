# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to connections: look at an account, have it heard, see how it goes, let it rest, end it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.channels import actions
from plein.channels.connecting import KEPT_APART, NotUsable
from plein.channels.live import Glimpse, Trouble
from plein.channels.models import Connection
from plein.channels.reader_words import told
from plein.channels.websub import telling_of
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Impossible, Invalid, Payload, Time, act, needs
from plein.moments.actions import begin_hearing
from plein.trust.audience import Circle
from plein.trust.circles import UnknownCircle, describe
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, seat_of
from plein.trust.secret_box import Unopenable

router = Router(tags=["connections"])
PAGE = 50
type Settings = Annotated[
    dict[Annotated[str, Field(max_length=60)], Any],
    Field(max_length=40, description="The connector's own settings, secrets among them; no answer holds a secret."),
]


class HubOut(BaseModel):
    """How it stands with the hub that a feed names, which tells of news at once.

    `state` is none (it names no hub), out of reach (of a Plein without https or a name on the internet), asked,
    refused, failed or tells; `again_at` is when it is asked again.
    """

    state: str
    host: str
    until: datetime | None
    told_at: datetime | None
    again_at: datetime | None
    problem: str


class ConnectionOut(BaseModel):
    """One connection: what was chosen, how far it is and what is wrong; its secrets are told to nobody.

    `counts` are for its owner; for others they are empty.
    """

    id: UUID
    kind: str
    name: str
    account: str
    is_own: bool
    settings: dict[str, Any]
    state: str
    problem: str
    policy: str
    since: datetime | None
    seen_by: str
    counts: dict[str, Any]
    tried_at: datetime | None
    succeeded_at: datetime | None
    next_try_at: datetime | None
    hub: HubOut | None


class ConnectionList(BaseModel):
    """A page of connections, and where the next one starts."""

    items: list[ConnectionOut]
    next: str | None


class GlimpseOut(BaseModel):
    """What a look at an account shows: how the network calls it, and how much there is in each part of it."""

    account: str
    counts: dict[str, int]


class Account(Payload):
    """An account to look at."""

    kind: Annotated[str, Field(max_length=40)]
    settings: Settings
    is_inside: bool = False


class NewConnection(Account):
    """An account to have heard, with everything that is asked before anything is fetched."""

    name: Annotated[str, Field(max_length=120)] = ""
    policy: Literal["answered", "everyone", "nobody"]
    circle: Circle
    gives: Literal["envelope", "subject", "everything"] = "everything"
    since: Time | None = None
    folders: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=500)] = []


class ConnectionChange(Payload):
    """Other settings, such as a new password; a secret that is left out stays, where nothing else moves."""

    name: Annotated[str, Field(max_length=120)] = ""
    settings: Settings


@router.get("/connections", response=ConnectionList, summary="List connections")
@needs("import")
def list_connections(request: HttpRequest, limit: Limit = PAGE, cursor: CursorText = "") -> ConnectionList:
    """One's own, and those that colleagues share."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 7):
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))
    start, actor = int(cursor or 0), seat_of(request)
    found = list(Connection.objects.order_by("name", "id")[start : start + limit + 1])
    following = str(start + limit) if len(found) > limit else None
    return ConnectionList(items=[_told(actor, one) for one in found[:limit]], next=following)


@router.post("/connections/look", response=GlimpseOut, summary="Look what is at an account, and keep nothing")
@needs("import")
def look_at_account(request: HttpRequest, payload: Account) -> GlimpseOut:
    """Also the way to learn which folders there are."""
    with refused():
        return _seen(actions.look_first(actor=seat_of(request), **_account(payload)))


@router.post("/connections", response={201: ConnectionOut}, summary="Have an account heard")
@needs("import")
def create_connection(request: HttpRequest, payload: NewConnection) -> Status[ConnectionOut]:
    """It is looked at first; when that fails nothing is kept."""
    actor, account = seat_of(request), _account(payload)
    wishes = actions.HearingWishes(payload.policy, payload.circle, payload.since, tuple(payload.folders))
    with refused():
        seen = actions.look_first(actor=actor, **account)
        made = actions.add_connection(actor=actor, name=payload.name, seen=seen, **account)
        return Status(
            201, _told(actor, begin_hearing(actor=actor, connection=made, wishes=wishes, gives=payload.gives))
        )


@router.get("/connections/{connection_id}", response=ConnectionOut, summary="Read how a connection goes")
@needs("import")
def read_connection(request: HttpRequest, connection_id: UUID) -> ConnectionOut:
    """Without its secrets."""
    return _told(seat_of(request), _found(connection_id))


@router.patch("/connections/{connection_id}", response=ConnectionOut, summary="Give a connection other settings")
@needs("import")
def change_connection(request: HttpRequest, connection_id: UUID, payload: ConnectionChange) -> ConnectionOut:
    """Resume it afterwards if it had stopped."""
    actor, found = seat_of(request), own_connection(request, connection_id)
    with refused():
        changed = actions.set_connection(actor=actor, connection=found, settings=payload.settings, name=payload.name)
    return _told(actor, changed)  # fmt: skip


@router.post("/connections/{connection_id}/test", response=GlimpseOut, summary="Look whether a connection can be heard")
@needs("import")
def test_connection(request: HttpRequest, connection_id: UUID) -> GlimpseOut:
    """Nothing is fetched."""
    found = own_connection(request, connection_id)
    with refused():
        return _seen(actions.look_into(actor=seat_of(request), connection=found))


@router.post("/connections/{connection_id}/hear", response=ConnectionOut, summary="Hear now what is new")
@needs("import")
def hear_now(request: HttpRequest, connection_id: UUID) -> ConnectionOut:
    """A worker goes; `succeeded_at` says when it was there."""
    actor, found = seat_of(request), own_connection(request, connection_id)
    with refused():
        return _told(actor, actions.visit_now(actor=actor, connection=found))


@router.post("/connections/{connection_id}/pause", response=ConnectionOut, summary="Let a connection rest")
@needs("import")
def pause_connection(request: HttpRequest, connection_id: UUID) -> ConnectionOut:
    """Nothing is lost."""
    actor, found = seat_of(request), own_connection(request, connection_id)
    with refused():
        return _told(actor, actions.pause_connection(actor=actor, connection=found))


@router.post("/connections/{connection_id}/resume", response=ConnectionOut, summary="Let a connection go on")
@needs("import")
def resume_connection(request: HttpRequest, connection_id: UUID) -> ConnectionOut:
    """From where it stopped."""
    actor, found = seat_of(request), own_connection(request, connection_id)
    with refused():
        return _told(actor, actions.resume_connection(actor=actor, connection=found))


@router.delete("/connections/{connection_id}", response={204: None}, summary="Listen to an account no more")
@needs("import")
def remove_connection(request: HttpRequest, connection_id: UUID) -> None:
    """Its secrets are forgotten; people, addresses and history stay. Its owner may, and who manages."""
    actor, found = seat_of(request), _found(connection_id)
    if found.seat_id != actor.seat_id:
        permit(actor, "manage")
    with act(request, "remove_connection"):
        actions.remove_connection(actor=actor, connection=found)


@contextmanager
def refused() -> Iterator[None]:
    """What cannot be, in the words of the door."""
    try:
        yield
    except NotUsable as trouble:
        raise (Invalid({trouble.field: str(trouble)}) if trouble.field else Impossible(str(trouble))) from trouble
    except UnknownCircle as trouble:
        raise Invalid({"circle": _("Choose one of the circles you are in.")}) from trouble
    except Unopenable as trouble:
        words = _("The password of this account cannot be opened any more. Write it again.")
        raise Impossible(words) from trouble
    except Trouble as trouble:
        raise Impossible(str(trouble)) from trouble


def _account(payload: Account) -> dict[str, Any]:
    return {"connector": payload.kind, "settings": payload.settings, "is_inside": payload.is_inside}


def _found(connection_id: UUID) -> Connection:
    found: Connection | None = Connection.objects.filter(id=connection_id).first()
    if found is None:
        raise Http404
    return found


def own_connection(request: HttpRequest, connection_id: UUID) -> Connection:
    """Nobody does anything with the account of another."""
    found = _found(connection_id)
    if found.seat_id != seat_of(request).seat_id:
        raise Http404
    return found


def _seen(glimpse: Glimpse) -> GlimpseOut:
    return GlimpseOut(account=glimpse.account, counts=dict(glimpse.counts))


def _told(actor: Entrance, one: Connection) -> ConnectionOut:
    names = ("id", "name", "account", "state", "policy", "since")
    times = ("tried_at", "succeeded_at", "next_try_at")
    return ConnectionOut(
        kind=one.connector,
        settings={name: value for name, value in one.settings.items() if name not in KEPT_APART},
        is_own=one.seat_id == actor.seat_id,
        # How much was known already counts messages and people that others may not know of.
        counts=one.counts if one.seat_id == actor.seat_id else {},
        problem=one.problem_told,
        seen_by=describe(one.circle_id),
        hub=_hub(one),
        **{name: getattr(one, name) for name in (*names, *times)},
    )


def _hub(one: Connection) -> HubOut | None:
    found = telling_of(one)
    if found is None:
        return None
    names = ("until", "told_at", "again_at")
    return HubOut(
        state=found.state.value,
        host=urlsplit(found.hub).hostname or "",
        problem=told(found.problem),
        **{name: getattr(found, name) for name in names},
    )
