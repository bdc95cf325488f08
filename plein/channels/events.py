# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class ImportPlanned(Event):
    """Somebody wants to know what is in a store of mail."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class ImportResumed(Event):
    """An import was started, or goes on."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class HearingWanted(Event):
    """A connection is to be visited now: it was started, or somebody asked."""

    connection_id: UUID


@dataclass(frozen=True, slots=True)
class ConnectionStopped(Event):
    """A connection cannot go on until its owner does something; `seat_id` is whose it is."""

    connection_id: UUID
    seat_id: UUID


@dataclass(frozen=True, slots=True)
class VisitEnded(Event):
    """A visit to a connection went well to its end; `connector` says which code speaks with it."""

    connection_id: UUID
    connector: str


@dataclass(frozen=True, slots=True)
class ImportTurnedBack(Event):
    """Everything that an import brought is to go again."""

    import_id: UUID
