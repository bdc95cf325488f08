# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to programs that are told what happens here."""

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status

from plein.core.paging import CursorText, Limit
from plein.core.payloads import needs
from plein.hooks import actions
from plein.hooks.api.saying_no import page_of, refused
from plein.hooks.api.shapes import (
    CountAgain,
    NewTarget,
    OnceMore,
    TargetChanges,
    TargetList,
    TargetOpened,
    TargetOut,
    TellingList,
    TellingOut,
    TrialOut,
)
from plein.hooks.models import OutHook, Telling
from plein.hooks.queries import messages_to, out_hook_of, out_hooks
from plein.hooks.vocabulary import TellingState
from plein.trust.seats import seat_of

router = Router(tags=["webhooks"])
PAGE = 50
FACTS = ("name", "url", "happenings", "is_wide_only", "is_inside")


@router.get("/webhooks/out", response=TargetList, summary="List the programs that are told what happens here")
@needs("manage")
def list_out_hooks(request: HttpRequest) -> TargetList:
    """Without their secrets."""
    del request
    return TargetList(items=[_told(one) for one in out_hooks()])


@router.post("/webhooks/out", response={201: TargetOpened}, summary="Tell a program what happens here")
@needs("manage")
def add_out_hook(request: HttpRequest, payload: NewTarget) -> Status[TargetOpened]:
    """From now on. The secret that signs is in this answer only. It asks for a proof."""
    with refused():
        made = actions.add_out_hook(actor=seat_of(request), facts=_facts(payload.model_dump()))
    return Status(201, _opened(made))


@router.get("/webhooks/out/{out_id}", response=TargetOut, summary="Read how telling a program goes")
@needs("manage")
def read_out_hook(request: HttpRequest, out_id: UUID) -> TargetOut:
    """What it is told, and what is wrong."""
    del request
    return _told(_found(out_id))


@router.patch("/webhooks/out/{out_id}", response=TargetOut, summary="Tell a program something else")
@needs("manage")
def change_out_hook(request: HttpRequest, out_id: UUID, payload: TargetChanges) -> TargetOut:
    """Or at another address. It asks for a proof."""
    found = _found(out_id)
    values = {name: getattr(found, name) for name in FACTS} | payload.model_dump(exclude_none=True)
    with refused():
        return _told(actions.change_out_hook(actor=seat_of(request), hook=found, facts=_facts(values)))


@router.post("/webhooks/out/{out_id}/renew", response=TargetOpened, summary="Sign with a fresh secret")
@needs("manage")
def renew_out_secret(request: HttpRequest, out_id: UUID) -> TargetOpened:
    """For a day the one before signs too. It asks for a proof."""
    return _opened(actions.renew_out_secret(actor=seat_of(request), hook=_found(out_id)))


@router.post("/webhooks/out/{out_id}/pause", response=TargetOut, summary="Tell a program nothing for now")
@needs("manage")
def pause_out_hook(request: HttpRequest, out_id: UUID) -> TargetOut:
    """What happens meanwhile is told afterwards."""
    found = _found(out_id)
    actions.rest_out_hook(actor=seat_of(request), hook=found)
    return _told(_found(out_id))


@router.post("/webhooks/out/{out_id}/resume", response=TargetOut, summary="Tell a program again")
@needs("manage")
def resume_out_hook(request: HttpRequest, out_id: UUID) -> TargetOut:
    """Also what waited."""
    found = _found(out_id)
    actions.resume_out_hook(actor=seat_of(request), hook=found)
    return _told(_found(out_id))


@router.post("/webhooks/out/{out_id}/test", response=TrialOut, summary="Send a program a message that says nothing")
@needs("manage")
def try_out_hook(request: HttpRequest, out_id: UUID) -> TrialOut:
    """And say whether it arrived."""
    problem = actions.try_out_hook(actor=seat_of(request), hook=_found(out_id))
    return TrialOut(arrived=not problem, problem=problem)


@router.delete("/webhooks/out/{out_id}", response={204: None}, summary="Tell a program nothing any more")
@needs("manage")
def remove_out_hook(request: HttpRequest, out_id: UUID) -> None:
    """Its secret is forgotten."""
    actions.remove_out_hook(actor=seat_of(request), hook=_found(out_id))


@router.get("/webhooks/out/{out_id}/deliveries", response=TellingList, summary="List the messages to a program")
@needs("manage")
def list_messages(
    request: HttpRequest, out_id: UUID, state: TellingState | None = None, limit: Limit = PAGE, cursor: CursorText = ""
) -> TellingList:
    """Of what the reader may see; the last first."""
    del request
    rows, following = page_of(messages_to(_found(out_id), state or ""), limit, cursor)
    return TellingList(items=[_message(one) for one in rows], next=following)


@router.post("/webhooks/out/{out_id}/again", response=CountAgain, summary="Send a program messages again")
@needs("manage")
def tell_again(request: HttpRequest, out_id: UUID, payload: OnceMore) -> CountAgain:
    """One under its own identifier, or all that were given up."""
    found = _found(out_id)
    return CountAgain(count=actions.tell_again(actor=seat_of(request), hook=found, telling_id=payload.id))


def _found(out_id: UUID) -> OutHook:
    found = out_hook_of(out_id)
    if found is None:
        raise Http404
    return found


def _facts(values: dict[str, object]) -> actions.OutFacts:
    happenings = tuple(map(str, values["happenings"]))  # type: ignore[call-overload]  # a list of them, as it was checked
    return actions.OutFacts(**values | {"happenings": happenings})  # type: ignore[arg-type]  # the same


def _told(one: OutHook) -> TargetOut:
    names = ("id", *FACTS, "state", "problem", "reached_at", "next_try_at")
    return TargetOut(looked_after_by=one.seat_id, **{name: getattr(one, name) for name in names})


def _opened(made: actions.Promised) -> TargetOpened:
    return TargetOpened(**_told(made.hook).model_dump(), secret=made.secret)


def _message(one: Telling) -> TellingOut:
    names = ("id", "happening", "happened_at", "state", "attempts", "status", "problem", "next_try_at", "done_at")
    values = {name: getattr(one, name) for name in names}
    return TellingOut(record=one.record_id, operation=one.operation_id, **values)
