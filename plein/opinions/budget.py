# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much may still be asked today, and writing down what was."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum
from django.utils.timezone import localtime

from plein.core.ids import now
from plein.opinions.models import Endpoint, Spending
from plein.opinions.vocabulary import Unit


@dataclass(frozen=True, slots=True)
class Spent:
    """What asking took, and what may still be asked, in what the budget counts."""

    today: int
    month: int
    left: int


def _today() -> date:
    return localtime(now()).date()


def spent(endpoint: Endpoint) -> Spent:
    """What asking took today and this month; one query."""
    day = _today()
    found = dict(
        Spending.objects.filter(day__gte=day.replace(day=1))
        .values_list("day")
        .annotate(took=Sum("tokens" if endpoint.unit == Unit.TOKENS else "calls"))
    )
    today, month = found.get(day, 0), sum(found.values())
    return Spent(today, month, max(min(endpoint.per_day - today, endpoint.per_month - month), 0))


def note_spending(*, calls: int, tokens: int) -> None:
    """Write down what asking took today; less than nothing gives back what was set aside and not needed."""
    row, _made = Spending.objects.get_or_create(day=_today())
    Spending.objects.filter(id=row.id).update(calls=F("calls") + calls, tokens=F("tokens") + tokens)
