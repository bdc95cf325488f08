# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class MomentRecorded(Event):
    """A contact moment was recorded by hand or planned."""

    moment_id: UUID
    kind: str
    relation_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ToDoDone(Event):
    """Somebody ticked a to-do."""

    todo_id: UUID
