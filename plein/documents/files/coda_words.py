# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a payment in CODA is about: in words, or in a structure that a number of three digits names."""

import re
from dataclasses import dataclass

#: What an invoice asks to be named: +++123/4567/89002+++, or the same with stars.
_REFERENCE = re.compile(r"[+*]{3} ?(\d{3})/?(\d{4})/?(\d{5}) ?[+*]{3}", re.ASCII)
_DOMESTIC = re.compile(r"\d{12}", re.ASCII)
#: Where the check digits of an IBAN of Belgium are counted from: BE00 in digits.
_BE00 = "111400"


@dataclass(frozen=True, slots=True)
class Told:
    """What it is about, under which reference, and with whom when that is said."""

    text: str = ""
    reference: str = ""
    name: str = ""


def freely(said: str) -> Told:
    """What is said in words: cut anywhere by the end of a line, so pieces are joined as they are."""
    return Told(" ".join(said.split()))


def structured(said: str) -> Told:
    """What is said in a structure; of those that are not read here the words of the bank follow by themselves."""
    kind, rest = said[:3], said[3:]
    if kind in ("101", "102"):
        return Told(reference=rest[:12].strip())
    if kind == "100":
        return Told(reference=rest[:25].strip())
    if kind == "127":
        # A collection: day, kinds, who collects, the mandate, and what for.
        return Told(" ".join(rest[79:141].split()), reference=rest[44:79].strip())
    if kind == "001":
        return Told(name=" ".join(rest[:70].split()))
    return Told()


def belgian_iban(number: str) -> str:
    """The IBAN of an account number of Belgium from before there were any; anything else as it is."""
    if not _DOMESTIC.fullmatch(number) or not is_belgian(number):
        return number.strip()
    return f"BE{98 - int(number + _BE00) % 97:02}{number}"


def is_belgian(number: str) -> bool:
    """Whether the last two of twelve digits are what the first ten leave when divided by 97 (and 97 for nothing)."""
    return (int(number[:10]) % 97 or 97) == int(number[10:])


def belgian_ways(reference: str) -> tuple[str, ...]:
    """The ways to write the reference that an invoice in Belgium asks for: banks pass the digits on by themselves."""
    found = _REFERENCE.fullmatch(reference.strip())
    digits = "".join(found.groups()) if found else reference.strip()
    if not _DOMESTIC.fullmatch(digits) or not is_belgian(digits):
        return ()
    return digits, f"{digits[:3]}/{digits[3:7]}/{digits[7:]}"
