# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened, in the past tense."""

from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class RestrictionLifted(Event):
    """What we have of somebody is used again; the law wants them to hear so."""

    relation_id: UUID
