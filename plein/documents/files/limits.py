# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much one file may ask of this machine, and what is said when it asks for more."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds within which a file is read; sizes in bytes, times in seconds."""

    #: The largest file that is opened at all.
    file: int = 50 * MB
    #: What one member of a packed file may become, and how many times its size.
    unpacked: int = 64 * MB
    ratio: int = 300
    ratio_from: int = 4 * MB
    members: int = 5_000
    #: So much text is kept; a search looks no further either.
    text: int = 200_000
    pages: int = 2_000
    #: Pictures and scanned pages of one file whose letters are read, the dots of one, and seconds for all of them.
    pictures: int = 25
    dots: int = 50_000_000
    looking: float = 60.0
    memory: int = 448 * MB
    seconds: float = 20.0


class Refused(ValueError):
    """Why a file is not read: one plain sentence."""


class NothingToRead(Refused):
    """There is nothing wrong with the file: it is of a kind that holds no words."""
