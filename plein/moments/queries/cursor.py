# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.utils import timezone


class BadCursor(ValueError):
    """An address names a place in a list that cannot be read."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a timeline: the moment after which the next page starts."""

    occurred_at: datetime
    moment_id: UUID

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that an address names; None for none, BadCursor for nonsense."""
        if not text:
            return None
        at, _, identifier = text.partition("~")
        try:
            occurred_at = datetime.fromisoformat(at)
            if timezone.is_naive(occurred_at):
                raise ValueError(at)
            return cls(occurred_at, UUID(identifier))
        except ValueError as error:
            raise BadCursor(text) from error

    def __str__(self) -> str:
        return f"{self.occurred_at.astimezone(timezone.get_fixed_timezone(0)).isoformat()}~{self.moment_id}".replace(
            "+00:00", "Z"
        )
