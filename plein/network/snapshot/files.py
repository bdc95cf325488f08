# SPDX-License-Identifier: AGPL-3.0-or-later
"""A snapshot on disk: one file for each array and a note of what it is, in a folder that is whole or not there."""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from plein.network.snapshot.seen import Seen
from plein.operate.places import private_folder

#: Another number for another form of the files: what is of another form is not read.
FORM = 2
NOTE, DRAFT = "note.json", ".draft"
ARRAYS = ("ids", "keys", "table", "starts", "shared", "middles", "far", "weight", "kind", "may", "asked", "person",
          "unsure")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What a snapshot is of.

    identity  of the database: its transactions are numbered by itself alone
    since     what was seen before it was made: what came later stands in the feed
    until     what was seen when it was done: who sees less must not use it
    day       ties that ended before it are not in it
    """

    workspace: int
    everyone: int
    identity: str
    since: str
    until: str
    day: str
    relations: int
    halves: int
    form: int = FORM

    @property
    def begun(self) -> Seen:
        return Seen.of(self.since)

    @property
    def done(self) -> Seen:
        return Seen.of(self.until)

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.day)


class NotThere(Exception):
    """There is no whole snapshot of that name that this Plein can read."""


def folder_of(workspace: int) -> Path:
    """Where the snapshots of a workspace are."""
    return Path(settings.PLEIN_SNAPSHOTS) / str(workspace)


def write(name: str, note: Note, arrays: Mapping[str, NDArray[Any]]) -> int:
    """Write a snapshot aside and give it its name once all of it is on disk; its size in bytes."""
    above = folder_of(note.workspace)
    private_folder(above.parent)
    private_folder(above)
    draft = above / f"{name}{DRAFT}"
    draft.mkdir(mode=0o700)
    size = 0
    for one in ARRAYS:
        with _opened(draft / f"{one}.npy") as file:
            np.save(file, arrays[one], allow_pickle=False)
            _flush(file)
            size += file.tell()
    with _opened(draft / NOTE) as file:
        file.write(json.dumps(asdict(note)).encode())
        _flush(file)
    _settle(draft)
    draft.rename(above / name)
    _settle(above)
    return size


def read(workspace: int, name: str) -> tuple[Note, dict[str, NDArray[Any]]]:
    """A snapshot, its arrays not yet in memory; raises NotThere."""
    folder = folder_of(workspace) / name
    try:
        note = Note(**json.loads((folder / NOTE).read_text()))
        if note.form != FORM or note.workspace != workspace:
            raise NotThere(name)
        arrays = {one: _mapped(folder / f"{one}.npy") for one in ARRAYS}
    except (OSError, ValueError, TypeError) as trouble:
        raise NotThere(name) from trouble
    if len(arrays["ids"]) != note.relations or len(arrays["far"]) != note.halves:
        raise NotThere(name)
    return note, arrays


def sweep(workspace: int, keep: str) -> None:
    """Remove all others, also those that were never finished. Who has one open keeps it until it is closed."""
    with suppress(FileNotFoundError):
        for one in folder_of(workspace).iterdir():
            if one.name != keep:
                shutil.rmtree(one, ignore_errors=True)
    if not keep:
        with suppress(OSError):
            folder_of(workspace).rmdir()


def _mapped(path: Path) -> NDArray[Any]:
    """The array where it lies on disk: one copy serves all processes."""
    if path.stat().st_size == 0:
        raise NotThere(path.name)
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:
        # Nothing cannot be mapped.
        return np.load(path, allow_pickle=False)  # type: ignore[no-any-return]


def _opened(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _flush(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
