# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the European standard asks of an invoice (EN 16931-1), by the numbers and in the words of its own rules.

These are the rules about what must be there and about arithmetic; those about lists of codes are not among them.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from plein.documents.files.records import Flaw, Invoice, Line

STANDARD = "en16931"
CENT = Decimal("0.01")
type Holds = Callable[[Invoice], bool]


def _near(one: Decimal | None, other: Decimal) -> bool:
    return one is None or abs(one - other) < CENT


def _sum(amounts: Iterator[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), Decimal())


def _zero(amount: Decimal | None) -> Decimal:
    return amount if amount is not None else Decimal()


def _each(holds: Callable[[Line], bool]) -> Holds:
    return lambda invoice: all(holds(line) for line in invoice.lines)


def _taxes_add_up(invoice: Invoice) -> bool:
    if not invoice.taxes:
        return True
    return _near(invoice.tax, _sum(one.amount for one in invoice.taxes))


def _rates_hold(invoice: Invoice) -> bool:
    """The standard's own schematron lets a tax differ by one, for whoever rounds it line by line."""
    return all(
        one.amount is None or one.base is None or abs(abs(one.amount) - abs(one.base * _zero(one.rate) / 100)) < 1
        for one in invoice.taxes
    )


_BR: tuple[tuple[str, str, Holds], ...] = (
    ("BR-01", "An Invoice shall have a Specification identifier (BT-24).", lambda i: bool(i.standard)),
    ("BR-02", "An Invoice shall have an Invoice number (BT-1).", lambda i: bool(i.number)),
    ("BR-03", "An Invoice shall have an Invoice issue date (BT-2).", lambda i: i.issued_on is not None),
    ("BR-04", "An Invoice shall have an Invoice type code (BT-3).", lambda i: bool(i.type_code)),
    ("BR-05", "An Invoice shall have an Invoice currency code (BT-5).", lambda i: bool(i.currency)),
    ("BR-06", "An Invoice shall contain the Seller name (BT-27).", lambda i: bool(i.seller.name)),
    ("BR-07", "An Invoice shall contain the Buyer name (BT-44).", lambda i: bool(i.buyer.name)),
    ("BR-08", "An Invoice shall contain the Seller postal address.", lambda i: i.seller.has_address),
    (
        "BR-09",
        "The Seller postal address (BG-5) shall contain a Seller country code (BT-40).",
        lambda i: bool(i.seller.country) or not i.seller.has_address,
    ),
    ("BR-10", "An Invoice shall contain the Buyer postal address (BG-8).", lambda i: i.buyer.has_address),
    (
        "BR-11",
        "The Buyer postal address shall contain a Buyer country code (BT-55).",
        lambda i: bool(i.buyer.country) or not i.buyer.has_address,
    ),
    (
        "BR-12",
        "An Invoice shall have the Sum of Invoice line net amount (BT-106).",
        lambda i: i.line_total is not None,
    ),
    ("BR-13", "An Invoice shall have the Invoice total amount without VAT (BT-109).", lambda i: i.net is not None),
    ("BR-14", "An Invoice shall have the Invoice total amount with VAT (BT-112).", lambda i: i.gross is not None),
    ("BR-15", "An Invoice shall have the Amount due for payment (BT-115).", lambda i: i.payable is not None),
    ("BR-16", "An Invoice shall have at least one Invoice line (BG-25)", lambda i: bool(i.lines)),
    (
        "BR-21",
        "Each Invoice line (BG-25) shall have an Invoice line identifier (BT-126).",
        _each(lambda line: bool(line.number)),
    ),
    (
        "BR-22",
        "Each Invoice line (BG-25) shall have an Invoiced quantity (BT-129).",
        _each(lambda line: line.quantity is not None),
    ),
    (
        "BR-23",
        "An Invoice line (BG-25) shall have an Invoiced quantity unit of measure code (BT-130).",
        _each(lambda line: bool(line.unit) or line.quantity is None),
    ),
    (
        "BR-24",
        "Each Invoice line (BG-25) shall have an Invoice line net amount (BT-131).",
        _each(lambda line: line.amount is not None),
    ),
    ("BR-25", "Each Invoice line (BG-25) shall contain the Item name (BT-153).", _each(lambda line: bool(line.name))),
    (
        "BR-26",
        "Each Invoice line (BG-25) shall contain the Item net price (BT-146).",
        _each(lambda line: line.price is not None),
    ),
    (
        "BR-27",
        "The Item net price (BT-146) shall NOT be negative.",
        _each(lambda line: line.price is None or line.price >= 0),
    ),
    (
        "BR-CO-10",
        "Sum of Invoice line net amount (BT-106) = Σ Invoice line net amount (BT-131).",
        lambda i: _near(i.line_total, _sum(line.amount for line in i.lines)),
    ),
    (
        "BR-CO-13",
        "Invoice total amount without VAT (BT-109) = Σ Invoice line net amount (BT-131) - Sum of allowances on document"
        " level (BT-107) + Sum of charges on document level (BT-108).",
        lambda i: i.line_total is None or _near(i.net, i.line_total - _zero(i.allowances) + _zero(i.charges)),
    ),
    (
        "BR-CO-14",
        "Invoice total VAT amount (BT-110) = Σ VAT category tax amount (BT-117).",
        _taxes_add_up,
    ),
    (
        "BR-CO-15",
        "Invoice total amount with VAT (BT-112) = Invoice total amount without VAT (BT-109) + Invoice total VAT amount"
        " (BT-110).",
        lambda i: i.net is None or _near(i.gross, i.net + _zero(i.tax)),
    ),
    (
        "BR-CO-16",
        "Amount due for payment (BT-115) = Invoice total amount with VAT (BT-112) -Paid amount (BT-113) +Rounding"
        " amount (BT-114).",
        lambda i: i.gross is None or _near(i.payable, i.gross - _zero(i.prepaid) + _zero(i.rounding)),
    ),
    (
        "BR-CO-17",
        "VAT category tax amount (BT-117) = VAT category taxable amount (BT-116) x (VAT category rate (BT-119) / 100),"
        " rounded to two decimals.",
        _rates_hold,
    ),
    ("BR-CO-18", "An Invoice shall at least have one VAT breakdown group (BG-23).", lambda i: bool(i.taxes)),
)


def flaws_of(invoice: Invoice) -> Iterator[Flaw]:
    """What is wrong with an invoice by the European standard; one that follows another standard is not judged by it."""
    if invoice.standard and STANDARD not in invoice.standard:
        return
    for rule, words, holds in _BR:
        if not holds(invoice):
            yield Flaw(rule, words)
