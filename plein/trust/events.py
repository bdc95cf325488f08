# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class SeatGiven(Event):
    """Somebody got a place in the workspace."""

    seat_id: UUID


@dataclass(frozen=True, slots=True)
class ColleagueRenamed(Event):
    """A colleague changed the name they go by."""

    seat_id: UUID


@dataclass(frozen=True, slots=True)
class ResetWanted(Event):
    """Somebody asked for another password, for an address that is sealed and perhaps nobody's."""

    sealed: str


@dataclass(frozen=True, slots=True)
class Invited(Event):
    """A colleague was invited; the path of their link, if they get one, is sealed."""

    seat_id: UUID
    sealed: str


@dataclass(frozen=True, slots=True)
class SecondFactorRemoved(Event):
    """An owner took the second step of a colleague away."""

    seat_id: UUID
