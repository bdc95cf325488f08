# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class PageWanted(Event):
    """Somebody typed an address to get a link to their own page; it is sealed, and a job looks whose it is."""

    sealed: str


@dataclass(frozen=True, slots=True)
class RequestAnswered(Event):
    """Somebody is to hear what came of what they asked, or that it takes longer."""

    request_id: UUID


@dataclass(frozen=True, slots=True)
class RequestMade(Event):
    """Somebody asked for something on their own page."""

    workspace: int
    request_id: UUID
