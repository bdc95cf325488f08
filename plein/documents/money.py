# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a relation was sent and what we received from them: by invoice, and whether a payment was seen of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils import timezone

from plein.core.finding.finder import scoped
from plein.documents.models import FileRecord, RecordKind
from plein.moments.vocabulary import Direction

#: So many invoices of one relation are looked at, the newest.
MOST = 500
#: A shorter number stands in too many texts to tell anything.
SHORTEST_NUMBER = 3
_OF_RELATION = """
SELECT r.id, r.moment_id, r.attachment_id, r.circle_id, m.direction, r.kind, r.number, r.issued_on, r.due_on,
       r.currency, r.amount, r.words
  FROM documents_file_record r JOIN moments_moment m ON {m} AND m.id = r.moment_id
 WHERE {r} AND r.kind IN ('invoice', 'credit_note') AND r.amount IS NOT NULL
   AND r.moment_id IN (SELECT p.moment_id FROM moments_participant p
                        WHERE {p} AND p.relation_id = %(relation)s::uuid AND p.role IN ('from', 'to', 'with', 'for'))
 ORDER BY r.issued_on DESC NULLS LAST, r.id DESC LIMIT %(most)s::int
"""


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice or a credit note: ours when we sent it, and the day on which a payment of it was seen."""

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

    @property
    def value(self) -> Decimal:
        """What it is worth: a credit note is money back."""
        return -self.amount if self.is_credit else self.amount

    @property
    def is_late(self) -> bool:
        """Whether it should have been paid by now and no payment of it was seen."""
        return self.paid_on is None and self.due_on is not None and self.due_on < timezone.localdate()


@dataclass(frozen=True, slots=True)
class Total:
    """Of one currency: what was sent to them and what was received, and of how much no payment was seen."""

    currency: str
    sent: Decimal = Decimal()
    sent_open: Decimal = Decimal()
    received: Decimal = Decimal()
    received_open: Decimal = Decimal()


def bills_of(relation_id: UUID) -> list[Bill]:
    """The invoices and credit notes between a relation and us that the reader may see, the newest first, each once."""
    with connection.cursor() as cursor:
        cursor.execute(scoped(_OF_RELATION), {"relation": str(relation_id), "most": str(MOST)})
        rows = cursor.fetchall()
    found: dict[tuple[object, ...], tuple[Bill, str]] = {}
    for one, moment, attachment, circle, way, kind, number, issued, due, currency, amount, words in rows:
        # The same invoice may lie in a mail twice: for machines and inside the PDF, or in a copy of the mail.
        key = (way, kind, number, issued, currency, amount) if number else (one,)
        is_ours, is_credit = way == Direction.OUTBOUND, kind == RecordKind.CREDIT_NOTE
        bill = Bill(one, moment, attachment, circle, is_ours, is_credit, number, issued, due, currency, amount)
        found.setdefault(key, (bill, words))
    return _with_payments(list(found.values()))


def _with_payments(bills: Sequence[tuple[Bill, str]]) -> list[Bill]:
    wanted = {_due(bill) for bill, _reference in bills}
    payments = FileRecord.objects.filter(kind=RecordKind.PAYMENT, amount__in=wanted)
    by_amount: dict[Decimal, list[FileRecord]] = defaultdict(list)
    for payment in payments.only("amount", "currency", "issued_on", "words").order_by("issued_on", "id"):
        by_amount[payment.amount or Decimal()].append(payment)
    return [_paid(bill, reference, by_amount.get(_due(bill), ())) for bill, reference in bills]


def _due(bill: Bill) -> Decimal:
    """What comes in when it is paid; negative for what goes out."""
    return bill.value if bill.is_ours else -bill.value


def _paid(bill: Bill, reference: str, payments: Iterable[FileRecord]) -> Bill:
    names = [name for name in (bill.number, reference) if len(name) >= SHORTEST_NUMBER]
    for payment in payments:
        fits = payment.currency == bill.currency and not _is_before(payment.issued_on, bill.issued_on)
        if fits and any(_names(payment.words, name) for name in names):
            return replace(bill, paid_on=payment.issued_on)
    return bill


def _is_before(paid_on: date | None, issued_on: date | None) -> bool:
    return paid_on is None or (issued_on is not None and paid_on < issued_on)


def _names(words: str, number: str) -> bool:
    """Whether a text names a number as a whole: 2026-1 is not named by 2026-17."""
    return re.search(rf"(?<!\w){re.escape(number)}(?![\w-])", words, re.IGNORECASE) is not None


def totals_of(bills: Iterable[Bill]) -> list[Total]:
    """What it comes to, in each currency."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for bill in bills:
        side = "sent" if bill.is_ours else "received"
        sums[bill.currency][side] += bill.value
        if bill.paid_on is None:
            sums[bill.currency][f"{side}_open"] += bill.value
    return [Total(currency, **amounts) for currency, amounts in sorted(sums.items())]
