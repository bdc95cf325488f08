# SPDX-License-Identifier: AGPL-3.0-or-later
"""By what the two sides of a document are known: numbers of registers, account numbers, addresses."""

import re
from collections.abc import Iterator

from plein.documents.files.amounts import bare_account
from plein.documents.files.records import Entry, Invoice, Party

#: What a key may weigh; nothing honest is longer.
LONGEST = 120
_SIGNS = re.compile(r"[^A-Z0-9]")


def _bare(text: str) -> str:
    return _SIGNS.sub("", text.upper())


def keys_of_party(party: Party) -> Iterator[str]:
    """What tells a party from every other one: VAT number, number in a register, e-mail address."""
    if vat := _bare(party.vat):
        yield f"vat:{vat}"
    if number := _bare(party.number):
        # A number without a register is only known within a country.
        yield f"register:{_bare(party.scheme) or _bare(party.country)}:{number}"
    if "@" in party.email:
        yield f"mail:{party.email.strip().lower()}"


def keys_of_account(account: str) -> Iterator[str]:
    """An account number, however it is written."""
    if bare := bare_account(account):
        yield f"account:{bare}"


def sides_of(invoice: Invoice) -> tuple[list[str], list[str]]:
    """The keys of who sells and of who buys; accounts are those of the seller."""
    sells = [*keys_of_party(invoice.seller), *(key for one in invoice.accounts for key in keys_of_account(one))]
    return _few(sells), _few(keys_of_party(invoice.buyer))


def sides_of_entry(entry: Entry, account: str) -> tuple[list[str], list[str]]:
    """The keys of where money came from and where it went."""
    theirs, ours = _few(keys_of_account(entry.account)), _few(keys_of_account(account))
    return (theirs, ours) if entry.amount >= 0 else (ours, theirs)


def _few(keys: Iterator[str] | list[str]) -> list[str]:
    return [key[:LONGEST] for key in dict.fromkeys(keys)][:20]
