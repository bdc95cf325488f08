# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of the invoices and statements in a file, as rows that can be asked for."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from plein.documents.files.parties import keys_of_account, sides_of, sides_of_entry
from plein.documents.files.records import Document, Invoice, Statement
from plein.documents.files.wire import to_json
from plein.documents.models import RecordKind

#: What is more is no amount of money.
_MOST = Decimal(10) ** 17
_EXACT = Decimal("0.000001")


def rows_of(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """The fields of a record for each document, and for each payment on a statement, in their order."""
    rows = (row for one in documents for row in (_of_invoice(one) if isinstance(one, Invoice) else _of_statement(one)))
    return [{"place": place, **row} for place, row in enumerate(rows)]


def _money(amount: Decimal | None) -> Decimal | None:
    return amount.quantize(_EXACT) if amount is not None and abs(amount) < _MOST else None


def _of_invoice(invoice: Invoice) -> Iterator[dict[str, Any]]:
    sells, buys = sides_of(invoice)
    # A credit note is money the other way.
    amount = invoice.payable if invoice.payable is not None else invoice.gross
    yield {
        "kind": RecordKind.CREDIT_NOTE if invoice.kind == "credit_note" else RecordKind.INVOICE,
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "currency": invoice.currency[:3],
        "amount": _money(amount),
        "from_name": invoice.seller.name,
        "to_name": invoice.buyer.name,
        "from_keys": sells,
        "to_keys": buys,
        "words": invoice.payment_reference,
        "content": to_json(invoice),
    }


def _of_statement(statement: Statement) -> Iterator[dict[str, Any]]:
    head = to_json(statement)
    # Its payments are rows of their own.
    head["says"]["entries"] = []
    yield {
        "kind": RecordKind.STATEMENT,
        "number": statement.number,
        "issued_on": statement.closed_on or statement.opened_on,
        "currency": statement.currency[:3],
        "amount": _money(statement.closing),
        "to_name": statement.owner,
        "to_keys": list(keys_of_account(statement.account)),
        "content": head,
    }
    for entry in statement.entries:
        came_from, went_to = sides_of_entry(entry, statement.account)
        is_in = entry.amount >= 0
        yield {
            "kind": RecordKind.PAYMENT,
            "number": entry.bank_reference,
            "issued_on": entry.booked_on or entry.valued_on,
            "currency": entry.currency[:3],
            "amount": _money(entry.amount),
            "from_name": entry.name if is_in else statement.owner,
            "to_name": statement.owner if is_in else entry.name,
            "from_keys": came_from,
            "to_keys": went_to,
            "words": " ".join(filter(None, (entry.reference, entry.text))),
        }
