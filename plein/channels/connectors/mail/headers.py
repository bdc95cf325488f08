# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the header lines of a message: names, encoded words, dates and identifiers, as found in the wild."""

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from plein.channels.connectors.mail.charsets import clean, decode

type Headers = dict[str, list[str]]

_LONGEST_WORDS = 20_000
_NAME = re.compile(r"[!-9;-~]{1,200}[ \t]*:")
_SURE_NAME = re.compile(
    r"(?:from|to|cc|subject|date|received|message-id|mime-version|content-[a-z-]+|x-[\w-]+)[ \t]*:", re.IGNORECASE
)
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?\r\n]*+(?:\?(?!=)[^?\r\n]*+)*+)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_CHARSET = re.compile(rb"charset\s*=\s*\"?([\w.:-]{1,40})", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([^<>]{1,990})>")
_ISO = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?")
_DATE = re.compile(
    r"\s*(?:[A-Za-z]{3},\s*)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)(?:\s|$|\()"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


def header_end(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the header block ends and where the body begins."""
    if data.startswith((b"\n", b"\r\n"), start):
        return start, start + (1 if data[start : start + 1] == b"\n" else 2)
    plain = data.find(b"\n\n", start, end)
    dos = data.find(b"\n\r\n", start, end if plain < 0 else plain)
    if dos >= 0:
        return dos + 1, dos + 3
    if plain >= 0:
        return plain + 1, plain + 2
    return end, end


def parse_headers(block: bytes) -> tuple[Headers, int]:
    """Return the fields by lower-case name, and the number of bytes that turned out to be body (0 as a rule)."""
    text, width = _block_text(block)
    fields: Headers = {}
    lines = text.split("\n")
    current: list[str] | None = None
    for number, line in enumerate(lines):
        if line[:1] in (" ", "\t"):
            if current is not None:
                current[-1] += line.rstrip("\r")
            continue
        if _NAME.match(line):
            name, _, value = line.partition(":")
            current = fields.setdefault(name.rstrip().lower(), [])
            current.append(value.strip(" \t\r"))
        elif not line or line == "\r" or line.startswith(("From ", ">From ")):
            continue
        elif current is not None and _headers_go_on(lines, number + 1):
            # A folded line that lost its indent: mail gateways do this.
            current[-1] += " " + line.rstrip("\r")
        else:
            rest = "\n".join(lines[number:])
            return fields, len(rest.encode("utf-8", "surrogateescape")) if width == "utf-8" else len(rest)
    return fields, 0


def _headers_go_on(lines: list[str], number: int) -> bool:
    if number < len(lines) and _NAME.match(lines[number]):
        return True
    return any(_SURE_NAME.match(line) for line in lines[number : number + 3])


def _block_text(block: bytes) -> tuple[str, str]:
    if block.isascii():
        return block.decode("ascii"), "utf-8"
    try:
        return block.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        found = _CHARSET.search(block)
        charset = found[1].decode("ascii", "replace") if found else ""
        lines = [decode(line, charset) for line in block.split(b"\n")]
        return "\n".join(lines), "other"


def first(headers: Headers, name: str) -> str:
    """Return the first value of a field, or ""."""
    values = headers.get(name)
    return values[0] if values else ""


def squeezed(headers: Headers, name: str) -> str:
    """Return the first value of a field, decoded, on one line."""
    value = first(headers, name)
    return " ".join(decode_words(value).split()) if value else ""


def decode_words(value: str) -> str:
    """Decode the encoded words of a header value (RFC 2047), also the broken ones."""
    if "=?" not in value:
        return clean(value)
    value = _BETWEEN_WORDS.sub(r"\1", value[:_LONGEST_WORDS])
    pieces: list[str] = []
    pending, pending_charset, at = b"", "", 0
    for found in _WORD.finditer(value):
        between = value[at : found.start()]
        charset = found[1].lower()
        if pending and (between or charset != pending_charset):
            pieces.append(decode(pending, pending_charset))
            pending = b""
        if between:
            pieces.append(between)
        # One character may be cut in two by neighbouring words: join their bytes before decoding.
        pending += _word_bytes(found[2].lower(), found[3])
        pending_charset, at = charset, found.end()
    if pending:
        pieces.append(decode(pending, pending_charset))
    pieces.append(value[at:])
    return clean("".join(pieces))


def _word_bytes(kind: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if kind == "q":
        return quopri.decodestring(raw.replace(b"_", b" ").rstrip(b" ") or b" ")
    return from_base64(raw)


def from_base64(raw: bytes) -> bytes:
    """Decode base64 with missing padding, strange characters or a lost last letter."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def message_ids(value: str) -> tuple[str, ...]:
    """Return the identifiers in Message-ID, In-Reply-To or References, in order, each once."""
    # A fold in the middle of an identifier leaves a space that was never part of it.
    found = ("".join(one.split()) for one in _MESSAGE_ID.findall(clean(value)) if "@" in one or " " not in one)
    return tuple(dict.fromkeys(found)) if value else ()


def message_id(value: str) -> str:
    """Return one Message-ID without its brackets, also when the brackets are missing."""
    found = _MESSAGE_ID.search(value)
    if found:
        return "".join(clean(found[1]).split())
    bare = clean(value).strip().strip("<>").strip()
    return bare if bare and len(bare) <= 990 and " " not in bare else ""


def parse_date(value: str) -> tuple[datetime | None, str]:
    """Return the moment in UTC, or None with the reason."""
    if not value.strip():
        return None, "The message has no date."
    try:
        moment = _quick_date(value) or _slow_date(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        moment = None
    if moment is None:
        return None, f"The date cannot be read: {clean(value)[:80]}."
    if moment.year < 69:
        # "0001" is what a program wrote that meant 2001 and knew two digits.
        return moment.replace(year=moment.year + 2000), f"The year {moment.year} was read as {moment.year + 2000}."
    if not 1970 <= moment.year <= 2100:
        return None, f"The date is impossible: {clean(value)[:80]}."
    return moment, ""


def _quick_date(value: str) -> datetime | None:
    found = _DATE.match(value)
    if not found:
        return None
    day, month, year, hour, minute, second, sign, off_hours, off_minutes = found.groups()
    number = _MONTHS.get(month.lower())
    if number is None:
        return None
    offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
    local = datetime(int(year), number, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC)
    return local - offset if sign == "+" else local + offset


def _slow_date(value: str) -> datetime | None:
    found = _ISO.match(value)
    if found:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    parts = parsedate_tz(value[:200])
    if parts is None:
        return None
    moment = datetime(*parts[:5], min(parts[5], 59), tzinfo=UTC)
    return moment - timedelta(seconds=parts[9] or 0)
