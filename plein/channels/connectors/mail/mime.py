# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes a message apart into its MIME parts, by slicing: no part is copied before somebody wants it.

Written for damaged mail: boundaries that never close, nest too deep or repeat their parent's, headers that stop early.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from plein.channels.connectors.mail.charsets import decode
from plein.channels.connectors.mail.headers import decode_words, first, from_base64, header_end, parse_headers
from plein.channels.connectors.mail.limits import Limits

_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,100})/([\w!#$&^.+-]{1,100})")
_PARAMETER = re.compile(r';\s*([\w*!#$&^.+-]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.){0,4000})"?|([^;]{0,4000}))', re.DOTALL)
_CONTINUED = re.compile(r"\A(.+?)\*(\d{1,3})(\*?)\Z")


class Part:
    """One part of a message: its headers and where its body lies in the raw bytes."""

    __slots__ = ("children", "closed", "data", "default_type", "end", "headers", "parameters", "start", "type")

    def __init__(self, data: bytes, start: int, end: int, default_type: str = "text/plain") -> None:
        self.data = data
        head_end, self.start = header_end(data, start, end)
        self.headers, body_back = parse_headers(data[start:head_end])
        if body_back:
            self.start = head_end - body_back
        self.end = max(end, self.start)
        self.children: list[Part] = []
        self.closed = True
        self.default_type = default_type
        self.type, self.parameters = content_type(first(self.headers, "content-type"), default_type)

    def body(self) -> bytes:
        """Return the body with its transfer encoding undone."""
        raw = self.data[self.start : self.end]
        encoding = first(self.headers, "content-transfer-encoding").strip().strip("\"'").lower()
        if encoding.startswith("base64"):
            return from_base64(raw)
        if encoding.startswith("quoted"):
            return quopri.decodestring(raw)
        if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            return _from_uuencode(raw)
        return raw

    def text(self) -> str:
        """Return the body as text with plain line ends."""
        text = decode(self.body(), self.parameters.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all parts below it, in order."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))

    def disposition(self) -> tuple[str, dict[str, str]]:
        """Return the Content-Disposition and its parameters."""
        value = first(self.headers, "content-disposition")
        if not value:
            return "", {}
        return value.partition(";")[0].strip().lower(), parameters(value)

    def file_name(self) -> str:
        """Return the name the sender gave this part, decoded, or ""."""
        name = self.disposition()[1].get("filename") or self.parameters.get("name") or ""
        return decode_words(name).strip()


def content_type(value: str, default: str) -> tuple[str, dict[str, str]]:
    """Return the type in lower case and the parameters of a Content-Type header."""
    if not value:
        return default, {}
    found = _TYPE.match(value)
    if not found:
        # "text" and other single words: read as text, as every mail program does.
        return "text/plain", parameters(value)
    return f"{found[1]}/{found[2]}".lower(), parameters(value) if ";" in value else {}


def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a header, with continued and encoded ones (RFC 2231) put together."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(value[:100_000]):
        name = found[1].lower()
        text = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else (found[3] or "").strip()
        continued = _CONTINUED.match(name)
        if continued:
            pieces.setdefault(continued[1], {})[int(continued[2])] = (text, bool(continued[3]))
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], {})[0] = (text, True)
        else:
            plain.setdefault(name, text)
    for name, numbered in pieces.items():
        plain[name] = _joined(numbered)
    return plain


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    charset, raw = "", b""
    for number in sorted(numbered):
        text, encoded = numbered[number]
        if encoded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return decode(raw, charset)


def _from_uuencode(raw: bytes) -> bytes:
    lines: list[bytes] = []
    for line in raw.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Encoders that pad each line: the first letter says how many bytes count.
            lines.append(binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3]) if _is_uu(line) else b"")
    return b"".join(lines)


def _is_uu(line: bytes) -> bool:
    try:
        binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except binascii.Error:
        return False
    return True


def take_apart(data: bytes, limits: Limits) -> tuple[Part, list[str]]:
    """Return the root part with its tree, and defects as sentences."""
    defects: list[str] = []
    root = Part(data, 0, len(data))
    todo: list[tuple[Part, int]] = [(root, 0)]
    count = 1
    while todo:
        part, depth = todo.pop()
        if not part.type.startswith(("multipart/", "message/")):
            continue
        if depth >= limits.depth:
            defects.append(f"Parts are nested deeper than {limits.depth} levels: what is below was left out.")
            part.type = "application/octet-stream"
            continue
        spans = _multipart_spans(part, limits.parts - count, defects) if part.type.startswith("multipart/") else ()
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        part.children = [Part(data, start, end, default) for start, end in spans]
        count += len(part.children)
        todo.extend((child, depth + 1) for child in reversed(part.children))
    return root, defects


def _multipart_spans(part: Part, room: int, defects: list[str]) -> list[tuple[int, int]]:
    boundary = part.parameters.get("boundary", "").rstrip()
    if not boundary:
        part.type = "text/plain"
        defects.append("A multipart message does not name its boundary: it was read as text.")
        return []
    marker = b"--" + boundary.encode("utf-8", "replace")
    spans: list[tuple[int, int]] = []
    at, begin = part.start, -1
    closed = False
    while True:
        found = _next_marker(part.data, marker, at, part.end)
        if found is None:
            break
        start, after, is_last = found
        if begin >= 0:
            spans.append((begin, _without_line_end(part.data, begin, start)))
        begin, at = after, after
        if is_last:
            closed = True
            break
        if len(spans) >= room:
            defects.append("The message has more parts than are read: the rest was left out.")
            return spans
    if not closed and begin >= 0:
        spans.append((begin, part.end))
    part.closed = closed
    if begin < 0:
        part.type = "text/plain"
        defects.append("The parts of a multipart message are missing: it was read as text.")
    return spans


def _next_marker(data: bytes, marker: bytes, at: int, end: int) -> tuple[int, int, bool] | None:
    """Find a boundary line: where it starts, where the next line starts, and whether it is the closing one."""
    while True:
        start = data.find(marker, at, end)
        if start < 0:
            return None
        tail = start + len(marker)
        if start == 0 or data[start - 1] in b"\n\r":
            line_end = data.find(b"\n", tail, end)
            line_end = end if line_end < 0 else line_end
            rest = data[tail : min(line_end, tail + 200)].strip()
            if rest in (b"", b"--") or (rest.startswith(b"--") and not rest[2:].strip(b"- ")):
                return start, min(line_end + 1, end), rest.startswith(b"--")
        at = tail


def _without_line_end(data: bytes, begin: int, start: int) -> int:
    if start - 1 >= begin and data[start - 1 : start] == b"\n":
        start -= 1
    if start - 1 >= begin and data[start - 1 : start] == b"\r":
        start -= 1
    return start
