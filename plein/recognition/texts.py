# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message taken apart: what was said now, without what is quoted and signed; and its sentences with their places."""

import re

_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_SIGNED = re.compile(r"^-- ?$.*", re.MULTILINE | re.DOTALL)
#: A sentence ends at a mark that a space or a line break follows, or at a line break.
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|[\U0001F300-\U0001FAFF☀-➿]+(?=\s|$)|\n+")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:dhr|mevr|mw|dr|drs|mr|mrs|ms|ing|ir|prof|nr|st|bv|ca|incl|excl|evt|tel|\w)\.$", re.I
)


def said(text: str) -> str:
    """What the writer says now: quoted lines and the signature count for nobody's mood or wish."""
    return _SIGNED.sub("", _QUOTED.sub("", text)).strip()


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text begins and ends, closing marks included, white space at its edges not."""
    found, start = [], 0
    for mark in _END.finditer(text):
        if mark.group() == "." and _ABBREVIATED.search(text[start : mark.end()]):
            continue
        found.append((start, mark.end()))
        start = mark.end()
    found.append((start, len(text)))
    trimmed = ((begin + _leading(text[begin:end]), begin + len(text[begin:end].rstrip())) for begin, end in found)
    return [(begin, end) for begin, end in trimmed if begin < end]


def _leading(piece: str) -> int:
    return len(piece) - len(piece.lstrip())
