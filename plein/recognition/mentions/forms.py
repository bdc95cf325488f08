# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mentions that are known by their form: telephone numbers, e-mail addresses, links and postal addresses."""

import re

import phonenumbers

from plein.recognition.examples import Span
from plein.recognition.labels import ADDRESS, EMAIL, PHONE, URL

#: The part before the @ is bounded: without that a long row of letters is looked through from each of them. What has an
#: @ before it too is a name on a network.
_EMAIL = re.compile(r"(?<![\w.+'@-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
#: A street with a number and a Dutch or Belgian place with its postcode, or a British postcode; on one line or two.
_WORD = r"[^\W\d_]{1,30}"
_ADDRESS = re.compile(
    rf"\b[A-ZÀ-Ý]{_WORD}(?:[ '-]{_WORD}){{0,4}} \d{{1,5}}[ -]?[a-zA-Z]?(?:[,;]? ?\n ?|, ?|  ?)"
    r"(?:\d{4} ?[A-Z]{2}\b|B-\d{4}\b|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b)"
    rf"(?:,? {{1,2}}[A-ZÀ-Ý'][^\W\d_'-]{{1,30}}(?:[ -](?:aan|a/d|den|de|der|op|[A-ZÀ-Ý]{_WORD})){{0,3}})?"
)
_END = ".,;:!?)]}"
#: Without nine digits in a row of digits and separators there is no telephone number to look for.
_MAYBE_PHONE = re.compile(r"(?:\d[\s().\-/]{0,3}){8}")
#: Letters that are looked at for telephone numbers: the search is not linear in them.
LONGEST = 5_000


def formed_mentions(text: str, country: str = "NL") -> list[Span]:
    """Numbers, links and addresses of both kinds, in order. `country` is where numbers without +… are from."""
    found = [Span(EMAIL, one.start(), one.end()) for one in _EMAIL.finditer(text)]
    for one in _URL.finditer(text):
        found.append(Span(URL, one.start(), one.start() + len(one.group().rstrip(_END))))
    found += [Span(ADDRESS, one.start(), one.end()) for one in _ADDRESS.finditer(text[:LONGEST])]
    if _MAYBE_PHONE.search(text):
        taken = [range(span.start, span.end) for span in found]
        for match in phonenumbers.PhoneNumberMatcher(text[:LONGEST], country):
            if not any(match.start in place for place in taken):
                found.append(Span(PHONE, match.start, match.end))
    return sorted(found, key=lambda span: span.start)
