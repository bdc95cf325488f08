# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class FormFilled(Event):
    """Somebody filled in a form; their address is still to be proven."""

    submission_id: UUID


@dataclass(frozen=True, slots=True)
class FormConfirmed(Event):
    """What somebody filled in counts: the contact moment it became, and the colleague whose work it is, if any."""

    moment_id: UUID
    seat_id: UUID | None
