# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank statements in CODA, version 2, as Belgian banks write them: lines of 128 signs, and a place for each fact."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from plein.documents.files.amounts import bank_day, bare_account
from plein.documents.files.coda_words import Told, belgian_iban, freely, structured
from plein.documents.files.records import Entry, Flaw, Statement

WIDTH = 128
OTHER_COUNT = "The entries are not those that the last line of the statement counts."
_HEADER = re.compile(r"0....\d{6}.{3}05", re.ASCII | re.DOTALL)
#: A part that is a payment of its own, put together by who pays (5) or by the bank (6, 7). An 8 is what one payment is
#: made of, such as charges; a 9 is a part of a 7, which is in the sum already.
_PARTS = "567"
#: That something was sent back, and why in a code of ISO; banks that write an older version have other things there.
_SENT_BACK = re.compile(r"[1-5](?:[A-Z]{2}\d{2}| {4})", re.ASCII)
_WHOLE = "0000"
_NOTHING = ("NOTPROVIDED", "NOT PROVIDED", "NONREF")


def is_coda(text: str) -> bool:
    """Whether a text is statements in version 2 of CODA: a line that heads them, and the balance they begin with."""
    lines = _lines(text[: 4 * WIDTH])
    return (
        len(lines) > 1
        and len(lines[0]) == WIDTH
        and lines[0][127] == "2"
        and bool(_HEADER.match(lines[0]) and lines[1].startswith("1"))
    )


def read(text: str) -> list[Statement]:
    """The statements in a text."""
    return [one.statement() for one in _drafts(_lines(text))]


def _lines(text: str) -> list[str]:
    """The lines of a file; some banks write none, but all signs in a row."""
    found = [one for one in text.lstrip("\ufeff").splitlines() if one.strip()]
    if len(found) == 1 and len(found[0]) > WIDTH:
        found = [found[0][start : start + WIDTH] for start in range(0, len(found[0]), WIDTH)]
    # Mail takes blanks away where a line ends.
    return [one.ljust(WIDTH)[:WIDTH] for one in found]


@dataclass(slots=True)
class _Move:
    """A movement, or a part of one, as its lines come by; `more` are the lines of information about it."""

    first: str
    second: str = ""
    third: str = ""
    more: list[list[str]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.first[6:10] == _WHOLE

    @property
    def amount(self) -> Decimal | None:
        return _amount(self.first[31:47])

    def told(self) -> Told:
        """Its communication, and what lines of information add."""
        said = self.first[62:115] + self.second[10:63] + self.third[82:125]
        told = structured(said) if self.first[61] == "1" else freely(said)
        texts = [told.text]
        for first, *others in self.more:
            words = first[40:113] + "".join(one[10:115] if one[1] == "2" else one[10:100] for one in others)
            if first[39] == "1":
                told = replace(told, name=told.name or structured(words).name)
            else:
                texts.append(freely(words).text)
        return replace(told, text=" ".join(filter(None, texts)))

    def entry(self, place: int, currency: str, whole: Entry | None = None) -> Entry | None:
        """What it is; a part is with whom the whole is, unless it says otherwise."""
        amount = self.amount
        if amount is None:
            return None
        told = self.told()
        customer = " ".join(self.second[63:98].split())
        reference = told.reference or ("" if customer.upper() in _NOTHING else customer)
        return Entry(
            place=place,
            amount=amount,
            currency=currency,
            booked_on=_day(self.first[115:121]),
            valued_on=_day(self.first[47:53]),
            name=" ".join(self.third[47:82].split()) or told.name[:300] or (whole.name if whole else ""),
            account=_other_account(self.third[10:47]) or (whole.account if whole else ""),
            reference=reference[:300] or (whole.reference if whole else ""),
            bank_reference=" ".join(self.first[10:31].split()),
            text=told.text[:2_000] or (whole.text if whole else ""),
            code=self.first[53:61].strip(),
            is_reversal=bool(_SENT_BACK.match(self.second[112:117])),
        )


@dataclass(slots=True)
class _Draft:
    """A statement as its lines come by."""

    header: str
    first: str
    last: str = ""
    trailer: str = ""
    moves: list[_Move] = field(default_factory=list)

    def take(self, line: str) -> None:
        """One line more."""
        kind = line[:2]
        move = self.moves[-1] if self.moves else None
        if kind == "21":
            self.moves.append(_Move(line))
        elif line[0] == "8":
            self.last = line
        elif line[0] == "9":
            self.trailer = line
        elif move is None or line[2:6] != move.first[2:6]:
            # Of nothing that was begun.
            return
        elif kind == "22":
            move.second = line
        elif kind == "23":
            move.third = line
        elif kind == "31":
            move.more.append([line])
        elif kind in ("32", "33") and move.more:
            move.more[-1].append(line)

    def statement(self) -> Statement:
        account, currency = _account(self.first)
        number = (self.first[125:128].strip(), self.header[24:34].strip())
        return Statement(
            syntax="CODA",
            number=" ".join(filter(None, number)),
            account=account,
            owner=" ".join(self.first[64:90].split()),
            currency=currency,
            opened_on=_day(self.first[58:64]),
            opening=_amount(self.first[42:58]),
            closed_on=_day(self.last[57:63]),
            closing=_amount(self.last[41:57]),
            entries=tuple(self._entries(currency)),
            flaws=() if self._is_as_counted() else (Flaw("COUNT", OTHER_COUNT, is_error=False),),
        )

    def _entries(self, currency: str) -> Iterator[Entry]:
        """The movements; of one whose parts make its amount to the cent, the parts."""
        for place, (whole, parts) in enumerate(self._wholes(), 1):
            entry = whole.entry(place, currency)
            if entry is None:
                continue
            split = [one for part in parts if (one := part.entry(place, currency, entry)) is not None]
            is_split = len(split) == len(parts) > 1 and sum(one.amount for one in split) == entry.amount
            yield from split if is_split else (entry,)

    def _wholes(self) -> Iterator[tuple[_Move, list[_Move]]]:
        found: list[tuple[_Move, list[_Move]]] = []
        for move in self.moves:
            if move.is_whole:
                found.append((move, []))
            elif found and found[-1][0].first[2:6] == move.first[2:6] and move.first[53] in _PARTS:
                found[-1][1].append(move)
        yield from found

    def _is_as_counted(self) -> bool:
        """Whether what the last line counts is what came in and went out; one that counts nothing says nothing."""
        if not self.trailer[22:52].strip().isdigit():
            return True
        amounts = [one.amount or Decimal() for one in self.moves if one.is_whole]
        out, into = _amount("0" + self.trailer[22:37]), _amount("0" + self.trailer[37:52])
        return (out, into) == (-sum(one for one in amounts if one < 0), sum(one for one in amounts if one > 0))


def _drafts(lines: Sequence[str]) -> Iterator[_Draft]:
    header, draft = "", None
    for line in lines:
        if line[0] == "0":
            header = line
        elif line[0] == "1":
            if draft is not None:
                yield draft
            draft = _Draft(header, line)
        elif draft is not None:
            draft.take(line)
    if draft is not None:
        yield draft


def _amount(text: str) -> Decimal | None:
    """A sign (1 is out) and thousandths; the third place is written only where it says something."""
    bare = text[1:]
    if len(bare) != 15 or not (bare.isascii() and bare.isdigit()) or text[0] not in "01":
        return None
    number = int(bare)
    amount = Decimal(number).scaleb(-3) if number % 10 else Decimal(number // 10).scaleb(-2)
    return -amount if text[0] == "1" else amount


def _day(text: str) -> date | None:
    """A date whose day comes first."""
    return bank_day(text[4:6] + text[2:4] + text[:2])


def _account(line: str) -> tuple[str, str]:
    """The account and its currency, where the second sign of the line says that they stand."""
    if line[1] == "0":
        return belgian_iban(line[5:17]), line[18:21].strip()
    length = 36 if line[1] == "2" else 39
    return bare_account(line[5:length]), line[39:42].strip()


def _other_account(text: str) -> str:
    """The account at the other end: as whoever paid wrote it, with or without a currency."""
    bare = next(iter(text[:34].split()), "")
    return "" if not bare.strip("0") else bare_account(belgian_iban(bare))
