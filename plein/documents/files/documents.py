# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the invoices and statements in a file, whatever kind of file it is, and says what is wrong with them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from plein.documents.files import camt, cii, coda, mt940, paper, ubl
from plein.documents.files.dutch_rules import dutch_flaws
from plein.documents.files.limits import Limits, Refused
from plein.documents.files.markup import parse
from plein.documents.files.plain import decoded
from plein.documents.files.records import Document, Flaw, Statement
from plein.documents.files.rules import flaws_of
from plein.documents.files.texts import kind_of

#: The most entries of one file: a year of a busy company.
MOST_ENTRIES = 20_000
NO_SUM = "The opening balance and the entries do not make the closing balance."


def documents_in(data: bytes, name: str, limits: Limits) -> list[Document]:
    """The invoices and statements in a file: none in one that is something else; raises Refused."""
    found = list(_found(data, name, limits))
    if sum(len(one.entries) for one in found if isinstance(one, Statement)) > MOST_ENTRIES:
        raise Refused(
            "This file holds more entries than are read at once. Ask the bank for statements of shorter times."
        )
    return found


def _found(data: bytes, name: str, limits: Limits) -> list[Document]:
    kind = kind_of(data, name)
    if kind == "application/pdf":
        return [found for inner in paper.inside(data, limits) for found in _of_inner(inner)]
    if kind == "application/xml" or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return list(_of_tree(data))
    if kind.startswith("text/"):
        text = decoded(data)
        statements = coda.read(text) if coda.is_coda(text) else mt940.read(text) if mt940.is_mt940(text) else []
        return [_weighed(one) for one in statements]
    return []


def _of_inner(data: bytes) -> list[Document]:
    """What travels inside a PDF may be anything: what is no invoice stays unread."""
    try:
        return list(_of_tree(data))
    except Refused:
        return []


def _of_tree(data: bytes) -> Iterator[Document]:
    root = parse(data)
    if ubl.is_ubl(root):
        invoice = ubl.read(root)
        yield replace(invoice, flaws=(*flaws_of(invoice), *dutch_flaws(root, invoice)))
    elif cii.is_cii(root):
        invoice = cii.read(root)
        yield replace(invoice, flaws=(*flaws_of(invoice), *dutch_flaws(root, invoice)))
    elif camt.is_camt(root):
        yield from (_weighed(one) for one in camt.read(root))


def _weighed(statement: Statement) -> Statement:
    """The statement, with a word of it when its sums are not right."""
    if statement.opening is None or statement.closing is None:
        return statement
    total = sum((one.amount for one in statement.entries), Decimal())
    if statement.opening + total == statement.closing:
        return statement
    return replace(statement, flaws=(*statement.flaws, Flaw("SUM", NO_SUM, is_error=False)))
