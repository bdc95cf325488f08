# SPDX-License-Identifier: AGPL-3.0-or-later
"""The erasure list: a file apart from database and backups, so that an older backup does not bring anybody back.

One JSON object on a line for each erasure, with keyed hashes of ids and of addresses that must stay silent. It is
written before anything is erased: when we are stopped in between, somebody is on it who is about to be erased.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from plein.core.ids import now

VERSION = 1


class Unreadable(ValueError):
    """A list of erasures cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One erasure: hashes of whom it was about, of the addresses that must stay silent, and under which key.

    `gone` has the hashes by which their addresses are known when they come in again.
    """

    workspace: str
    key: str
    people: frozenset[str]
    never: tuple[tuple[str, str], ...] = ()
    at: str = ""
    gone: tuple[str, ...] = ()

    def text(self) -> str:
        """As it stands in the file."""
        facts = {"v": VERSION, "at": self.at, "workspace": self.workspace, "key": self.key,
                 "people": sorted(self.people), "never": [list(pair) for pair in self.never],
                 "gone": list(self.gone)}  # fmt: skip
        return json.dumps(facts, separators=(",", ":"))


def _derived(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"plein-erasures").digest()


def _name(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]


def keys() -> dict[str, bytes]:
    """The keys that hashes may have been made with, by name; the present one is the first."""
    derived = [_derived(str(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return {_name(key): key for key in derived}


def hashed(key: bytes, workspace: UUID, id: UUID) -> str:
    """The keyed hash of the id of a subject or a relation."""
    return hmac.new(key, f"{workspace}\n{id}".encode(), hashlib.sha256).hexdigest()


def line_of(
    workspace: UUID,
    people: Iterable[UUID],
    never: Iterable[tuple[str, str]],
    gone: Iterable[str] = (),
    at: datetime | None = None,
) -> Line:
    """The line of an erasure, under the present key."""
    name, key = next(iter(keys().items()))
    hashes = frozenset(hashed(key, workspace, one) for one in people)
    return Line(str(workspace), name, hashes, tuple(sorted(never)), (at or now()).isoformat(), tuple(sorted(gone)))


def folder() -> Path:
    """Where the list is kept."""
    return Path(settings.PLEIN_ERASURES)


def path() -> Path:
    """The list of this Plein."""
    return folder() / "erasures.jsonl"


def waiting() -> Path:
    """The list that a restore has yet to replay; while it is there nobody may sign in."""
    return folder() / "to-replay.jsonl"


def append(line: Line) -> None:
    """Add a line, unless all it says is in the list; it is on the disk when this returns."""
    if _says(line):
        return
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        is_torn = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
        file.write(f"{'\n' if is_torn else ''}{line.text()}\n".encode())
        os.fsync(file.fileno())
    above = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(above)
    finally:
        os.close(above)


def _says(line: Line) -> bool:
    known = read(path()) if path().exists() else []
    return any(
        one.workspace == line.workspace and one.key == line.key and line.people <= one.people
        and set(line.never) <= set(one.never) and set(line.gone) <= set(one.gone)
        for one in known
    )  # fmt: skip


def read(file: Path) -> list[Line]:
    """The lines of a list; raises Unreadable. A last line that was cut off says nothing: its erasure had not begun."""
    try:
        rows = file.read_text().split("\n")
    except (OSError, UnicodeDecodeError) as trouble:
        raise Unreadable(f"{file} cannot be read as a list of erasures.") from trouble
    found = []
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            continue
        try:
            found.append(_parsed(row))
        except (ValueError, KeyError, TypeError) as trouble:
            if row.startswith("{") and not row.endswith("}"):
                continue
            raise Unreadable(f"Line {number} of {file} is not one of a list of erasures.") from trouble
    return found


def _parsed(row: str) -> Line:
    facts = json.loads(row)
    if facts["v"] != VERSION:
        raise ValueError("another version")
    never = tuple((str(kind), str(digest)) for kind, digest in facts["never"])
    people = frozenset(str(one) for one in facts["people"])
    gone = tuple(str(digest) for digest in facts.get("gone", ()))
    return Line(str(UUID(facts["workspace"])), str(facts["key"]), people, never, str(facts["at"]), gone)


def unknown_keys(lines: Iterable[Line]) -> set[str]:
    """The names of keys that lines were made with and that this Plein does not have."""
    return {line.key for line in lines} - keys().keys()
