# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads bytes from files and archives, counting them, and says what kind of file it is looking at."""

import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from plein.channels.connectors.mail.limits import Limits, RefusedArchive, in_words

DAMAGE = (EOFError, OSError, lzma.LZMAError, zlib.error, tarfile.TarError, zipfile.BadZipFile, NotImplementedError)
_HEAD = 64 * 1024
_CHUNK = 1024 * 1024
_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"^(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|sender"
    rb"|reply-to|x-[\w-]+|content-transfer-encoding|resent-from|dkim-signature|arc-seal|envelope-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"!BDN", "an Outlook data file (.pst); export it as .mbox or .eml first"),
    (b"\xd0\xcf\x11\xe0", "an Outlook message (.msg) or an old Office document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"Rar!", "a RAR archive; unpack it or use .zip"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it or use .zip"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; use .zip, .tar.gz or .tar.xz"),
    (b"{\\rtf", "an RTF document"),
    (b"\x78\x9f\x3e\x22", "an Outlook attachment (winmail.dat)"),
    (b"BEGIN:VCARD", "a vCard address file"),
    (b"BEGIN:VCALENDAR", "a calendar file"),
)
_COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"\xfd7zXZ\x00", "xz"), (b"BZh", "bzip2"))
_OFFICE = (b"[Content_Types].xml", b"mimetype", b"META-INF/", b"_rels/", b"word/", b"xl/")


class Readable(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class Budget:
    """What one top-level archive has unpacked so far, against what it may."""

    limits: Limits
    packed: int
    tick: Callable[[], None]
    unpacked: int = 0
    entries: int = 0

    def take(self, size: int) -> None:
        """Count unpacked bytes; refuse the archive when they pass every reasonable proportion."""
        self.unpacked += size
        self.tick()
        too_dense = self.unpacked > self.limits.archive_ratio_from
        if too_dense and self.unpacked > self.limits.archive_ratio * max(self.packed, 1):
            raise RefusedArchive(
                f"The archive of {in_words(self.packed)} unpacks to more than {in_words(self.unpacked)}: "
                "mail never compresses that well, so it was refused."
            )
        if self.unpacked > self.limits.archive_bytes:
            raise RefusedArchive(f"The archive unpacks to more than {in_words(self.limits.archive_bytes)}.")

    def entry(self) -> None:
        """Count an entry of an archive."""
        self.entries += 1
        if self.entries > self.limits.archive_entries:
            raise RefusedArchive(f"The archive holds more than {self.limits.archive_entries:,} entries.")


class Stream:
    """A source with its first bytes in view, that remembers damage instead of raising it."""

    def __init__(self, source: Readable, budget: Budget | None, tick: Callable[[], None]) -> None:
        # One raw read at a time: a longer one would lose what it had when it meets the damage.
        self._read = getattr(source, "read1", source.read)
        self._budget = budget
        self._tick = tick
        self.damage = ""
        self.head = b""
        while len(self.head) < _HEAD:
            chunk = self._pull(_HEAD - len(self.head))
            if not chunk:
                break
            self.head += chunk
        self._ahead = self.head

    def read(self, size: int = _CHUNK, /) -> bytes:
        """Return at most ``size`` bytes; nothing at the end or where the damage starts."""
        if self._ahead:
            chunk, self._ahead = self._ahead[:size], self._ahead[size:]
            return chunk
        return self._pull(size)

    def skip(self, count: int) -> None:
        """Read past ``count`` bytes."""
        while count > 0:
            chunk = self.read(min(count, _CHUNK))
            if not chunk:
                return
            count -= len(chunk)

    def _pull(self, size: int) -> bytes:
        if self.damage:
            return b""
        try:
            chunk: bytes = self._read(size)
        except DAMAGE as error:
            self.damage = str(error) or type(error).__name__
            return b""
        if self._budget is not None:
            self._budget.take(len(chunk))
        else:
            self._tick()
        return chunk


def kind_of(head: bytes, name: str) -> str:
    """Return gzip, xz, bzip2, zip, tar, mbox, message, empty, or "" when it is none of these."""
    for signature, kind in _COMPRESSED:
        if head.startswith(signature):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "" if head[30:60].startswith(_OFFICE) else "zip"
    if head[257:262] == b"ustar" or (len(head) >= 512 and _is_old_tar(head, name)):
        return "tar"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not text.strip():
        return "empty" if len(head) < _HEAD else ""
    if text.startswith(b"From "):
        return "message" if name.lower().endswith(".eml") else "mbox"
    return "message" if looks_like_message(text, name) else ""


def _is_old_tar(head: bytes, name: str) -> bool:
    if not name.lower().endswith(".tar"):
        return False
    try:
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "replace")
    except tarfile.TarError:
        return False
    return True


def looks_like_message(text: bytes, name: str) -> bool:
    """Tell whether a file starts as a mail does: with a header line, and one that mail has."""
    if not _FIELD.match(text) and not (name.lower().endswith(".emlx") and text[:1].isdigit()):
        return False
    block = re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]
    return bool(_KNOWN_FIELD.search(block)) and not text.startswith((b"BEGIN:", b"{", b"<"))


def describe(head: bytes, name: str) -> str:
    """Say in words what a file is, for a sentence like "it is …"."""
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return words
    if head.startswith(b"PK\x03\x04"):
        return "an Office or OpenDocument file"
    start = head.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith((b"<?xml", b"<svg")):
        return "an XML file"
    if not head:
        return "an empty file"
    if b"\0" in head[:4000]:
        return "a file of an unknown kind"
    return f"a text file without mail headers{' (.csv)' if name.lower().endswith('.csv') else ''}"
