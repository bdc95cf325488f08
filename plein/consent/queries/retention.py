# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rules about keeping come to today, with the eyes of whoever looks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plein.consent.keeping import Keeping, keepings
from plein.consent.models import RetentionRule
from plein.consent.queries.purposes import promised_months
from plein.core.ids import now

MONTH = timedelta(days=365.25 / 12)
#: No further than this is counted, and so many are named.
MOST, NAMED = 10_000, 5
#: The most that is deleted in one go.
AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of data and its rule; what is due when it was asked for."""

    keeping: Keeping
    rule: RetentionRule | None
    count: int | None = None
    names: tuple[str, ...] = ()
    promised: int | None = None

    @property
    def months(self) -> int:
        return self.rule.months if self.rule else self.promised or self.keeping.months

    @property
    def is_past_promise(self) -> bool:
        """Whether people read that we keep it shorter than the rule does, or than for ever without one."""
        return self.promised is not None and (not self.is_on or self.months > self.promised)

    @property
    def is_on(self) -> bool:
        return self.rule is not None and self.rule.is_on

    @property
    def is_put_off(self) -> bool:
        return self.rule is not None and self.rule.asks_from is not None and self.rule.asks_from > now()

    @property
    def before(self) -> datetime:
        return now() - self.months * MONTH

    @property
    def is_capped(self) -> bool:
        return self.count is not None and self.count > MOST


def rules() -> list[Due]:
    """Every kind of data with its rule: three queries."""
    known = {one.key: one for one in RetentionRule.objects.all()}
    promised = promised_months()
    return [Due(one, known.get(one.key), promised=promised if one.is_promised else None) for one in keepings()]


def looked_at(due: Due) -> Due:
    """How much is due and the names of a few: two queries or three."""
    found = due.keeping.old(due.before).order_by()
    count = found.values("id")[: MOST + 1].count()
    first = list(due.keeping.old(due.before).values_list("id", flat=True)[:NAMED]) if count else []
    names = tuple(due.keeping.naming(first)) if first else ()
    return Due(due.keeping, due.rule, count, names, due.promised)


def due_of(key: str) -> Due | None:
    """The rule of one kind."""
    return next((one for one in rules() if one.keeping.key == key), None)


def due_ids(due: Due) -> list[UUID]:
    """What is due, the oldest ids first."""
    return list(due.keeping.old(due.before).order_by("id").values_list("id", flat=True)[:AT_ONCE])


def asked_for() -> list[Due]:
    """The queue: what waits for the word of an administrator."""
    return [found for one in rules() if one.is_on and not one.is_put_off and (found := looked_at(one)).count]
