# SPDX-License-Identifier: AGPL-3.0-or-later
"""Walks through archives without ever writing their entries to disk under names of their own choosing."""

import bz2
import gzip
import lzma
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from plein.channels.connectors.mail.limits import MB, Limits, RefusedArchive, in_words
from plein.channels.connectors.mail.streams import DAMAGE, Budget, Readable, Stream

_AT_MOST_DIRECTORY = 32 * MB
_END_RECORD = b"PK\x05\x06"
_DEVICES = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive: its bytes, or why they are not read."""

    number: int
    name: str
    size: int
    content: Readable | None
    problem: str = ""


def decompressed(stream: Stream, kind: str) -> Readable:
    """Return what a compressed stream unpacks to."""
    source = cast(IO[bytes], _AsFile(stream))
    if kind == "gzip":
        return cast(Readable, gzip.GzipFile(fileobj=source, mode="rb"))
    if kind == "xz":
        return cast(Readable, lzma.LZMAFile(source, mode="rb"))
    return cast(Readable, bz2.BZ2File(source, mode="rb"))


class _AsFile:
    """The little of a file that the decompressors and tarfile ask for."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            size = 1 << 62
        chunk = self._stream.read(min(size, MB))
        self._at += len(chunk)
        return chunk

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        pass


def refusal(name: str) -> str:
    """Return why an entry of this name is not read, or ""."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        return f"The archive entry {name[:200]!r} points outside the archive: it was refused."
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":" and name[0].isalpha()):
        return f"The archive entry {name[:200]!r} has an absolute path: it was refused."
    if "\0" in name:
        return f"The archive entry {name[:200]!r} has a forbidden name: it was refused."
    return ""


def tar_entries(stream: Stream, budget: Budget) -> Iterator[Entry]:
    """Yield the files of a tar in their order; a damaged end is the last entry, with the problem."""
    number = -1
    try:
        with tarfile.open(fileobj=cast(IO[bytes], _WholeReads(stream)), mode="r|", errorlevel=0) as archive:
            for number, member in enumerate(archive):
                budget.entry()
                # tarfile remembers every member: 200,000 of them are 200 MB.
                cast(Any, archive).members = []
                yield from _tar_entry(archive, member, number)
    except DAMAGE as error:
        yield Entry(number + 1, "", 0, None, _damaged(stream.damage or str(error)))
        return
    if stream.damage:
        yield Entry(number + 1, "", 0, None, _damaged(stream.damage))


def _damaged(reason: str) -> str:
    return f"The archive is damaged from here on and the rest could not be read: {reason[:200]}."


class _WholeReads(_AsFile):
    """Gives as many bytes as were asked for, as tarfile's stream expects."""

    def read(self, size: int = -1) -> bytes:
        pieces: list[bytes] = []
        while size > 0:
            chunk = super().read(size)
            if not chunk:
                break
            pieces.append(chunk)
            size -= len(chunk)
        return b"".join(pieces)


def _tar_entry(archive: tarfile.TarFile, member: tarfile.TarInfo, number: int) -> Iterator[Entry]:
    if member.isdir():
        return
    problem = refusal(member.name)
    if member.issym() or member.islnk():
        problem = f"The archive entry {member.name[:200]!r} is a link: it was not followed."
    elif member.type in _DEVICES or not member.isfile():
        problem = f"The archive entry {member.name[:200]!r} is not a file: it was refused."
    content = None if problem else cast(Readable, archive.extractfile(member))
    yield Entry(number, member.name, member.size, content, problem)


def spooled(stream: Stream) -> IO[bytes]:
    """Copy a nested zip into an unnamed temporary file: a zip can only be read from its end."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    while chunk := stream.read(MB):
        copy.write(chunk)
    copy.seek(0)
    return copy


def check_zip_directory(source: IO[bytes], limits: Limits) -> None:
    """Refuse a zip with an absurd directory before anything holds that directory in memory."""
    source.seek(0, 2)
    size = source.tell()
    tail_size = min(size, 65_557 + 20)
    source.seek(size - tail_size)
    tail = source.read(tail_size)
    at = tail.rfind(_END_RECORD)
    source.seek(0)
    if at < 0 or at + 22 > len(tail):
        return
    entries, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    if directory == 0xFFFFFFFF or entries == 0xFFFF:
        locator = tail.rfind(b"PK\x06\x06", 0, at)
        if locator >= 0 and locator + 56 <= len(tail):
            entries, directory = struct.unpack("<QQ", tail[locator + 32 : locator + 48])
    if entries > limits.archive_entries or directory > _AT_MOST_DIRECTORY:
        raise RefusedArchive(f"The archive holds more than {limits.archive_entries:,} entries.")


def zip_entries(source: IO[bytes], budget: Budget) -> Iterator[Entry]:
    """Yield the files of a zip in the order of its directory."""
    check_zip_directory(source, budget.limits)
    number = -1
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _check_sizes(members, budget)
            for number, member in enumerate(members):
                budget.entry()
                if not member.is_dir():
                    yield _zip_entry(archive, member, number)
    except (*DAMAGE, ValueError, struct.error) as error:
        yield Entry(number + 1, "", 0, None, _damaged(str(error)))


def _check_sizes(members: list[zipfile.ZipInfo], budget: Budget) -> None:
    limits = budget.limits
    promised = sum(member.file_size for member in members)
    if promised > limits.archive_ratio_from and promised > limits.archive_ratio * max(budget.packed, 1):
        raise RefusedArchive(
            f"The archive of {in_words(budget.packed)} says it unpacks to {in_words(promised)}: "
            "mail never compresses that well, so it was refused."
        )


def _zip_entry(archive: zipfile.ZipFile, member: zipfile.ZipInfo, number: int) -> Entry:
    problem = refusal(member.filename)
    mode = member.external_attr >> 16
    if (mode & 0o170000) == 0o120000:
        problem = f"The archive entry {member.filename[:200]!r} is a link: it was not followed."
    if member.flag_bits & 1:
        problem = f"The archive entry {member.filename[:200]!r} is locked with a password: it could not be read."
    content: Readable | None = None
    if not problem:
        try:
            content = cast(Readable, archive.open(member))
        except (*DAMAGE, ValueError, RuntimeError, struct.error) as error:
            problem = f"The archive entry {member.filename[:200]!r} is damaged: {str(error)[:200]}."
    return Entry(number, member.filename, member.file_size, content, problem)
