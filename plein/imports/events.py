# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class BookChosen(Event):
    """Somebody chose how an address book is to come in, and wants to know what would become of it."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class BookResumed(Event):
    """An address book begins to come in, or goes on."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class BookTurnedBack(Event):
    """Everything that an address book brought is to go again."""

    import_id: UUID
