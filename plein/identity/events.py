# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class BookAsked(Event):
    """The whole book is to be compared in the background."""

    run_id: UUID
