# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who referred others to us, and what came of it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from plein.relations.models import Relation, Tie
from plein.relations.vocabulary import TieKind, TieOutcome


@dataclass(frozen=True, slots=True)
class Bringer:
    """Somebody who referred so many to us, of whom some became customers, and what these are worth in euros."""

    who: Relation
    count: int
    customers: int
    value: Decimal


def bringers(*, limit: int, offset: int = 0) -> tuple[int, list[Bringer]]:
    """How many referred somebody to us, as far as the reader sees, and a page of them; three queries.

    Who brought most comes first: by worth, by customers, by how many. What came to nothing is worth nothing.
    """
    lasting = ~Q(outcome=TieOutcome.NO)
    told = Tie.objects.filter(kind=TieKind.REFERRED_BY).values("other_id").annotate(
        count=Count("id"),
        customers=Count("id", filter=Q(outcome=TieOutcome.CUSTOMER)),
        worth=Sum("value", filter=lasting, default=Decimal(0)),
    )  # fmt: skip
    rows = list(told.order_by("-worth", "-customers", "-count", "other_id")[offset : offset + limit])
    people = Relation.objects.in_bulk([row["other_id"] for row in rows])
    found = [
        Bringer(people[row["other_id"]], row["count"], row["customers"], row["worth"])
        for row in rows
        if row["other_id"] in people
    ]
    return told.order_by().count(), found
