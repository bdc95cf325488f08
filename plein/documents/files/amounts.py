# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amounts, dates and account numbers as documents write them."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

#: No honest amount has more signs; what is longer would only cost time.
LONGEST = 40
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b", re.ASCII)


def amount_of(text: str | None) -> Decimal | None:
    """An amount as XML writes it; nothing when there is none, or no plain number."""
    bare = (text or "").strip()
    if len(bare) > LONGEST or not _NUMBER.match(bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def comma_amount(text: str) -> Decimal | None:
    """An amount as banks write it in MT940: with a comma, whatever stands behind it."""
    return amount_of(text.strip().replace(",", "."))


def day_of(text: str | None) -> date | None:
    """A date, or the date of a time: 2026-01-31, 20260131, 2026-01-31T12:00:00+01:00."""
    bare = (text or "").strip()[:10].replace("-", "")[:8]
    if len(bare) != 8 or not (bare.isascii() and bare.isdigit()):
        return None
    try:
        return date(int(bare[:4]), int(bare[4:6]), int(bare[6:]))
    except ValueError:
        return None


def bank_day(text: str) -> date | None:
    """A date of two digits each. Banks count months of thirty days: the 30th of February is its last day."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        return None
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def bare_account(text: str) -> str:
    """An account number without the signs between its parts."""
    return re.sub(r"[\s.]", "", text).upper()[:34]


def is_iban(account: str) -> bool:
    """Whether its check digits are right."""
    if not _IBAN.fullmatch(account):
        return False
    digits = "".join(str(int(sign, 36)) for sign in account[4:] + account[:4])
    return int(digits) % 97 == 1


def ibans_in(text: str) -> Iterator[str]:
    """The IBANs that stand in a text."""
    return (found[0] for found in _IBAN.finditer(text) if is_iban(found[0]))
