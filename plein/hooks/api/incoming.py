# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to programs that tell us something."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Router
from ninja.responses import Status

from plein.core.paging import CursorText, Limit
from plein.core.payloads import needs
from plein.hooks import actions
from plein.hooks.api.saying_no import page_of, refused
from plein.hooks.api.shapes import (
    CallerChanges,
    CallerList,
    CallerOpened,
    CallerOut,
    CallList,
    CallOut,
    CountAgain,
    NewCaller,
    OnceMore,
    SecretGiven,
)
from plein.hooks.models import Delivery, Hook, HookAddress
from plein.hooks.queries import addresses_of, calls_of, hook_of, hooks
from plein.hooks.vocabulary import DeliveryState
from plein.trust.circles import describe
from plein.trust.seats import seat_of

router = Router(tags=["webhooks"])
PAGE = 50


@router.get("/webhooks/in", response=CallerList, summary="List the programs that tell us something")
@needs("manage")
def list_hooks(request: HttpRequest) -> CallerList:
    """Without their addresses and secrets."""
    del request
    found = hooks()
    addresses = addresses_of(found)
    return CallerList(items=[_told(one, addresses.get(one.id)) for one in found])


@router.post("/webhooks/in", response={201: CallerOpened}, summary="Make an address for a program")
@needs("manage")
def add_hook(request: HttpRequest, payload: NewCaller) -> Status[CallerOpened]:
    """The address and the secret are in this answer only. It asks for a proof."""
    actor = seat_of(request)
    facts = actions.HookFacts(**payload.model_dump(exclude={"mapping"}))
    with refused():
        opened = actions.add_hook(actor=actor, facts=facts)
        if payload.mapping:
            actions.point_at(actor=actor, hook=opened.hook, mapping=dict(payload.mapping.items()))
    return Status(201, _opened(opened))


@router.get("/webhooks/in/{hook_id}", response=CallerOut, summary="Read how a program that tells us something goes")
@needs("manage")
def read_hook(request: HttpRequest, hook_id: UUID) -> CallerOut:
    """What was pointed at, how many calls were taken in or not, and what was turned away."""
    del request
    return _fresh(_found(hook_id))


@router.patch("/webhooks/in/{hook_id}", response=CallerOut, summary="Say what the calls of a program mean")
@needs("manage")
def change_hook(request: HttpRequest, hook_id: UUID, payload: CallerChanges) -> CallerOut:
    """Or call it otherwise, or choose anew who becomes a person. What waited is taken in."""
    actor, found = seat_of(request), _found(hook_id)
    with refused():
        if payload.name is not None or payload.policy is not None:
            name, policy = (payload.name or found.name, payload.policy or found.policy)
            actions.change_hook(actor=actor, hook=found, name=name, policy=policy)
        if payload.mapping is not None:
            actions.point_at(actor=actor, hook=found, mapping=dict(payload.mapping.items()))
    return _fresh(found)


@router.post("/webhooks/in/{hook_id}/renew", response=CallerOpened, summary="Give a program a new address and secret")
@needs("manage")
def renew_hook(request: HttpRequest, hook_id: UUID, payload: SecretGiven) -> CallerOpened:
    """The old ones are useless at once. It asks for a proof."""
    found = _found(hook_id)
    with refused():
        return _opened(actions.renew_hook(actor=seat_of(request), hook=found, secret=payload.secret))


@router.post("/webhooks/in/{hook_id}/pause", response=CallerOut, summary="Let a program that tells us something rest")
@needs("manage")
def pause_hook(request: HttpRequest, hook_id: UUID) -> CallerOut:
    """Whoever calls is told to come back later."""
    found = _found(hook_id)
    actions.close_hook(actor=seat_of(request), hook=found)
    return _fresh(found)


@router.post("/webhooks/in/{hook_id}/resume", response=CallerOut, summary="Take the calls of a program again")
@needs("manage")
def resume_hook(request: HttpRequest, hook_id: UUID) -> CallerOut:
    """Its address is as it was."""
    found = _found(hook_id)
    actions.open_hook(actor=seat_of(request), hook=found)
    return _fresh(found)


@router.delete("/webhooks/in/{hook_id}", response={204: None}, summary="Take the address of a program away")
@needs("manage")
def remove_hook(request: HttpRequest, hook_id: UUID) -> None:
    """For good. What it brought in stays."""
    found = _found(hook_id)
    actions.remove_hook(actor=seat_of(request), hook=found)


@router.get("/webhooks/in/{hook_id}/deliveries", response=CallList, summary="List the calls of a program")
@needs("manage")
def list_calls(
    request: HttpRequest,
    hook_id: UUID,
    state: DeliveryState | None = None,
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> CallList:
    """The last first; what they said is told to nobody."""
    del request
    rows, following = page_of(calls_of(_found(hook_id), state or ""), limit, cursor)
    return CallList(items=[_call(one) for one in rows], next=following)


@router.post("/webhooks/in/{hook_id}/again", response=CountAgain, summary="Take in again what was refused")
@needs("manage")
def take_again(request: HttpRequest, hook_id: UUID, payload: OnceMore) -> CountAgain:
    """One call, or all of them."""
    found = _found(hook_id)
    return CountAgain(count=actions.take_again(actor=seat_of(request), hook=found, delivery_id=payload.id))


def _found(hook_id: UUID) -> Hook:
    found = hook_of(hook_id)
    if found is None:
        raise Http404
    return found


def _fresh(hook: Hook) -> CallerOut:
    found = _found(hook.id)
    return _told(found, addresses_of([found]).get(found.id))


def _told(one: Hook, address: HookAddress | None) -> CallerOut:
    names = ("id", "name", "preset", "signing", "policy", "mapping", "is_open", "is_ready", "counts", "last_at")
    return CallerOut(
        seen_by=describe(one.circle_id),
        wrong=address.wrong if address else 0,
        wrong_why=address.wrong_why if address else "",
        wrong_at=address.wrong_at if address else None,
        **{name: getattr(one, name) for name in names},
    )


def _opened(opened: actions.Opened) -> CallerOpened:
    address = settings.PLEIN_URL.rstrip("/") + reverse("hooks:receive", args=[opened.path])
    return CallerOpened(**_fresh(opened.hook).model_dump(), address=address, secret=opened.secret)


def _call(one: Delivery) -> CallOut:
    names = ("id", "key", "state", "reason", "received_at", "handled_at")
    return CallOut(moment=one.moment_id, **{name: getattr(one, name) for name in names})
