# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to fields, in the past tense."""

from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class FieldAskedFor(Event):
    """A field is asked for in a filter for the first time, and has too many values to make their cells at once."""

    field_id: UUID
