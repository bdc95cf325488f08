# SPDX-License-Identifier: AGPL-3.0-or-later
"""Paging by where the last row stood, so that page one thousand costs what page one costs."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

#: So many bytes of its seal stand before a cursor.
SEAL = 12


class BadCursor(ValueError):
    """A cursor that this list did not hand out."""


type Order = tuple[tuple[str, bool], ...]


def nothing() -> dict[str, Any]:
    """No annotations."""
    return {}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sorted list: which rows, and in which order (column, whether it falls).

    `annotations` are computed columns the order needs. Nothing else of a stretch may be empty in the database: rows
    without a value are a stretch of their own.
    """

    only: Q
    order: Order
    annotations: Callable[[], dict[str, Any]] = field(default=nothing)

    def ordering(self) -> list[str]:
        return [f"-{column}" if falls else column for column, falls in self.order]

    def backwards(self) -> "Segment":
        """The same stretch the other way round."""
        return replace(self, order=tuple((column, not falls) for column, falls in self.order))

    def after(self, values: Sequence[Any]) -> Q:
        """The rows behind these values, with a bound on the first column that an index understands."""
        condition = Q()
        for (column, falls), value in reversed(list(zip(self.order, values, strict=True))):
            beyond = Q(**{f"{column}__{'lt' if falls else 'gt'}": value})
            level = Q(**{f"{column}__{'lte' if falls else 'gte'}": value})
            condition = level & (beyond | condition) if condition else beyond
        return condition

    def values_of(self, row: Any) -> tuple[Any, ...]:
        """Where a row stands in this stretch."""
        return tuple(getattr(row, column) for column, _falls in self.order)


def turned(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Each stretch turned round, in the same sequence: who has no value stays last."""
    return tuple(segment.backwards() for segment in segments)


_ID = (("id", False),)


def by_column(column: str, *then: str, empty: object = None, falls: bool = False) -> tuple[Segment, ...]:
    """The stretches of a list sorted by a column, then by others; with `empty`, rows of that value come last.

    `empty` is "" for a text and `True` for a column that may be NULL.
    """
    rest = tuple((name, False) for name in then) + _ID
    order = ((column, falls), *rest)
    if empty is None:
        return (Segment(Q(), order),)
    is_null = empty is True
    lacking = Q(**{f"{column}__isnull": True}) if is_null else Q(**{column: empty})
    present = Q(**{f"{column}__isnull": False}) if is_null else Q(**{f"{column}__gt": empty})
    return (Segment(present, order), Segment(lacking, rest))


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: in which segment, behind which values."""

    segment: int
    values: tuple[Any, ...]

    def encode(self, segments: Sequence[Segment]) -> str:
        """The cursor as it stands in an address, sealed: a value of another type would be an error of the database."""
        plain = [self.segment, *(_plain(value) for value in self.values)]
        text = json.dumps(plain, ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(_seal(text, segments[self.segment]) + text).decode().rstrip("=")


#: How each type of value is written and read; texts are what they are.
_READERS: dict[str, Callable[[str], Any]] = {
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "c": time.fromisoformat,
    "n": Decimal,
    "i": int,
    "b": lambda text: text == "1",
    "s": str,
}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "b1" if value else "b0"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, datetime):
        return f"t{value.isoformat()}"
    if isinstance(value, date):
        return f"d{value.isoformat()}"
    if isinstance(value, time):
        return f"c{value.isoformat()}"
    return f"{'u' if isinstance(value, UUID) else 'n' if isinstance(value, Decimal) else 's'}{value}"


def _seal(text: bytes, segment: Segment) -> bytes:
    """Made by us, for a list in this order."""
    said = repr(segment.order).encode() + b"\n" + text
    return salted_hmac("plein.cursor", said, algorithm="sha256").digest()[:SEAL]


def decode(text: str, segments: Sequence[Segment]) -> Cursor | None:
    """The cursor in an address; raises BadCursor for anything else than what `encode` made."""
    if not text:
        return None
    try:
        whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        number, *values = json.loads(whole[SEAL:])
        segment = segments[number] if isinstance(number, int) and number >= 0 else None
        if segment is None or len(values) != len(segment.order):
            raise BadCursor
        if not constant_time_compare(whole[:SEAL], _seal(whole[SEAL:], segment)):
            raise BadCursor
        read = tuple(_read(column, value) for (column, _falls), value in zip(segment.order, values, strict=True))
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, ArithmeticError, RecursionError) as trouble:
        raise BadCursor from trouble
    return Cursor(number, read)


def _read(column: str, value: str) -> Any:
    letter, text = value[:1], value[1:]
    is_identifier = column == "id" or column.endswith("_id")
    if is_identifier != (letter == "u"):
        raise BadCursor
    # Half of a surrogate pair cannot be sent to the database: this raises.
    text.encode()
    if "\x00" in text or len(text) > 2000:
        raise BadCursor
    read = _READERS[letter](text)
    if isinstance(read, datetime) and read.tzinfo is None:
        raise BadCursor
    if isinstance(read, Decimal) and not read.is_finite():
        raise BadCursor
    return read
