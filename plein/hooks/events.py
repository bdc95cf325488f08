# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class DeliveryTaken(Event):
    """A program told us something, or what it told before is to be looked at again."""

    hook_id: UUID
