# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of records, kept once per workspace under the SHA-256 of their bytes.

A file appears under its name only when it is complete, so a crash leaves no half file behind. Whoever may read a record
may read its file: a door asks for the record first, then for the path.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

from plein.core.isolation import workspace_id

_PIECE = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def folder() -> Path:
    """The folder of the workspace in force."""
    return Path(settings.PLEIN_FILES) / str(workspace_id())


def path_of(sha256: str) -> Path:
    """Where the file with this hash is kept; raises ValueError for what is no hash."""
    if not _DIGEST.match(sha256):
        raise ValueError("not a SHA-256")
    return folder() / sha256[:2] / sha256


def exists(sha256: str) -> bool:
    """Whether a file with this hash is kept."""
    return bool(_DIGEST.match(sha256)) and path_of(sha256).is_file()


def store(source: BinaryIO | Path) -> str:
    """Keep the bytes of a stream or a file and return their SHA-256."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return store(stream)
    waiting = folder() / "tmp"
    waiting.mkdir(parents=True, exist_ok=True)
    partial = waiting / uuid4().hex
    digest = hashlib.sha256()
    try:
        with partial.open("wb") as target:
            while piece := source.read(_PIECE):
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        sha256 = digest.hexdigest()
        _put(partial, sha256)
    finally:
        partial.unlink(missing_ok=True)
    return sha256


def adopt(source: Path, sha256: str) -> None:
    """Take over a file that stands elsewhere in the data folder under its own hash; it is gone there afterwards."""
    if path_of(sha256).is_file():
        source.unlink(missing_ok=True)
        return
    with source.open("rb") as stream:
        os.fsync(stream.fileno())
    _put(source, sha256)


def _put(source: Path, sha256: str) -> None:
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)
