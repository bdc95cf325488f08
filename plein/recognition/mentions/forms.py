# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mentions that are known by their form: telephone numbers, e-mail addresses and links."""

import re

import phonenumbers

from plein.recognition.examples import Span
from plein.recognition.labels import EMAIL, PHONE, URL

#: The part before the @ is bounded: without that a long row of letters is looked through from each of them.
_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_END = ".,;:!?)]}"
#: Without nine digits in a row of digits and separators there is no telephone number to look for.
_MAYBE_PHONE = re.compile(r"(?:\d[\s().\-/]{0,3}){8}")
#: Letters that are looked at for telephone numbers: the search is not linear in them.
LONGEST = 5_000


def formed_mentions(text: str, country: str = "NL") -> list[Span]:
    """Telephone numbers, addresses and links of a text, in order. `country` is where numbers without +… are from."""
    found = [Span(EMAIL, one.start(), one.end()) for one in _EMAIL.finditer(text)]
    for one in _URL.finditer(text):
        found.append(Span(URL, one.start(), one.start() + len(one.group().rstrip(_END))))
    if _MAYBE_PHONE.search(text):
        taken = [range(span.start, span.end) for span in found]
        for match in phonenumbers.PhoneNumberMatcher(text[:LONGEST], country):
            if not any(match.start in place for place in taken):
                found.append(Span(PHONE, match.start, match.end))
    return sorted(found, key=lambda span: span.start)
