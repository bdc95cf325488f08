# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cuts an mbox of any size into its messages while it streams by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plein.channels.connectors.mail.streams import Stream

_CHUNK = 512 * 1024
_AHEAD = 2_000
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# Programs write this line in many ways; with headers below it, a month and a time are enough.
_SEPARATOR = re.compile(rb"From [^\r\n]*\b" + _MONTH + rb"\b[^\r\n]*\d:\d\d[^\r\n]*\r?(?:\n|\Z)")
_STRICT = re.compile(rb"From \S+(?: at \S+)? +[A-Z][a-z]{2},? +" + _MONTH + rb" +\d{1,2} +\d\d:\d\d")
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:|>?From ")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of an mbox; ``data`` is empty and ``is_oversize`` set when it was larger than the limit."""

    offset: int
    next_offset: int
    data: bytes
    size: int
    is_oversize: bool
    is_last: bool


class _Cutter:
    """Holds the bytes that have been read and not yet handed out."""

    def __init__(self, stream: Stream, offset: int, at_most: int) -> None:
        self.stream = stream
        self.base = offset
        self.at_most = at_most
        self.buffer = bytearray()
        self.dropped = 0
        self.at_end = False

    def fill(self) -> None:
        chunk = self.stream.read(_CHUNK)
        if chunk:
            self.buffer += chunk
        else:
            self.at_end = True

    def shed(self, search: int) -> int:
        """Forget the middle of a message that is too large; return where to search on."""
        if len(self.buffer) - _AHEAD <= self.at_most and not self.dropped:
            return search
        spare = min(search, len(self.buffer) - _AHEAD)
        if spare <= 0:
            return search
        del self.buffer[:spare]
        self.dropped += spare
        return search - spare

    def cut(self, length: int, *, is_last: bool) -> Piece:
        """Take one message off the front."""
        size = self.dropped + length
        is_oversize = self.dropped > 0 or length > self.at_most
        raw = b"" if is_oversize else bytes(memoryview(self.buffer)[:length])
        # First let go of one copy, then make the next: a message may be 150 MB.
        if length == len(self.buffer):
            self.buffer = bytearray()
        else:
            del self.buffer[:length]
        piece = Piece(self.base, self.base + size, _unwrapped(raw), size, is_oversize, is_last)
        self.base += size
        self.dropped = 0
        return piece


def split_mbox(stream: Stream, offset: int, at_most: int) -> Iterator[Piece]:
    """Yield every message from ``offset`` on, where the stream already stands."""
    cutter = _Cutter(stream, offset, at_most)
    search = 0
    while True:
        at = cutter.buffer.find(b"\nFrom ", search)
        if at < 0 or (not cutter.at_end and len(cutter.buffer) - at < _AHEAD):
            if cutter.at_end:
                break
            search = at if at >= 0 else max(0, len(cutter.buffer) - 5)
            search = cutter.shed(search)
            cutter.fill()
        elif _is_separator(cutter.buffer, at + 1):
            yield cutter.cut(at + 1, is_last=False)
            search = 0
        else:
            search = at + 5
    if cutter.dropped or cutter.buffer.strip():
        yield cutter.cut(len(cutter.buffer), is_last=True)


def _is_separator(buffer: bytearray, at: int) -> bool:
    found = _SEPARATOR.match(buffer, at)
    if not found:
        return False
    after = found.end()
    if _FIELD.match(buffer, after):
        return True
    if not _STRICT.match(buffer, at):
        return False
    # A message without headers counts only after an empty line.
    rest = bytes(buffer[after : after + 2])
    is_blank_after = rest in (b"", b"\r\n") or rest.startswith(b"\n")
    return is_blank_after and bytes(buffer[max(0, at - 3) : at]).replace(b"\r", b"").endswith(b"\n\n")


def _unwrapped(raw: bytes) -> bytes:
    """Take off the "From " line and the empty line at the end, and undo the quoting of "From " in the text."""
    raw = raw.lstrip(b"\r\n") if raw[:1] in (b"\r", b"\n") else raw
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if raw.startswith(b"From "):
        line_end = raw.find(b"\n")
        raw = raw[line_end + 1 :] if line_end >= 0 else b""
    if raw.endswith(b"\r\n\r\n"):
        raw = raw[:-2]
    elif raw.endswith(b"\n\n"):
        raw = raw[:-1]
    return _QUOTED_FROM.sub(rb"\1", raw) if b"\n>" in raw else raw
