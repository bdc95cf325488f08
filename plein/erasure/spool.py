# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on the disk and in no row: mail on its way in, and messages that could not be read."""

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from plein.core import blobs

_PIECE = 1024 * 1024
#: Folders of the workspace in which an import, or a visit to a connection, keeps what it has not taken over yet: one
#: folder for each.
WAITING = ("imports", "uploads", "connections")


def pattern_of(values: Iterable[str]) -> re.Pattern[bytes] | None:
    """What finds any of these addresses among bytes, however they are capitalised."""
    words = [re.escape(value.encode()) for value in values if value]
    return re.compile(b"|".join(words), re.IGNORECASE) if words else None


def holds(file: Path, pattern: re.Pattern[bytes]) -> bool:
    """Whether an address stands in a file, also across two pieces of it."""
    last = b""
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            if pattern.search(last + piece):
                return True
            last = piece[-1000:]
    return False


def unread_with(pattern: re.Pattern[bytes] | None, hashes: Sequence[str]) -> list[str]:
    """Which of the messages that could not be read hold an address."""
    return [one for one in hashes if pattern and blobs.exists(one) and holds(blobs.path_of(one), pattern)]


def clear_waiting(pattern: re.Pattern[bytes] | None) -> int:
    """Remove the mail of imports and visits that are not done and hold an address; they stop. How many."""
    found = [
        folder
        for name in WAITING
        for folder in (blobs.folder() / name).glob("*")
        if pattern and any(file.is_file() and holds(file, pattern) for file in folder.rglob("*"))
    ]
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return len(found)
