# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts in a cell that a spreadsheet would take for a formula, and the way back.

A spreadsheet may read `=`, `+`, `-`, `@` or `|` at the start of a cell as the beginning of a formula, also behind
blanks and signs that cannot be seen, also in their full-width forms. One that splits lines by another separator than
ours, or does not mind quotes, sees a cell begin behind every `,`, `;`, tab and line end. At each of these places an
apostrophe is put before the sign, unless what follows is only a number, as a phone number is. `plain` takes exactly
these apostrophes away again: `plain(safe(text)) == text` for every text.
"""

import re

#: What may stand before the first sign of a cell without changing what it is: blanks, quotes, and what is not seen.
UNSEEN = (
    '\\s"\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e'
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
#: The signs with which a formula begins, in every form that Unicode holds equal to them.
SIGNS = "=+\\-@|\u207a-\u207c\u208a-\u208c\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20\uff5c"
#: Where a cell begins: at the start, and behind what some program takes for the end of the cell before it.
_PLACE = f"(?P<before>(?:^|[,;\\t\\n\\r\\x0b\\x0c\\x85\u2028\u2029])[{UNSEEN},;]*)"
#: Digits and what people write between them say nothing that a spreadsheet could carry out.
_NUMBER = "[+\\-][0-9 ()./\\-]*(?=$|[,;\\t\\n\\r])"
_BEGINS = re.compile(f"{_PLACE}(?P<marks>'*)(?P<sign>(?P<number>{_NUMBER})|[{SIGNS}])")


def _mark(found: re.Match[str]) -> str:
    if found["number"] is not None and not found["marks"]:
        return found[0]
    return f"{found['before']}'{found['marks']}{found['sign']}"


def _unmark(found: re.Match[str]) -> str:
    return f"{found['before']}{found['marks'][1:]}{found['sign']}"


def safe(text: str) -> str:
    """The text as it may stand in a cell of a CSV file: nothing in it is a formula."""
    return _BEGINS.sub(_mark, text)


def plain(cell: str) -> str:
    """The text that `safe` made a cell of."""
    return _BEGINS.sub(_unmark, cell)
