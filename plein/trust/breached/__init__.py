# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passwords that are in every list of who guesses, looked up without asking anybody.

The file has the first six bytes of the SHA-256 of a hundred thousand passwords, sorted. A password that is in none of
the lists is taken for one that is with a chance of 1 in 2.8 thousand million.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("passwords.bin")
BYTES = 6


@cache
def _hashes() -> frozenset[bytes]:
    content = FILE.read_bytes()
    return frozenset(content[place : place + BYTES] for place in range(0, len(content), BYTES))


def is_known(password: str) -> bool:
    """Whether a password is in the list, however its letters are written."""
    return sha256(password.strip().lower().encode()).digest()[:BYTES] in _hashes()
