# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds where quoted history and the signature start, so that a view can fold them away.

It would rather miss a quotation than hide something the sender wrote: history counts only when nothing of the sender
follows it, and never when it is the whole message.
"""

import re

_DIVIDER = re.compile(
    r"^[> \t]{0,4}-{2,60}+ ?(?:original (?:message|appointment)|oorspronkelijk bericht|doorgestuurd bericht"
    r"|forwarded message|forwarded by [^\n]{1,160}|urspr(?:ü|ue)ngliche nachricht|message d'origine"
    r"|begin doorgestuurd bericht|begin forwarded message)\s?-{0,60}",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARD = re.compile(r"^(?:begin forwarded message|begin doorgestuurd bericht):[ \t]*$", re.IGNORECASE | re.MULTILINE)
_BLOCK = re.compile(
    r"^[ \t*]{0,4}(?:from|van|von|de):[^\n]{1,300}\n"
    r"(?:[ \t]{0,4}[^\n:]{1,30}:[^\n]{0,300}\n){0,3}?"
    r"[ \t*]{0,4}(?:sent|date|verzonden|datum|gesendet|envoyé):[^\n]{1,200}\n"
    r"(?:[ \t]{0,4}[^\n]{0,300}\n){0,3}?"
    r"[ \t*]{0,4}(?:to|aan|an|à|subject|onderwerp|betreft|betreff|objet):",
    re.IGNORECASE | re.MULTILINE,
)
_ATTRIBUTION = re.compile(
    r"^(?:on|op|am|le|den|il|el) [^\n]{4,200}(?:\n[^\n]{1,200}){0,2}?"
    r"(?:wrote|writes|schreef(?: het volgende)?|schrieb|a écrit|skrev|scrisse|ha scritto|escribió)"
    r"(?: [^\n:]{1,120})?\s?:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_BARE_ATTRIBUTION = re.compile(
    r"^[^\n>]{2,120} (?:wrote|writes|schreef|schrieb):[ \t]*\n(?=\s{0,4}[>|])", re.IGNORECASE | re.MULTILINE
)
_LOTUS_TO = re.compile(
    r"^[ \t]{0,40}(?:to|aan):[^\n]{0,1500}\n(?:[^\n]{0,1500}\n){0,40}?[ \t]{0,40}subject:", re.IGNORECASE | re.MULTILINE
)
_LOTUS_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}[ \t]+\d{1,2}:\d\d")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_DATE_HINT = re.compile(r"\d")
_LONGEST = 200_000


def find_quote(text: str) -> int | None:
    """Return the offset at which quoted history starts, or None."""
    head = text[:_LONGEST]
    found = [start for start in (_divider(head), _block(head), _attribution(head), _lotus(head)) if start is not None]
    trailing = _trailing_quotes(text)
    if trailing is not None:
        found.append(_with_attribution(text, trailing))
    start = min(found, default=None)
    if start is None or not text[:start].strip():
        return None
    return start


def _divider(text: str) -> int | None:
    if "--" not in text and "egin " not in text:
        return None
    found = _DIVIDER.search(text) or _FORWARD.search(text)
    return found.start() if found else None


def _block(text: str) -> int | None:
    found = _BLOCK.search(text) if ":" in text else None
    return found.start() if found else None


def _attribution(text: str) -> int | None:
    """Return an attribution line after which nothing unquoted follows, or no quote marks are used at all."""
    for found in _ATTRIBUTION.finditer(text):
        if not _DATE_HINT.search(found[0]):
            continue
        rest = text[found.end() :].strip("\n")
        if not rest.strip():
            continue
        quoted = rest.lstrip().startswith((">", "|"))
        if not quoted or _all_quoted(rest):
            return found.start()
    return None


def _all_quoted(rest: str) -> bool:
    signature = _SIGNATURE.search(rest)
    own = rest[: signature.start()] if signature else rest
    return all(line.lstrip()[:1] in ("", ">", "|") for line in own.split("\n"))


def _trailing_quotes(text: str) -> int | None:
    """Return where a last block of lines starting with ">" begins; a signature may follow it."""
    if "\n>" not in text:
        return None
    signature = _SIGNATURE.search(text)
    body = text[: signature.start()] if signature and "\n>" not in text[signature.start() :] else text
    end = len(body.rstrip())
    start: int | None = None
    while end > 0:
        line_start = body.rfind("\n", 0, end) + 1
        line = body[line_start:end].strip()
        if line and not line.startswith(">"):
            break
        if line:
            start = line_start
        end = line_start - 1
    return start


def _with_attribution(text: str, start: int) -> int:
    """Move the start up to the line that says whose words these are, if it is just above."""
    above = text[max(0, start - 500) : start]
    base = start - len(above)
    for pattern in (_ATTRIBUTION, _BARE_ATTRIBUTION):
        matches = list(pattern.finditer(above + ">"))
        if matches and not above[matches[-1].end() :].strip():
            return base + matches[-1].start()
    return start


def _lotus(text: str) -> int | None:
    """Return a Lotus Notes reply block: a name, a date, then To:, cc: and Subject: lines."""
    lowered_hint = "ubject:" in text
    if not lowered_hint:
        return None
    for found in _LOTUS_TO.finditer(text):
        above = text[max(0, found.start() - 400) : found.start()].split("\n")
        taken = 0
        for back, line in enumerate(reversed(above[-6:])):
            if _LOTUS_DATE.search(line):
                taken = back + 1
                # The name stands on the same line or just above the date.
                name = above[-taken - 1 : -taken][0] if len(above) > taken else ""
                if line.lstrip()[:1].isdigit() and 0 < len(name.strip()) < 80:
                    taken += 1
                break
        if taken:
            return found.start() - len("\n".join(above[-taken:]))
    return None


def find_signature(text: str, quote_from: int | None) -> int | None:
    """Return the offset of a signature under the sender's own words, or None."""
    if "\n--" not in text:
        return None
    own = text if quote_from is None else text[:quote_from]
    at = max(own.rfind("\n-- \n"), own.rfind("\n--\n"), len(own) - 4 if own.endswith(("\n-- ", "\n\n--")) else -1)
    if at < 0 or not own[:at].strip():
        return None
    return at + 1 if own.count("\n", at + 1) <= 15 else None
