# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened, in the past tense."""

from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event

#: What an address is sealed about until the last letter went to it.
LAST_WORD = "erased on request"


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    """The rows of somebody are gone; their files are to follow.

    Who asked for it themselves is told: `last_word` is their language and address, sealed.
    """

    erasure_id: UUID
    last_word: str = ""
