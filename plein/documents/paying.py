# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which payments pay which invoices: one of the amount, one of several at once, and several of one.

A payment has to name the number of an invoice, or its payment reference, as a whole word: an amount alone tells
nothing. What could be meant in two ways is not guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from plein.documents.files.coda_words import belgian_ways
from plein.documents.models import FileRecord, RecordKind

#: A shorter number stands in too many texts to tell anything.
SHORTEST_NUMBER = 3
#: Of so many open invoices payments in parts are looked for, and so many payments that name one of them are looked at.
MOST_OPEN, MOST_NAMING = 100, 1000


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice or a credit note: ours when we sent it; how much of it was seen to be paid, and when all of it was."""

    id: UUID
    moment_id: UUID
    attachment_id: UUID
    circle_id: int
    is_ours: bool
    is_credit: bool
    number: str
    issued_on: date | None
    due_on: date | None
    currency: str
    amount: Decimal
    paid_on: date | None = None
    paid: Decimal = Decimal()

    @property
    def value(self) -> Decimal:
        """What it is worth: a credit note is money back."""
        return -self.amount if self.is_credit else self.amount

    @property
    def left(self) -> Decimal:
        """Of how much of its value no payment was seen."""
        return self.value - self.paid

    @property
    def is_late(self) -> bool:
        """Whether it should have been paid by now and no payment of it was seen."""
        return self.paid_on is None and self.due_on is not None and self.due_on < timezone.localdate()


@dataclass(slots=True)
class _Open:
    """A bill of which not all was seen to be paid, with the texts that name it."""

    place: int
    bill: Bill
    names: tuple[re.Pattern[str], ...]


def with_payments(bills: Sequence[tuple[Bill, str]]) -> list[Bill]:
    """The bills, each with its payment reference, with what was seen to be paid of them."""
    found, used = _paid_exactly(bills)
    waiting = [
        _Open(place, one, names)
        for place, (one, (_bill, reference)) in enumerate(zip(found, bills, strict=True))
        if one.paid_on is None and (names := _patterns(one, reference))
    ][:MOST_OPEN]
    for payment in _naming(waiting, bills) if waiting else ():
        if payment.id not in used:
            for one in _pay(waiting, payment):
                found[one.place] = one.bill
    return found


def _paid_exactly(bills: Sequence[tuple[Bill, str]]) -> tuple[list[Bill], set[UUID]]:
    """What one payment of the very amount paid, and which payments those are."""
    wanted = {_due(bill) for bill, _reference in bills}
    payments = FileRecord.objects.filter(kind=RecordKind.PAYMENT, amount__in=wanted)
    by_amount: dict[Decimal, list[FileRecord]] = defaultdict(list)
    for payment in payments.only("amount", "currency", "issued_on", "words").order_by("issued_on", "id"):
        by_amount[payment.amount or Decimal()].append(payment)
    found: list[Bill] = []
    used: set[UUID] = set()
    # The oldest first: a payment that fits two of one amount pays one of them.
    for bill, reference in reversed(bills):
        names = _patterns(bill, reference)
        for payment in by_amount.get(_due(bill), ()):
            if payment.id not in used and _fits(payment, bill) and any(one.search(payment.words) for one in names):
                used.add(payment.id)
                bill = replace(bill, paid_on=payment.issued_on, paid=bill.value)
                break
        found.append(bill)
    return found[::-1], used


def _naming(waiting: Sequence[_Open], bills: Sequence[tuple[Bill, str]]) -> Iterable[FileRecord]:
    """The payments that name one of these, the oldest first."""
    texts = {text for one in waiting for text in _texts(one.bill, bills[one.place][1])}
    begun = [one.bill.issued_on for one in waiting]
    payments = FileRecord.objects.filter(
        kind=RecordKind.PAYMENT, amount__isnull=False, words__iregex="|".join(re.escape(one) for one in sorted(texts))
    )
    if None not in begun:
        payments = payments.filter(issued_on__gte=min(day for day in begun if day is not None))
    named = payments.only("amount", "currency", "issued_on", "words").order_by("issued_on", "id")
    return list(named[:MOST_NAMING])


def _pay(waiting: Sequence[_Open], payment: FileRecord) -> list[_Open]:
    """What a payment changes: all that it names when that is its sum, else a part of the one that it names."""
    amount = payment.amount or Decimal()
    named = [
        one
        for one in waiting
        if one.bill.paid_on is None
        and _fits(payment, one.bill)
        and any(pattern.search(payment.words) for pattern in one.names)
    ]
    left = sum((_left(one.bill) for one in named), Decimal())
    if named and left == amount:
        for one in named:
            one.bill = replace(one.bill, paid=one.bill.value, paid_on=payment.issued_on)
        return named
    if len(named) == 1 and left and 0 < amount / left < 1:
        [one] = named
        part = amount if one.bill.is_ours else -amount
        one.bill = replace(one.bill, paid=one.bill.paid + part)
        return named
    return []


def _due(bill: Bill) -> Decimal:
    """What comes in when it is paid; negative for what goes out."""
    return bill.value if bill.is_ours else -bill.value


def _left(bill: Bill) -> Decimal:
    """What still comes in when the rest is paid; negative for what goes out."""
    return bill.left if bill.is_ours else -bill.left


def _texts(bill: Bill, reference: str) -> tuple[str, ...]:
    names = (bill.number, reference, *belgian_ways(reference))
    return tuple(name for name in names if len(name) >= SHORTEST_NUMBER)


def _patterns(bill: Bill, reference: str) -> tuple[re.Pattern[str], ...]:
    """What finds its names as a whole: 2026-1 is not named by 2026-17."""
    return tuple(re.compile(rf"(?<!\w){re.escape(name)}(?![\w-])", re.IGNORECASE) for name in _texts(bill, reference))


def _fits(payment: FileRecord, bill: Bill) -> bool:
    """Whether a payment can be one of this bill: in its currency, and not before it was there."""
    if payment.issued_on is None or (bill.issued_on is not None and payment.issued_on < bill.issued_on):
        return False
    return payment.currency == bill.currency
