# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads lists of addresses from header lines, in time proportional to their length."""

import re
from functools import lru_cache

from plein.channels.base import Address, Role
from plein.channels.connectors.mail.headers import Headers, decode_words
from plein.channels.connectors.mail.limits import Limits

ROLES: tuple[tuple[str, Role], ...] = (
    ("from", "from"),
    ("sender", "sender"),
    ("reply-to", "reply_to"),
    ("to", "to"),
    ("cc", "cc"),
    ("bcc", "bcc"),
)
_TOKEN = re.compile(r'"((?:[^"\\]|\\.){0,200}+)"|<([^<>]*)>|([,;])|([^",;<>()]+)|(.)', re.DOTALL)
_PLAIN = re.compile(r"[^\s,;:<>()\"\\=@]+@[^\s,;:<>()\"\\=@]+\Z")
_AT_WORD = re.compile(r"\A(\S+) (?:at|AT|\(at\)|\[at\]) (\S+\.\S+)\Z")
_COMMENT = re.compile(r"\([^()]{0,200}\)")
_ESCAPED = re.compile(r"\\(.)")


@lru_cache(maxsize=20_000)
def normal_address(raw: str) -> str:
    """Return an address lower-cased with an ASCII domain, or "" when it cannot be one."""
    text = raw.strip().strip("<>").strip().rstrip(".,;").lower()
    if text.startswith("'") and text.endswith("'"):
        text = text[1:-1]
    at_word = _AT_WORD.match(text)
    if at_word:
        text = f"{at_word[1]}@{at_word[2]}"
    local, _, domain = text.rpartition("@")
    local, domain = local.strip(), domain.strip().rstrip(".")
    if not local.startswith('"'):
        # A route, a "mailto:" or the name of a group may stand before it.
        local = local.rpartition(":")[2]
    if not local or not domain or len(text) > 320 or any(c.isspace() or c < " " for c in domain):
        return ""
    if "@" in local and not (local.startswith('"') and local.endswith('"')):
        return ""
    if any(c < " " or c == "\x7f" or c in "<>;," for c in local) or (" " in local and not local.startswith('"')):
        return ""
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return f"{local}@{domain}"


class _Mailbox:
    """The pieces of one mailbox while the list is being read."""

    __slots__ = ("angle", "comments", "unclosed", "words")

    def __init__(self) -> None:
        self.unclosed = 0
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def take(self, max_name: int) -> tuple[str, str] | None:
        words = "".join(self.words)
        comment = " ".join(self.comments)
        angle = self.angle
        self.words, self.comments, self.angle = [], [], None
        if angle is None and not words.strip():
            return None
        if angle is not None:
            address = normal_address(_COMMENT.sub("", decode_words(angle)))
            name = words.strip() or comment or ("" if address else angle)
        else:
            # Without brackets an address is a word of its own; a group name may stand before it.
            tail = words.rpartition(":")[2].strip()
            address = normal_address(tail.replace('"', "") if '"@' not in tail else tail)
            name = comment if address else words
        name = " ".join(decode_words(name).split()).strip("\"' ")[:max_name]
        if address and name.lower() == address:
            name = ""
        return (name, address) if name or address else None


def parse_list(value: str, max_name: int, at_most: int) -> list[tuple[str, str]]:
    """Return (name, address) for each mailbox in a header value."""
    if _PLAIN.match(value):
        return [("", normal_address(value))]
    if "<" not in value and '"' not in value and "(" not in value and "=?" not in value and ";" not in value:
        plain = [part.strip() for part in value.split(",")]
        if all(_PLAIN.match(part) for part in plain if part):
            return [("", normal_address(part)) for part in plain if part][:at_most]
    return _parse_careful(value, max_name, at_most)


def _parse_careful(value: str, max_name: int, at_most: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    box = _Mailbox()
    at, size = 0, len(value)
    while at < size and len(found) < at_most:
        token = _TOKEN.match(value, at)
        if token is None:
            break
        at = token.end()
        quoted, angle, comma, word, other = token.groups()
        if comma:
            _add(found, box.take(max_name))
        elif quoted is not None:
            # Quotes belong to the address only right before an at sign: "odd name"@example.org.
            keep = value.startswith("@", at)
            box.words.append(f'"{quoted}"' if keep else _ESCAPED.sub(r"\1", quoted))
        elif angle is not None:
            if box.angle is not None:
                _add(found, box.take(max_name))
            box.angle = angle
        elif other == "(":
            at = _read_comment(value, at, box)
        else:
            box.words.append(word or ("" if other in "<>" else other))
    if len(found) < at_most:
        _add(found, box.take(max_name))
    return found


def _add(found: list[tuple[str, str]], pair: tuple[str, str] | None) -> None:
    if pair is not None:
        found.append(pair)


def _read_comment(value: str, at: int, box: _Mailbox) -> int:
    # A sender of thousands of unclosed brackets must not cost thousands of scans.
    if box.unclosed > 50:
        return at
    depth, here = 1, at
    limit = min(len(value), at + 2_000)
    while here < limit:
        letter = value[here]
        if letter == "\\":
            here += 1
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                box.comments.append(_ESCAPED.sub(r"\1", value[at:here]))
                return here + 1
        here += 1
    box.unclosed += 1
    return at


def read_addresses(headers: Headers, limits: Limits) -> tuple[tuple[Address, ...], str]:
    """Return every address of a message by role, each once per role, and a defect or ""."""
    found: dict[tuple[str, str, str], Address] = {}
    left = limits.addresses
    for field, role in ROLES:
        values = headers.get(field)
        if not values:
            continue
        for value in values:
            pairs = parse_list(value, limits.name, left + 1)
            if len(pairs) > left:
                return tuple(found.values()), f"More than {limits.addresses} addresses: the rest was left out."
            left -= len(pairs)
            for name, address in pairs:
                key = (role, address, "" if address else name)
                if key not in found:
                    found[key] = Address(role, name, address)
    return tuple(found.values()), ""
