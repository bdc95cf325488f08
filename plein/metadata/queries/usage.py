# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a field is used, as far as its reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps

from plein.core.finding.finder import looking, scoped
from plein.core.ids import now
from plein.metadata.models import Field, ValueRow

CAP = 1000
#: A field that nobody filled in for so long is pointed out.
UNUSED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Usage:
    """For how many records a field is filled in, counted no further than just past a thousand, and when last."""

    count: int = 0
    last: date | None = None

    @property
    def is_capped(self) -> bool:
        return self.count > CAP

    @property
    def is_unused(self) -> bool:
        """Whether nobody filled it in lately."""
        return self.last is None or self.last < now().date() - timedelta(days=UNUSED_DAYS)


def values_models() -> list[type[ValueRow]]:
    """Every table of values there is."""
    return [model for model in apps.get_models() if issubclass(model, ValueRow)]


def usage_of(fields: Sequence[Field]) -> dict[UUID, Usage]:
    """How much each of these fields is used, in one query.

    The days of a thousand filled records say when it was last filled in: those of more are not all looked at.
    """
    if not fields:
        return {}
    each, parameters = [], dict[str, Any]()
    for place, field in enumerate(fields):
        parameters |= {f"field{place}": str(field.id), f"group{place}": field.group_id}
        filled = " UNION ALL ".join(
            f"(SELECT v.filled ->> %(field{place})s AS day FROM {model._meta.db_table} v"
            f" WHERE {{v}} AND v.group_id = %(group{place})s AND v.values ? %(field{place})s LIMIT {CAP + 1})"
            for model in values_models()
        )
        each.append(f"SELECT %(field{place})s::uuid, count(*), max(day) FROM ({filled}) f{place}")
    with looking() as cursor:
        cursor.execute(scoped(" UNION ALL ".join(each)), parameters)
        return {row[0]: Usage(row[1], date.fromisoformat(row[2]) if row[2] else None) for row in cursor.fetchall()}


def is_filled(field: Field) -> bool:
    """Whether the reader sees any value of a field."""
    return usage_of([field]).get(field.id, Usage()).count > 0
