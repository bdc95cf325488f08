# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class DeliveryTaken(Event):
    """A program told us something, or what it told before is to be looked at again."""

    hook_id: UUID


@dataclass(frozen=True, slots=True)
class TellingWanted(Event):
    """A program is to be told at once what waits for it."""

    hook_id: UUID


@dataclass(frozen=True, slots=True)
class OutHookStopped(Event):
    """A program could not be told anything for days: whoever looks after it is to know."""

    hook_id: UUID


@dataclass(frozen=True, slots=True)
class CallRings(Event):
    """A call comes in just now: from which number, which of ours is called, and who may know (the circle)."""

    delivery_id: UUID
    number: str
    called: str
    circle_id: int
