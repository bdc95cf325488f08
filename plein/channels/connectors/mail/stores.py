# SPDX-License-Identifier: AGPL-3.0-or-later
"""Yields every mail in a store: an mbox, a Maildir, a message, a folder tree or an archive of those."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import cast

from plein.channels.connectors.mail.archives import Entry, decompressed, spooled, tar_entries, zip_entries
from plein.channels.connectors.mail.charsets import clean
from plein.channels.connectors.mail.limits import Limits, NotAMailbox, RefusedArchive, in_words
from plein.channels.connectors.mail.mbox import Piece, split_mbox
from plein.channels.connectors.mail.raw import Raw
from plein.channels.connectors.mail.streams import Budget, Readable, Stream, describe, kind_of

# A key for each level of nesting (path parts in a folder, entry number in an archive), then the next byte.
type Key = str | int
type Keys = tuple[Key, ...]

_SUFFIXES = (".xz", ".gz", ".bz2", ".tgz", ".tar", ".zip", ".mbox", ".mbx", ".mbs", ".eml")
_COMPANIONS = (".msf", ".dat", ".ds_store", ".lock", ".index", ".cache", ".log", ".sqlite", ".json", ".ini")
_COMPANION_NAMES = ("thumbs.db", "desktop.ini", "maildirfolder", "subscriptions", "courierimapuiddb", "maildirsize")
_AT_MOST_HELD = 1_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file is: the keys that lead to it, its name in words, and how deep archives are nested here."""

    keys: Keys
    name: str
    depth: int
    layers: int = 0


def no_tick() -> None:
    """Do nothing while bytes pass; a caller that must show signs of life passes something else."""


def read_store(
    path: Path, cursor: str | None = None, limits: Limits | None = None, tick: Callable[[], None] = no_tick
) -> Iterator[Raw]:
    """Yield every mail at ``path``, after the one whose cursor is given; raise NotAMailbox when there is none."""
    reader = _Reader(path, limits or Limits(), tick)
    keys = tuple(json.loads(cursor)) if cursor else ()
    items = reader.read(keys)
    yield from items if cursor else _unless_nothing(items, path)


def read_pieces(
    path: Path, folder: str, mailbox: str, cursor: str | None = None, limits: Limits | None = None
) -> Iterator[Raw]:
    """Yield every file at ``path`` as one message of ``folder``, whatever it looks like; its name is its number."""
    most = (limits or Limits()).message
    last = int(cursor) if cursor else -1
    for number in sorted(int(entry.name) for entry in os.scandir(path)):
        if number > last:
            piece = path / str(number)
            size = piece.stat().st_size
            problem = too_large(size, most) if size > most else ""
            data = b"" if problem else piece.read_bytes()
            yield Raw(folder, mailbox, number, data, size, str(number), problem=problem)


def too_large(size: int, most: int) -> str:
    """Say that a message is not read because of its size."""
    return f"The message is larger than {in_words(most)} ({in_words(size)}): it was skipped."


def _unless_nothing(items: Iterator[Raw], path: Path) -> Iterator[Raw]:
    """Hold back what is no mail until there is mail: a store with none of it is a mistake, not an import."""
    held: list[Raw] = []
    for item in items:
        if not item.problem or len(held) >= _AT_MOST_HELD:
            yield from chain(held, (item,), items)
            return
        held.append(item)
    if not held:
        raise NotAMailbox(f"There is no mail in {path.name!r}: nothing was found in it.")
    if len(held) == 1:
        raise NotAMailbox(held[0].problem)
    raise NotAMailbox(f"There is no mail in {path.name!r}: {len(held)} files, and the first says: {held[0].problem}")


class _Reader:
    """Walks one store; every generator below takes the keys to resume after, or ()."""

    def __init__(self, path: Path, limits: Limits, tick: Callable[[], None]) -> None:
        self.path = path
        self.limits = limits
        self.tick = tick
        self.mailbox = clean(_stem(path.name)) or "mail"
        self.budget: Budget | None = None

    def read(self, resume: Keys) -> Iterator[Raw]:
        if self.path.is_dir():
            yield from self._directory(self.path, _Place((), "", 0), resume)
        elif self.path.is_file():
            yield from self._file(self.path, _Place((), self.path.name, 0), resume)
        else:
            raise NotAMailbox(f"There is no file or folder {str(self.path)!r}.")

    def _directory(self, folder: Path, place: _Place, resume: Keys) -> Iterator[Raw]:
        wanted = resume[0] if resume else None
        in_maildir = (folder / "cur").is_dir()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield self._problem(place, 0, 0, f"The folder {place.name!r} cannot be read: {error.strerror}.")
            return
        for entry in entries:
            self.tick()
            key = os.fsencode(entry.name).decode("utf-8", "backslashreplace")
            if (isinstance(wanted, str) and key < wanted) or _is_companion(entry, in_maildir):
                continue
            rest = resume[1:] if key == wanted else ()
            shown = f"{place.name}/{entry.name}" if place.name else entry.name
            inner = _Place((*place.keys, key), shown, place.depth)
            if entry.is_symlink():
                yield self._problem(inner, 0, 0, f"{clean(shown)!r} is a link: it was not followed.")
            elif entry.is_dir():
                yield from self._directory(Path(entry.path), inner, rest)
            else:
                yield from self._file(Path(entry.path), inner, rest)

    def _file(self, path: Path, place: _Place, resume: Keys) -> Iterator[Raw]:
        if not path.is_file():
            yield self._problem(place, 0, 0, f"{clean(place.name)!r} is not a file: it was not read.")
            return
        try:
            with path.open("rb") as source:
                size = path.stat().st_size
                self.budget = None
                yield from self._content(cast(Readable, source), place, size, resume)
        except PermissionError:
            yield self._problem(place, 0, 0, f"The file {clean(place.name)!r} may not be read by this account.")

    def _content(self, source: Readable, place: _Place, size: int, resume: Keys) -> Iterator[Raw]:
        stream = Stream(source, self.budget, self.tick)
        kind = kind_of(stream.head, place.name)
        if kind in ("gzip", "xz", "bzip2"):
            yield from self._compressed(stream, kind, place, size, resume)
        elif kind in ("zip", "tar"):
            yield from self._archive(stream, kind, place, size, resume)
        elif kind == "mbox":
            yield from self._mbox(stream, place, resume)
        elif kind == "message":
            yield from self._message(stream, place, resume)
        elif not resume and (stream.head or not place.keys or stream.damage):
            yield self._not_mail(stream, kind, place, size)

    def _start_budget(self, size: int) -> Budget:
        if self.budget is None:
            self.budget = Budget(self.limits, size, self.tick)
        return self.budget

    def _compressed(self, stream: Stream, kind: str, place: _Place, size: int, resume: Keys) -> Iterator[Raw]:
        if place.layers >= 4:
            raise RefusedArchive(f"{clean(place.name)!r} is compressed over and over: it was refused.")
        self._start_budget(size)
        inner = replace(place, name=_without(place.name, (".xz", ".gz", ".bz2")), layers=place.layers + 1)
        yield from self._content(decompressed(stream, kind), inner, size, resume)

    def _archive(self, stream: Stream, kind: str, place: _Place, size: int, resume: Keys) -> Iterator[Raw]:
        if place.depth >= self.limits.archive_depth:
            raise RefusedArchive(
                f"{clean(place.name)!r} is an archive inside archives, deeper than {self.limits.archive_depth} levels: "
                "it was refused."
            )
        budget = self._start_budget(size)
        if kind == "tar":
            yield from self._entries(tar_entries(stream, budget), place, resume)
            return
        with spooled(stream) as source:
            yield from self._entries(zip_entries(source, budget), place, resume)

    def _entries(self, entries: Iterator[Entry], place: _Place, resume: Keys) -> Iterator[Raw]:
        wanted = resume[0] if resume else -1
        # The archive that was asked for is no folder of its own.
        prefix = f"{place.name}/" if place.keys else ""
        for entry in entries:
            self.tick()
            if isinstance(wanted, int) and entry.number < wanted:
                continue
            rest = resume[1:] if entry.number == wanted else ()
            inner = _Place((*place.keys, entry.number), clean(prefix + entry.name), place.depth + 1)
            if entry.problem:
                if not rest:
                    yield self._problem(inner, 0, entry.size, clean(entry.problem))
            elif entry.content is not None and not _is_companion_name(entry.name.rpartition("/")[2]):
                yield from self._content(entry.content, inner, entry.size, rest)

    def _mbox(self, stream: Stream, place: _Place, resume: Keys) -> Iterator[Raw]:
        offset = int(resume[0]) if resume else 0
        stream.skip(offset)
        pieces = split_mbox(stream, offset, self.limits.message)
        first = next(pieces, None)
        if first is None:
            return
        # A file with one message in it is a message that kept its "From " line, not a folder.
        alone = offset == 0 and first.is_last and not place.name.lower().endswith((".mbox", ".mbx"))
        folder = self._folder(place, is_message=alone)
        for piece in chain((first,), pieces):
            yield self._from_piece(piece, place, folder, stream)

    def _from_piece(self, piece: Piece, place: _Place, folder: str, stream: Stream) -> Raw:
        cut = piece.is_last and not piece.is_oversize and (bool(stream.damage) or not piece.data.endswith(b"\n"))
        return Raw(
            folder=folder,
            mailbox=self.mailbox,
            position=piece.offset,
            data=piece.data,
            size=piece.size,
            cursor=_cursor((*place.keys, piece.next_offset)),
            is_truncated=cut and bool(piece.data),
            problem=self._too_large(piece.size) if piece.is_oversize else "" if piece.data else "The message is empty.",
        )

    def _message(self, stream: Stream, place: _Place, resume: Keys) -> Iterator[Raw]:
        if resume:
            return
        pieces: list[bytes] = []
        size = 0
        while chunk := stream.read():
            size += len(chunk)
            if size <= self.limits.message:
                pieces.append(chunk)
            else:
                pieces = []
        folder = self._folder(place, is_message=True)
        problem = self._too_large(size) if size > self.limits.message else ""
        cursor = _cursor((*place.keys, max(size, 1)))
        data = b"".join(pieces)
        if data.startswith(b"From ") or (place.name.lower().endswith(".emlx") and data[:1].isdigit()):
            data = data.partition(b"\n")[2]
        yield Raw(folder, self.mailbox, 0, data, size, cursor, bool(stream.damage), problem)

    def _not_mail(self, stream: Stream, kind: str, place: _Place, size: int) -> Raw:
        if stream.damage:
            return self._problem(place, 0, size, f"{clean(place.name)!r} is damaged: {stream.damage[:200]}.")
        found = "an empty file" if kind == "empty" else describe(stream.head, place.name)
        return self._problem(place, 0, size, f"{clean(place.name)!r} is not mail: it is {found}.")

    def _problem(self, place: _Place, position: int, size: int, reason: str) -> Raw:
        folder = self._folder(place, is_message=True)
        return Raw(folder, self.mailbox, position, b"", size, _cursor((*place.keys, max(size, 1))), problem=reason)

    def _too_large(self, size: int) -> str:
        return too_large(size, self.limits.message)

    def _folder(self, place: _Place, *, is_message: bool) -> str:
        parts = place.name.replace("\\", "/").split("/")
        last = parts.pop()
        if not is_message:
            parts.append(_without(last, (".mbox", ".mbx", ".mbs")))
        elif parts and parts[-1] in ("cur", "new"):
            parts.pop()
            # Maildir++ writes Archive/2024 as one folder called ".Archive.2024".
            if parts and parts[-1].startswith("."):
                parts[-1:] = parts[-1].lstrip(".").split(".")
        return clean("/".join(part for part in parts if part not in ("", ".")))[:1000]


def _cursor(keys: Keys) -> str:
    return json.dumps(keys, separators=(",", ":"))


def _without(name: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def _stem(name: str) -> str:
    while (shorter := _without(name, _SUFFIXES)) != name and shorter:
        name = shorter
    return name


def _is_companion(entry: os.DirEntry[str], in_maildir: bool) -> bool:
    if entry.is_dir(follow_symlinks=False):
        if in_maildir and entry.name == "tmp":
            return True
        return entry.name.startswith(".") and not os.path.isdir(os.path.join(entry.path, "cur"))
    return _is_companion_name(entry.name)


def _is_companion_name(name: str) -> bool:
    """Tell whether a file only accompanies mail: an index, a lock, a hidden file."""
    lowered = name.lower()
    return lowered.startswith((".", "dovecot")) or lowered in _COMPANION_NAMES or lowered.endswith(_COMPANIONS)
