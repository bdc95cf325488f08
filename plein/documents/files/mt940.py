# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank statements in MT940, and MT942 within the day: of Dutch and German banks and those that write like them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from plein.documents.files.amounts import bank_day, bare_account, comma_amount, ibans_in
from plein.documents.files.mt940_words import Told, told_in
from plein.documents.files.records import Entry, Statement

_TAG = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})?([\d,.]+)", re.ASCII)
_ENTRY = re.compile(
    r"(?P<valued>\d{6})(?P<booked>\d{4})?(?P<way>R?[CD]|E[CD])(?P<funds>[A-Z])?\s*(?P<amount>\d[\d,.]*|,\d+)"
    r"(?P<code>[A-Z][A-Z0-9]{3})?(?P<reference>[^\n/]*(?:/(?!/)[^\n/]*)*)(?://(?P<bank>[^\n]*))?(?:\n(?P<more>.*))?",
    re.ASCII | re.DOTALL,
)
#: What some banks write on a line of its own: the account at the other end.
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", re.ASCII)
_NOTHING = ("NONREF", "NOTPROVIDED", "EREF", "KREF+", "KREF")
#: With these tags a statement begins, when one was begun before.
_BEGINS = "20"


def is_mt940(text: str) -> bool:
    """Whether a text is a statement: it has an account, and a balance or an entry."""
    tags = set(_TAG.findall(text[:200_000]))
    return "25" in tags and bool(tags & {"60F", "60M", "61", "62F", "62M"})


def read(text: str) -> list[Statement]:
    """The statements in a text."""
    return [one.statement() for one in _drafts(text.replace("\r\n", "\n").replace("\r", "\n"))]


@dataclass(slots=True)
class _Draft:
    """A statement as its tags come by."""

    tags: dict[str, str] = field(default_factory=dict)
    entries: list[tuple[str, list[str]]] = field(default_factory=list)

    def statement(self) -> Statement:
        opened = _balance(self.tags.get("60F") or self.tags.get("60M", ""))
        closed = _balance(self.tags.get("62F") or self.tags.get("62M", ""))
        account, currency = _account(self.tags.get("25", ""))
        currency = currency or opened[2] or closed[2] or self.tags.get("34F", "")[:3]
        made = (_entry(place, *one, currency, closed[0]) for place, one in enumerate(self.entries, 1))
        number = self.tags.get("28C") or self.tags.get("28", "")
        return Statement(
            syntax="MT940",
            number=" ".join(filter(None, (number.strip()[:30], self.tags.get("20", "").strip()[:40]))),
            account=account,
            currency=currency,
            opened_on=opened[0],
            opening=opened[1],
            closed_on=closed[0],
            closing=closed[1],
            entries=tuple(one for one in made if one is not None),
        )


def _drafts(text: str) -> Iterator[_Draft]:
    draft = _Draft()
    pieces = _TAG.split(text)
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if tag == _BEGINS and draft.tags:
            yield draft
            draft = _Draft()
        value = _without_end(value)
        if tag == "61":
            draft.entries.append((value, []))
        elif tag == "86":
            # What follows the last balance is about the statement, and no entry's.
            if draft.entries and "62F" not in draft.tags and "62M" not in draft.tags:
                draft.entries[-1][1].append(value)
        else:
            draft.tags.setdefault(tag, value)
    if draft.tags or draft.entries:
        yield draft


def _without_end(value: str) -> str:
    """A value without the line that ends a message."""
    lines = value.rstrip().split("\n")
    while lines and lines[-1].strip() in ("-", "-}", "--"):
        lines.pop()
    return "\n".join(lines)


def _balance(value: str) -> tuple[date | None, Decimal | None, str]:
    found = _BALANCE.match(value.strip())
    amount = comma_amount(found[4]) if found else None
    if found is None or amount is None:
        return None, None, ""
    return bank_day(found[2]), -amount if found[1] == "D" else amount, found[3] or ""


def _account(value: str) -> tuple[str, str]:
    """The account, and the currency that some banks write behind it."""
    bare = bare_account(value.split("\n")[0])
    found = re.fullmatch(r"(.*\d)([A-Z]{3})", bare, re.ASCII)
    return (found[1], found[2]) if found else (bare, "")


def _entry(place: int, value: str, about: list[str], currency: str, closed: date | None) -> Entry | None:
    found = _ENTRY.match(value.strip())
    amount = comma_amount(found["amount"]) if found else None
    if found is None or amount is None:
        return None
    way = found["way"]
    # The reversal of money in takes it out again.
    is_out = way[-1] == "D" if way[0] != "R" else way[-1] == "C"
    valued = bank_day(found["valued"])
    told = told_in("\n".join(about)) if about else Told()
    more = (found["more"] or "").strip()
    reference = (found["reference"] or "").strip()
    account = told.account or next(ibans_in(f"{reference} {more}"), "") or (more if _IBAN.fullmatch(more) else "")
    return Entry(
        place=place,
        amount=-amount if is_out else amount,
        currency=currency,
        booked_on=_booked(found["booked"], valued) or closed,
        valued_on=valued,
        name=told.name[:300],
        account=bare_account(account),
        reference=told.reference[:300] or ("" if reference.upper() in (*_NOTHING, "") else reference[:300]),
        bank_reference=(found["bank"] or "").strip()[:300],
        text=(told.text or ("" if more == account else " ".join(more.split())))[:2_000],
        code=(found["code"] or "")[:10],
        is_reversal=way[0] == "R",
    )


def _booked(text: str | None, valued: date | None) -> date | None:
    """A day without a year: that of the year in which it is nearest to the other one."""
    if not text or valued is None:
        return None
    near = (bank_day(f"{(valued.year + step) % 100:02d}{text}") for step in (-1, 0, 1))
    return min((one for one in near if one), key=lambda one: abs((one - valued).days), default=None)
