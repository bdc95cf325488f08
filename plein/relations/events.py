# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class RelationAssigned(Event):
    """Relations got another owner, or none; all in one act."""

    relation_ids: tuple[UUID, ...]
    owner_id: UUID | None


@dataclass(frozen=True, slots=True)
class JobChanged(Event):
    """Somebody began, changed or ended a role at an organization, as far as we noted it."""

    person_id: UUID
    organization_id: UUID
