# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reduces a subject to what stays equal through a conversation."""

import re

_MARK = re.compile(
    r"(?:re|fw|fwd|aw|wg|sv|vs|vb|antw|antwoord|betr|betreft|doorst|tr|rv|res|enc|r|i)"
    r"\s*(?:[\[(]\d{1,3}[\])]|\^?\d{1,3})?\s*[:\uff1a]\s*",
    re.IGNORECASE,
)
_TAG = re.compile(r"\[[^\[\]]{1,60}\]\s*")


def subject_key(subject: str) -> str:
    """Return the subject without reply marks and list tags, folded, with single spaces; "" if nothing is left."""
    text = " ".join(subject.split())
    at = 0
    while True:
        found = _MARK.match(text, at) or _TAG.match(text, at)
        if not found:
            break
        at = found.end()
    rest = text[at:].strip()
    # A subject that is only a tag, as "[agenda]", is a subject.
    if not rest and at:
        rest = _MARK.sub("", text).strip()
    return rest.casefold()
