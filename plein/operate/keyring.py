# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key ring: the keys outside the database, the newest first.

A line of `secret.key` is a key, and what it is for now: the first one signs and seals; `old` is being replaced, and
what it sealed is being sealed anew; `retired` seals nothing that is kept, but still knows the audit log, the
never-contact list, recovery codes and older backups. In a container the keys come from `PLEIN_SECRET_KEYS` or the file
that `PLEIN_SECRET_KEY_FILE` names, newest first, one a line or with commas between.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from plein.operate.places import UnusablePlace, places, secret_key

OLD, RETIRED = "old", "retired"
SHORTEST = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it is for: nothing said means that it is the one in use."""

    secret: str
    state: str = ""


def _read(text: str) -> tuple[Key, ...]:
    found = []
    for line in text.replace(",", "\n").splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            found.append(Key(words[0], words[1] if len(words) > 1 else ""))
    if not found or any(len(key.secret) < SHORTEST for key in found):
        raise UnusablePlace(f"A secret key has at least {SHORTEST} characters. See docs/operate/keys.md.")
    return tuple(found)


@lru_cache(maxsize=4)
def _of_file(path: str, stamp: tuple[int, int, int]) -> tuple[Key, ...]:
    del stamp
    return _read(Path(path).read_text())


def elsewhere() -> bool:
    """Whether somebody else keeps the keys, so that Plein only reads them."""
    return bool(os.environ.get("PLEIN_SECRET_KEYS") or os.environ.get("PLEIN_SECRET_KEY_FILE"))


def ring() -> tuple[Key, ...]:
    """The keys as they are now, the newest first; a file that changed is read anew, also by what runs already."""
    if said := os.environ.get("PLEIN_SECRET_KEYS"):
        return _read(said)
    path = Path(os.environ.get("PLEIN_SECRET_KEY_FILE") or places().secret_key)
    if not elsewhere():
        secret_key()
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise UnusablePlace(f"There is no file {path} with the secret key.") from error
    return _of_file(str(path), (found.st_mtime_ns, found.st_ino, found.st_size))


def secrets_of_ring() -> list[str]:
    """The keys alone."""
    return [key.secret for key in ring()]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the ring, so that two rotations do not mix."""
    with (places().run / "keys.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(keys: list[Key]) -> None:
    path = places().secret_key
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.writelines(f"{key.secret} {key.state}".rstrip() + "\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_rotating() -> bool:
    """Whether a rotation began and did not end."""
    return any(key.state == OLD for key in ring())


def add_key() -> None:
    """Put a fresh key in front; what the one before it sealed is still to be sealed anew."""
    first, *rest = ring()
    _write([Key(secrets.token_urlsafe(48)), Key(first.secret, OLD), *rest])


def retire_old() -> int:
    """Nothing that is kept is sealed with the old keys any more; how many they were."""
    keys = list(ring())
    _write([Key(key.secret, RETIRED if key.state == OLD else key.state) for key in keys])
    return sum(key.state == OLD for key in keys)


def secrets_in(path: Path) -> list[str]:
    """The keys in a file that somebody gives."""
    try:
        return [key.secret for key in _read(path.read_text())]
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise UnusablePlace(f"There is no file {path} with keys.") from error


def take_over(path: Path) -> None:
    """The keys of another Plein become those of this one; its own, which sealed next to nothing yet, is retired."""
    given = list(_read(path.read_text()))
    known = {key.secret for key in given}
    _write([*given, *(Key(key.secret, RETIRED) for key in ring() if key.secret not in known)])
