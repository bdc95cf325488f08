# SPDX-License-Identifier: AGPL-3.0-or-later
"""The few marks of Markdown that a mail needs, as HTML: what is written goes out as text, and as this beside it.

Pictures are not among them: a mail of ours loads nothing from anywhere.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape

from plein.core.html import clean_html

_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(((?:https?://|mailto:|tel:)[^\s()<>]{1,1000})\)")
_BARE = re.compile(r"https?://[^\s<>\"')\]]{1,1000}[^\s<>\"')\].,;:!?]")
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]{1,1000}?)(?<=\S)\*\*")
_SLANTED = re.compile(r"(?<![\w*])[*_](?=\S)([^*_\n]{1,1000}?)(?<=\S)[*_](?![\w*])")
_BULLET = re.compile(r"\s{0,3}[-*]\s+(.*)\Z")
_NUMBER = re.compile(r"\s{0,3}\d{1,3}[.)]\s+(.*)\Z")
_HEAD = re.compile(r"\s{0,3}(#{1,3})\s+(.*?)\s*#*\Z")
_QUOTE = re.compile(r"\s{0,3}> ?(.*)\Z")
_DEEPEST = 5


def as_html(text: str) -> str:
    """Marked text as clean HTML."""
    return clean_html("\n".join(_blocks(text.splitlines(), 0))).html


def _blocks(lines: list[str], depth: int) -> Iterator[str]:
    at = 0
    while at < len(lines):
        kind = _kind_of(lines[at], depth)
        end = at + 1
        while end < len(lines) and _kind_of(lines[end], depth) == kind:
            end += 1
        yield from _block(kind, lines[at:end], depth)
        at = end


def _kind_of(line: str, depth: int) -> str:
    if not line.strip():
        return "empty"
    for kind, pattern in (("quote", _QUOTE), ("bullet", _BULLET), ("number", _NUMBER), ("head", _HEAD)):
        if pattern.match(line) and (kind != "quote" or depth < _DEEPEST):
            return kind
    return "text"


def _block(kind: str, lines: list[str], depth: int) -> Iterator[str]:
    if kind == "quote":
        inner = [found[1] for line in lines if (found := _QUOTE.match(line))]
        yield f"<blockquote>{''.join(_blocks(inner, depth + 1))}</blockquote>"
    elif kind in ("bullet", "number"):
        pattern, tag = (_BULLET, "ul") if kind == "bullet" else (_NUMBER, "ol")
        items = "".join(f"<li>{_inline(found[1])}</li>" for line in lines if (found := pattern.match(line)))
        yield f"<{tag}>{items}</{tag}>"
    elif kind == "head":
        yield from (f"<p><strong>{_inline(found[2])}</strong></p>" for line in lines if (found := _HEAD.match(line)))
    elif kind == "text":
        yield f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>"


def _inline(line: str) -> str:
    """Links first, each set aside, so that a star in an address stays a star."""
    kept: list[str] = []

    def aside(html: str) -> str:
        kept.append(html)
        return f"\x00{len(kept) - 1}\x00"

    def link(words: str, address: str) -> str:
        return aside(f'<a href="{escape(address)}">{escape(words)}</a>')

    text = line.replace("\x00", "")
    text = _LINK.sub(lambda found: link(found[1], found[2]), text)
    text = _BARE.sub(lambda found: link(found[0], found[0]), text)
    html = str(escape(text))
    html = _BOLD.sub(r"<strong>\1</strong>", html)
    html = _SLANTED.sub(r"<em>\1</em>", html)
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], html)
