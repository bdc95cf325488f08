# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page shows of hooks: the calls, what was turned away, and the values to point at."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from plein.core.isolation import no_workspace
from plein.hooks.mapping import guess
from plein.hooks.models import Delivery, Hook, HookAddress, OutHook, Telling
from plein.hooks.payloads import Payload, leaves
from plein.hooks.vocabulary import DeliveryState, Place, TellingState

MOST_SHOWN, LONGEST_SHOWN = 50, 120


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an example: where it is, what stands there, and as what it was pointed at."""

    pointer: str
    steps: str
    text: str
    place: str


def hooks() -> list[Hook]:
    """The hooks that the reader sees, the oldest first."""
    return list(Hook.objects.order_by("created_at", "id"))


def hook_of(hook_id: UUID) -> Hook | None:
    """One of them."""
    found: Hook | None = Hook.objects.filter(id=hook_id).first()
    return found


def addresses_of(hooks: Iterable[Hook]) -> dict[UUID, HookAddress]:
    """Their addresses, by hook: what was turned away there stands with them."""
    wanted = [one.id for one in hooks]
    with no_workspace("what was turned away"):
        return {one.hook_id: one for one in HookAddress.objects.filter(hook_id__in=wanted)}


def deliveries_of(hook: Hook) -> list[Delivery]:
    """The last calls, with those that were refused first."""
    mine = Delivery.objects.filter(hook_id=hook.id).defer("payload")
    refused = list(mine.filter(state=DeliveryState.REFUSED).order_by("-received_at", "-id")[:MOST_SHOWN])
    others = mine.exclude(state=DeliveryState.REFUSED).order_by("-received_at", "-id")
    return [*refused, *others[: MOST_SHOWN - len(refused)]]


def calls_of(hook: Hook, state: str = "") -> QuerySet[Delivery]:
    """Its calls, the last first: all of them, or those of which this became."""
    mine = Delivery.objects.filter(hook_id=hook.id).defer("payload").order_by("-received_at", "-id")
    return mine.filter(state=state) if state else mine


def messages_to(hook: OutHook, state: str = "") -> QuerySet[Telling]:
    """The messages to a program that the reader may know of, the last first: all, or those of which this became."""
    mine = Telling.objects.filter(hook_id=hook.id).order_by("-happened_at", "-id")
    return mine.filter(state=state) if state else mine


def example_of(hook: Hook) -> Payload:
    """A call to point at: the last one that was not taken in, or the one that was kept."""
    kept = Delivery.objects.filter(hook_id=hook.id, payload__isnull=False).order_by("-received_at", "-id").first()
    payload = kept.payload if kept is not None else hook.example
    return payload if isinstance(payload, dict) else {}


def values_of(hook: Hook, example: Payload) -> list[Value]:
    """The values one can point at, with what was pointed at, or is likely."""
    mapping = hook.mapping or guess(example, hook.preset)
    places = {pointer: place for place, pointer in mapping.items()}
    return [
        Value(pointer, _steps(pointer), text[:LONGEST_SHOWN], places.get(pointer, ""))
        for pointer, text in leaves(example)
    ]


def _steps(pointer: str) -> str:
    """A pointer as people read it."""
    return " › ".join(one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:])


def places() -> list[tuple[str, str]]:
    """As what a value can be pointed at."""
    return [(str(one.value), str(one.label)) for one in Place]


def out_hooks() -> list[OutHook]:
    """The programs that are told what happens here, the oldest first."""
    return list(OutHook.objects.order_by("created_at", "id"))


def out_hook_of(hook_id: UUID) -> OutHook | None:
    """One of them."""
    found: OutHook | None = OutHook.objects.filter(id=hook_id).first()
    return found


def tellings_of(hook: OutHook) -> list[Telling]:
    """The last messages to a program that the reader may know of, with those that were given up first."""
    mine = Telling.objects.filter(hook_id=hook.id)
    failed = list(mine.filter(state=TellingState.FAILED).order_by("-happened_at", "-id")[:MOST_SHOWN])
    others = mine.exclude(state=TellingState.FAILED).order_by("-happened_at", "-id")
    return [*failed, *others[: MOST_SHOWN - len(failed)]]


def open_out_hooks() -> list[tuple[int, UUID, UUID]]:
    """The programs that may be told something, over all workspaces: in which, as which user, which."""
    with no_workspace("what a job has to do"), connection.cursor() as cursor:
        cursor.execute("SELECT workspace, the_user, the_hook FROM plein_open_out_hooks()")
        return [(int(row[0]), row[1], row[2]) for row in cursor.fetchall()]
