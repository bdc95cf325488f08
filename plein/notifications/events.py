# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class Told(Event):
    """A colleague was told something in Plein; mail and devices may follow."""

    notification_id: UUID
    kind: str
