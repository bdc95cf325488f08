# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file that only who has the key can read or change, written and read in pieces so that memory stays flat.

The head names the way (a key of the ring, or a passphrase) and has 32 random bytes; from these and the secret comes a
key that seals this file alone. What follows are pieces of 64 KB, each sealed with AES-256-GCM under its number and
whether it is the last (the STREAM construction, as age has it): no piece can be changed, moved, left out or added, and
a file that was cut off has no last piece. Any piece can be read by itself, so that a zip inside is read as if it lay
open.
"""

import hmac
import io
import os
import secrets
from collections.abc import Callable, Iterable
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"plein-sealed-1\n"
BY_KEY, BY_PASSPHRASE = b"K", b"P"
NAME, SALT, TAG = 8, 32, 16
HEAD = len(MAGIC) + 1 + NAME + SALT
PIECE = 1 << 16
#: A guess costs 128 MB and half a second.
SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}


class WrongKey(Exception):
    """No key that was given opens the file; the message says what to give."""


class Changed(Exception):
    """The file was cut off or changed."""


def _name(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"plein sealed file", "sha256")[:NAME]


def _from_key(secret: str, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, b"plein sealed file").derive(secret.encode())


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode())


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def is_sealed(source: IO[bytes]) -> bool:
    """Whether a file begins as ours do; it is left at its beginning."""
    found = source.read(len(MAGIC))
    source.seek(0)
    return found == MAGIC


class SealingFile(io.RawIOBase):
    """Seals what is written to it; `close` writes the last piece."""

    def __init__(self, target: IO[bytes], *, secret: str = "", passphrase: str = "") -> None:
        salt = secrets.token_bytes(SALT)
        way, name = (BY_PASSPHRASE, bytes(NAME)) if passphrase else (BY_KEY, _name(secret))
        key = _from_passphrase(passphrase, salt) if passphrase else _from_key(secret, salt)
        self.head = MAGIC + way + name + salt
        self.target, self.box = target, AESGCM(key)
        self.waiting, self.number = bytearray(), 0
        target.write(self.head)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        """Take in some bytes; a piece is sealed as soon as it is known not to be the last."""
        self.waiting += content
        while len(self.waiting) > PIECE:
            self._seal(bytes(self.waiting[:PIECE]), is_last=False)
            del self.waiting[:PIECE]
        return len(content)

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self.target.write(self.box.encrypt(_nonce(self.number, is_last), piece, self.head))
        self.number += 1

    def finish(self) -> None:
        """Seal the last piece; without it the file is worth nothing."""
        self._seal(bytes(self.waiting), is_last=True)
        self.waiting.clear()
        self.target.flush()


class OpenedFile(io.RawIOBase):
    """Reads what was sealed, from any place; raises WrongKey, or Changed as soon as a piece does not fit."""

    def __init__(self, source: IO[bytes], *, keys: Iterable[str] = (), passphrase: Callable[[], str] = str) -> None:
        self.source = source
        self.head = source.read(HEAD)
        size = source.seek(0, os.SEEK_END) - HEAD
        if len(self.head) < HEAD or size < TAG:
            raise Changed
        self.count = -(-size // (PIECE + TAG))
        self.length = size - self.count * TAG
        self.box = AESGCM(self._key(list(keys), passphrase))
        self.place, self.held, self.held_number = 0, b"", -1
        self._load(self.count - 1)

    def _key(self, keys: list[str], passphrase: Callable[[], str]) -> bytes:
        way, name = self.head[len(MAGIC) : len(MAGIC) + 1], self.head[len(MAGIC) + 1 : -SALT]
        salt = self.head[-SALT:]
        if way == BY_PASSPHRASE:
            said = passphrase()
            if not said:
                raise WrongKey("This backup asks for its passphrase: give it with --passphrase-file FILE.")
            return _from_passphrase(said, salt)
        for secret in keys:
            if hmac.compare_digest(_name(secret), name):
                return _from_key(secret, salt)
        raise WrongKey(
            "This backup is encrypted with a key that is not here: give the secret.key of the Plein that made it, with"
            " --key FILE."
        )

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go on somewhere else."""
        self.place = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: self.length}[whence])
        return self.place

    def _load(self, number: int) -> None:
        if number == self.held_number:
            return
        self.source.seek(HEAD + number * (PIECE + TAG))
        sealed = self.source.read(PIECE + TAG)
        try:
            self.held = self.box.decrypt(_nonce(number, number == self.count - 1), sealed, self.head)
        except InvalidTag as error:
            raise Changed from error
        self.held_number = number

    def readinto(self, target: Any) -> int:
        """Read on, up to the end of a piece."""
        if self.place >= self.length:
            return 0
        self._load(self.place // PIECE)
        start = self.place % PIECE
        found = self.held[start : start + len(target)]
        target[: len(found)] = found
        self.place += len(found)
        return len(found)
