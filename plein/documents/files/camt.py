# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank statements in CAMT: 053 for a day, 052 within it, 054 for single payments, of any version."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from plein.documents.files.amounts import amount_of, bare_account, day_of
from plein.documents.files.markup import name_of
from plein.documents.files.records import Entry, Statement
from plein.documents.files.trees import every, first, marked, word, words

#: What stands in a document, and each statement within that.
PLACES = ("BkToCstmrStmt/Stmt", "BkToCstmrAcctRpt/Rpt", "BkToCstmrDbtCdtNtfctn/Ntfctn")
_OUT = "DBIT"
_OPENING, _CLOSING = ("OPBD", "PRCD", "OPAV"), ("CLBD", "ITBD", "CLAV")
_NONE = ("NOTPROVIDED", "NONREF", "UNKNOWN")


def is_camt(root: Element) -> bool:
    """Whether a document is a statement in CAMT."""
    return name_of(root) == "Document" and any(first(root, place.split("/")[0]) is not None for place in PLACES)


def read(root: Element) -> list[Statement]:
    """The statements in a document."""
    return [_statement(one) for place in PLACES for one in every(root, place)]


def _statement(one: Element) -> Statement:
    opening, closing = _balance(one, _OPENING), _balance(one, _CLOSING)
    account = word(one, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
    currency = word(one, "Acct/Ccy") or marked(first(opening, "Amt"), "Ccy")
    entries = [entry for place, found in enumerate(every(one, "Ntry"), 1) for entry in _entries(found, place)]
    return Statement(
        syntax="CAMT",
        number=word(one, "Id"),
        account=bare_account(account),
        owner=word(one, "Acct/Ownr/Nm", "Acct/Ownr/Pty/Nm"),
        currency=currency or next((entry.currency for entry in entries), ""),
        opened_on=_day(first(opening, "Dt")),
        opening=_signed(opening),
        closed_on=_day(first(closing, "Dt")),
        closing=_signed(closing),
        entries=tuple(entries),
    )


def _balance(one: Element, kinds: tuple[str, ...]) -> Element | None:
    found = {word(balance, "Tp/CdOrPrtry/Cd"): balance for balance in every(one, "Bal")}
    return next((found[kind] for kind in kinds if kind in found), None)


def _signed(element: Element | None) -> Decimal | None:
    amount = amount_of(word(element, "Amt"))
    return -amount if amount is not None and word(element, "CdtDbtInd") == _OUT else amount


def _day(element: Element | None) -> date | None:
    return day_of(word(element, "Dt", "DtTm"))


def _entries(found: Element, place: int) -> Iterator[Entry]:
    """An entry, or each of the payments it is made of where they are told, each with its amount."""
    whole = _signed(found)
    if whole is None:
        return
    details = list(every(found, "NtryDtls/TxDtls"))
    amounts = [_part(one, whole) for one in details]
    if len(details) > 1 and None not in amounts and sum(filter(None, amounts), Decimal()) == whole:
        yield from (_entry(found, one, place, part) for one, part in zip(details, amounts, strict=True) if part)
    else:
        yield _entry(found, details[0] if len(details) == 1 else None, place, whole)


def _part(detail: Element, whole: Decimal) -> Decimal | None:
    amount = amount_of(word(detail, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"))
    if amount is None:
        return None
    way = word(detail, "CdtDbtInd")
    return -amount if way == _OUT or (not way and whole < 0) else amount


def _entry(found: Element, detail: Element | None, place: int, amount: Decimal) -> Entry:
    # Who stands at the other end of the money.
    side = "Dbtr" if amount >= 0 else "Cdtr"
    parties = first(detail, "RltdPties")
    account = first(parties, f"{side}Acct/Id")
    reference = word(detail, "RmtInf/Strd/CdtrRefInf/Ref", "Refs/EndToEndId")
    return Entry(
        place=place,
        amount=amount,
        currency=marked(first(found, "Amt"), "Ccy")[:3],
        booked_on=_day(first(found, "BookgDt")),
        valued_on=_day(first(found, "ValDt")),
        name=word(parties, f"{side}/Nm", f"{side}/Pty/Nm", f"Ultmt{side}/Nm", f"Ultmt{side}/Pty/Nm"),
        account=bare_account(word(account, "IBAN", "Othr/Id", "BBAN", "PrtryAcct/Id")),
        reference="" if reference.upper() in _NONE else reference,
        bank_reference=word(found, "AcctSvcrRef") or word(detail, "Refs/AcctSvcrRef"),
        text=words(detail, "RmtInf/Ustrd") or word(found, "AddtlNtryInf", most=2_000),
        code="/".join(filter(None, (word(found, "BkTxCd/Domn/Cd"), word(found, "BkTxCd/Domn/Fmly/SubFmlyCd")))),
        is_reversal=word(found, "RvslInd").lower() in ("true", "1"),
    )
