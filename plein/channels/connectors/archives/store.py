# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens what was downloaded, whether it is one file, a folder, a zip or a tar, as files by name.

Nothing is ever written under a name of the archive's choosing. What is refused is remembered with the reason.
"""

import gzip
import io
import os
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self, cast

from plein.channels.connectors.archives.limits import Limits, NotAnArchive
from plein.channels.connectors.mail.archives import check_zip_directory, decompressed, refusal
from plein.channels.connectors.mail.charsets import clean
from plein.channels.connectors.mail.limits import Limits as MailLimits
from plein.channels.connectors.mail.limits import RefusedArchive, in_words
from plein.channels.connectors.mail.streams import DAMAGE, Budget, Stream

type Opener = Callable[[], IO[bytes]]
_COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"\xfd7zXZ\x00", "xz"), (b"BZh", "bzip2"))
_CHUNK = 1024 * 1024


class _Closes(Protocol):
    def close(self) -> None: ...


class Store:
    """The files of one archive by name; ``problems`` are the names that were refused, with a sentence each."""

    def __init__(self, path: Path, limits: Limits, tick: Callable[[], None] = lambda: None) -> None:
        self.path, self.limits, self.tick = path, limits, tick
        self.name = clean(path.name)
        self.problems: list[tuple[str, str]] = []
        self._openers: dict[str, tuple[Opener, int]] = {}
        self._held: list[_Closes] = []
        self._budget = Budget(_as_mail(limits), max(_size_of(path), 1), tick)

    @property
    def names(self) -> list[str]:
        """The names of all files, in order."""
        return sorted(self._openers)

    def size(self, name: str) -> int:
        """How large a file says it is."""
        return self._openers[name][1]

    def data(self, name: str) -> bytes:
        """All bytes of a file; raises NotAnArchive when it is too large or damaged."""
        with self.stream(name, self.limits.document) as source:
            return source.read()

    @contextmanager
    def stream(self, name: str, at_most: int | None = None) -> Iterator[IO[bytes]]:
        """A file to read through; more bytes than the limit end it with NotAnArchive."""
        try:
            with self._openers[name][0]() as source:
                limited = _Limited(source, at_most or self.limits.stream, name, self._budget)
                yield cast(IO[bytes], io.BufferedReader(limited, _CHUNK))
        except (*DAMAGE, RuntimeError) as error:
            raise NotAnArchive(f"{clean(name)[:200]!r} is damaged: {clean(str(error))[:200]}.") from error
        except RefusedArchive as error:
            raise NotAnArchive(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open."""
        for one in reversed(self._held):
            one.close()

    def add(self, name: str, opener: Opener, size: int) -> None:
        """Know a file; of two with the same name the first stays, as the second might be there to hide it."""
        problem = refusal(name)
        shown = clean(name.replace("\\", "/").removeprefix("./"))
        if not problem and shown in self._openers:
            problem = f"The archive holds {shown[:200]!r} twice: only the first was read."
        if not problem and size > self.limits.stream:
            problem = f"{shown[:200]!r} is larger than {in_words(self.limits.stream)}: it was not read."
        if problem:
            self.problems.append((shown, clean(problem)))
            return
        self._openers[shown] = (opener, size)

    def count(self) -> None:
        """Count a file of the archive."""
        self.tick()
        try:
            self._budget.entry()
        except RefusedArchive as error:
            raise NotAnArchive(str(error)) from error

    def closing[Kept: _Closes](self, source: Kept) -> Kept:
        """Keep something open until the store is closed."""
        self._held.append(source)
        return source

    def unpack(self, source: IO[bytes], kind: str) -> IO[bytes]:
        """What a compressed file unpacks to, in an unnamed file."""
        try:
            stream = Stream(source, None, self.tick)
            inner = Stream(decompressed(stream, kind), self._budget, self.tick)
            copy = self.closing(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the store
            while chunk := inner.read(_CHUNK):
                copy.write(chunk)
        except RefusedArchive as error:
            raise NotAnArchive(str(error)) from error
        if inner.damage:
            raise NotAnArchive(f"{self.name!r} is damaged: {clean(inner.damage)[:200]}.")
        copy.seek(0)
        return copy


class _Limited(io.RawIOBase):
    """Counts what is read of one file, and stops where it passes what it may."""

    def __init__(self, source: IO[bytes], at_most: int, name: str, budget: Budget) -> None:
        super().__init__()
        self._source, self._left, self._name, self._budget, self._most = source, at_most, name, budget, at_most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._source.read(min(len(buffer), _CHUNK))
        self._left -= len(chunk)
        self._budget.take(len(chunk))
        if self._left < 0:
            raise RefusedArchive(f"{self._name[:200]!r} is larger than {in_words(self._most)}: it was not read.")
        buffer[: len(chunk)] = chunk
        return len(chunk)


def open_store(path: Path, limits: Limits, tick: Callable[[], None] = lambda: None) -> Store:
    """Open an archive; raises NotAnArchive."""
    store = Store(path, limits, tick)
    try:
        if path.is_dir():
            _folder(store, path, "")
        elif path.is_file():
            _file(store, path)
        else:
            raise NotAnArchive(f"There is no file or folder {str(path)!r}.")
    except BaseException:
        store.close()
        raise
    return store


def _folder(store: Store, folder: Path, prefix: str) -> None:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        store.problems.append((prefix, f"The folder {prefix!r} cannot be read: {error.strerror}."))
        return
    for entry in entries:
        name = f"{prefix}{os.fsencode(entry.name).decode('utf-8', 'backslashreplace')}"
        if entry.name.startswith((".", "__MACOSX")):
            continue
        if entry.is_symlink():
            store.problems.append((clean(name), f"{clean(name)[:200]!r} is a link: it was not followed."))
        elif entry.is_dir():
            _folder(store, Path(entry.path), f"{name}/")
        elif entry.is_file():
            store.count()
            store.add(name, _opening(Path(entry.path)), entry.stat().st_size)


def _opening(path: Path) -> Opener:
    return lambda: _from_disk(path)


def _from_disk(path: Path) -> IO[bytes]:
    """A file of a folder, unpacked while it is read when it is a .gz."""
    if path.name.endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def _file(store: Store, path: Path) -> None:
    source = store.closing(cast(IO[bytes], path.open("rb")))
    head = source.read(600)
    source.seek(0)
    kind = next((kind for signature, kind in _COMPRESSED if head.startswith(signature)), "")
    name = path.name
    if kind:
        source = store.unpack(source, kind)
        head = source.read(600)
        source.seek(0)
        name = path.stem
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _zip(store, source)
    elif head[257:262] == b"ustar" or name.endswith(".tar"):
        _tar(store, source)
    else:
        source.seek(0, 2)
        store.add(name, lambda: _again(source), source.tell())


def _again(source: IO[bytes]) -> IO[bytes]:
    """The same open file from its start, which closing leaves open."""
    source.seek(0)
    return cast(IO[bytes], _Shared(source))


class _Shared(io.RawIOBase):
    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._source.read(size)


def _zip(store: Store, source: IO[bytes]) -> None:
    try:
        check_zip_directory(source, _as_mail(store.limits))
        archive = store.closing(zipfile.ZipFile(source))
    except RefusedArchive as error:
        raise NotAnArchive(str(error)) from error
    except (*DAMAGE, ValueError, RuntimeError) as error:
        raise NotAnArchive(f"{store.name!r} is damaged: {clean(str(error))[:200]}.") from error
    members = archive.infolist()
    promised = sum(member.file_size for member in members)
    packed = max(_size_of(store.path), 1)
    if promised > store.limits.ratio_from and promised > store.limits.ratio * packed:
        raise NotAnArchive(
            f"The archive of {in_words(packed)} says it unpacks to {in_words(promised)}: it was refused."
        )
    for member in members:
        store.count()
        name = clean(member.filename)
        if member.is_dir() or name.startswith("__MACOSX/"):
            continue
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            store.problems.append((name, f"The archive entry {name[:200]!r} is a link: it was not followed."))
        elif member.flag_bits & 1:
            store.problems.append((name, f"The archive entry {name[:200]!r} is locked with a password."))
        else:
            store.add(member.filename, _zipped(archive, member), member.file_size)


def _zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Opener:
    return lambda: archive.open(member)


def _tar(store: Store, source: IO[bytes]) -> None:
    try:
        archive = store.closing(tarfile.TarFile(fileobj=source, errorlevel=0))
        for member in archive:
            store.count()
            name = clean(member.name)
            if member.issym() or member.islnk():
                store.problems.append((name, f"The archive entry {name[:200]!r} is a link: it was not followed."))
            elif member.isfile():
                store.add(member.name, _tarred(archive, member), member.size)
            elif not member.isdir():
                store.problems.append((name, f"The archive entry {name[:200]!r} is not a file: it was refused."))
    except (*DAMAGE, ValueError) as error:
        if not store.names:
            raise NotAnArchive(f"{store.name!r} is damaged: {clean(str(error))[:200]}.") from error
        store.problems.append(("", f"The archive is damaged and its end could not be read: {clean(str(error))[:200]}."))


def _tarred(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Opener:
    def opened() -> IO[bytes]:
        found = archive.extractfile(member)
        if found is None:
            raise NotAnArchive(f"{clean(member.name)[:200]!r} is not a file.")
        return found

    return opened


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 1 << 50


def _as_mail(limits: Limits) -> MailLimits:
    return MailLimits(
        archive_entries=limits.entries,
        archive_bytes=limits.unpacked,
        archive_ratio=limits.ratio,
        archive_ratio_from=limits.ratio_from,
    )
