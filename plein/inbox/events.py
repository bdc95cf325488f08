# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class MessageAssigned(Event):
    """A message was given to a colleague by somebody else's hand."""

    moment_id: UUID
    seat_id: UUID
    by: UUID
