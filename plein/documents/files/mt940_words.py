# SPDX-License-Identifier: AGPL-3.0-or-later
"""What field 86 of an MT940 tells of an entry: each bank writes it in its own way, and these are the usual ones."""

import re
from dataclasses import dataclass

from plein.documents.files.amounts import ibans_in

_CODES = (
    "EREF|BENM|ORDP|NAME|REMI|IBAN|BIC|TRTP|CSID|MARF|ISDT|PURP|RTYP|ADDR|CNTP|ULTD|ULTB|ULTC|PREF|SVCL|SWOC|TRCD|RTRN"
    "|CREF|BUSP|TXT|USTD|ID"
)
_SLASHED = re.compile(rf"/({_CODES})/")
_GERMAN = re.compile(r"\d{3}\?(?=\d\d)")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
_PURPOSE = (*range(20, 30), *range(60, 64))
_NOTHING = ("NOTPROVIDED", "NONREF", "")


@dataclass(frozen=True, slots=True)
class Told:
    """Who it was, from which account, by which reference, and what they wrote."""

    name: str = ""
    account: str = ""
    reference: str = ""
    text: str = ""


def told_in(value: str) -> Told:
    """What a field tells, by the way in which it is written."""
    if _GERMAN.match(value.lstrip()):
        return _german(value.replace("\n", ""))
    # A line ends where it is full, also in the middle of a word: what has codes is put together without anything.
    joined = value.replace("\n", "")
    if _SLASHED.search(joined):
        return _slashed(joined)
    text = " ".join(value.split())
    return Told(account=next(ibans_in(text), ""), text=text)


def _german(value: str) -> Told:
    parts: dict[int, str] = {}
    for piece in value.split("?")[1:]:
        if piece[:2].isascii() and piece[:2].isdigit():
            parts.setdefault(int(piece[:2]), piece[2:])
    purpose = "".join(parts.get(number, "") for number in _PURPOSE)
    pieces = _SEPA.split(purpose)
    coded = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    reference = " ".join(coded.get("EREF", "").split())
    return Told(
        name=" ".join((parts.get(32, "") + parts.get(33, "")).split()),
        account=parts.get(31, "").strip(),
        reference="" if reference.upper() in _NOTHING else reference,
        text=" ".join((coded.get("SVWZ") or (pieces[0] if coded else purpose)).split()),
    )


def _slashed(value: str) -> Told:
    pieces = _SLASHED.split(value)
    coded: dict[str, str] = {}
    for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
        coded.setdefault(code, " ".join(text.strip("/ ").split()))
    # The other end as ING writes it: account, bank, name, place.
    other = [one.strip() for one in coded.get("CNTP", "").split("/")]
    reference = coded.get("EREF", "")
    text = coded.get("REMI") or coded.get("USTD") or ""
    return Told(
        name=coded.get("NAME") or (other[2] if len(other) > 2 else ""),
        account=coded.get("IBAN") or other[0] or next(ibans_in(value), ""),
        reference="" if reference.upper() in _NOTHING else reference,
        text=text.removeprefix("USTD//").removeprefix("STRD/"),
    )
