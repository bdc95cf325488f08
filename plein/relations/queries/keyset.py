# SPDX-License-Identifier: AGPL-3.0-or-later
"""Paging by where the last row stood, so that page one thousand costs what page one costs."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q


class BadCursor(ValueError):
    """A cursor that this list did not hand out."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sorted list: which rows, and in which order (field, whether it falls)."""

    only: Q
    order: tuple[tuple[str, bool], ...]

    def ordering(self) -> list[str]:
        return [f"-{field}" if falls else field for field, falls in self.order]

    def after(self, values: Sequence[Any]) -> Q:
        """The rows behind these values, with a bound on the first field that an index understands."""
        condition = Q()
        for (field, falls), value in reversed(list(zip(self.order, values, strict=True))):
            beyond = Q(**{f"{field}__{'lt' if falls else 'gt'}": value})
            level = Q(**{f"{field}__{'lte' if falls else 'gte'}": value})
            condition = level & (beyond | condition) if condition else beyond
        return condition


def backwards(order: tuple[tuple[str, bool], ...]) -> tuple[tuple[str, bool], ...]:
    """The same order the other way round."""
    return tuple((field, not falls) for field, falls in order)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: in which segment, behind which values."""

    segment: int
    values: tuple[Any, ...]

    def encode(self) -> str:
        """The cursor as it stands in an address."""
        plain = [self.segment, *(_plain(value) for value in self.values)]
        return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def decode(text: str, segments: Sequence[Segment]) -> Cursor | None:
    """The cursor in an address; raises BadCursor for anything else than what `encode` made."""
    if not text:
        return None
    try:
        number, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        segment = segments[number] if isinstance(number, int) and number >= 0 else None
        if segment is None or len(values) != len(segment.order):
            raise BadCursor
        read = tuple(_read(field, value) for (field, _falls), value in zip(segment.order, values, strict=True))
    except (ValueError, TypeError, IndexError, AttributeError, RecursionError) as trouble:
        raise BadCursor from trouble
    return Cursor(number, read)


def _read(field: str, value: str) -> Any:
    if field == "id" or field.endswith("_id"):
        return UUID(value)
    if field.endswith("_at"):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise BadCursor
        return moment
    # Half of a surrogate pair cannot be sent to the database: this raises.
    value.encode()
    if "\x00" in value:
        raise BadCursor
    return value
