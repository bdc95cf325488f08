# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a relation was sent and what we received from them: by invoice, and whether a payment was seen of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.documents.models import RecordKind
from plein.documents.paying import Bill, with_payments
from plein.moments.vocabulary import Direction

#: So many invoices of one relation are looked at, the newest.
MOST = 500
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
    return with_payments(list(found.values()))


def totals_of(bills: Iterable[Bill]) -> list[Total]:
    """What it comes to, in each currency."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for bill in bills:
        side = "sent" if bill.is_ours else "received"
        sums[bill.currency][side] += bill.value
        sums[bill.currency][f"{side}_open"] += bill.left
    return [Total(currency, **amounts) for currency, amounts in sorted(sums.items())]
