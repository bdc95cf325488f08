# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened, in the past tense."""

from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    """The rows of somebody are gone; their files are to follow."""

    erasure_id: UUID
