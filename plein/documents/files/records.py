# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an invoice or a bank statement says, whatever format it was in: frozen, with exact amounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a document: the number of the rule, in the standard's own words; `is_error` or a warning."""

    rule: str
    words: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys. `number` is of the trade register, `scheme` which register that is (0106 is KvK, 0190 OIN)."""

    name: str = ""
    vat: str = ""
    number: str = ""
    scheme: str = ""
    endpoint: str = ""
    email: str = ""
    street: str = ""
    postal_code: str = ""
    place: str = ""
    country: str = ""
    has_address: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice."""

    number: str = ""
    name: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    amount: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """VAT of one category and rate: how much, over what."""

    category: str = ""
    rate: Decimal | None = None
    base: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or a credit note. `standard` is what it says it follows; amounts are None where it says nothing."""

    syntax: str
    standard: str = ""
    kind: str = "invoice"
    type_code: str = ""
    number: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    currency: str = ""
    seller: Party = Party()
    buyer: Party = Party()
    lines: tuple[Line, ...] = ()
    taxes: tuple[Tax, ...] = ()
    line_total: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None
    accounts: tuple[str, ...] = ()
    payment_means: tuple[str, ...] = ()
    payment_reference: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    preceding: str = ""
    note: str = ""
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Money on an account: in when the amount is positive. `place` counts the entries; parts of one share it."""

    place: int
    amount: Decimal
    currency: str
    booked_on: date | None = None
    valued_on: date | None = None
    name: str = ""
    account: str = ""
    reference: str = ""
    bank_reference: str = ""
    text: str = ""
    code: str = ""
    is_reversal: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bank says of one account over some time."""

    syntax: str
    number: str = ""
    account: str = ""
    owner: str = ""
    currency: str = ""
    opened_on: date | None = None
    opening: Decimal | None = None
    closed_on: date | None = None
    closing: Decimal | None = None
    entries: tuple[Entry, ...] = ()
    flaws: tuple[Flaw, ...] = ()


type Document = Invoice | Statement
