# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much an archive may ask of this machine, and what is said when it asks for more."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds within which archives are read; sizes in bytes, times in seconds."""

    entries: int = 200_000
    #: One file that is read as a whole: a JSON document of a network, a list.
    document: int = 96 * MB
    #: One file that is read line by line or row by row.
    stream: int = 20 * 1024 * MB
    unpacked: int = 40 * 1024 * MB
    ratio: int = 250
    ratio_from: int = 64 * MB
    text: int = 1_000_000
    name: int = 300
    people: int = 500
    memory: int = 1024 * MB
    seconds_per_item: float = 60.0


class NotAnArchive(Exception):
    """What was given is no archive that can be read; the text says in one sentence what was found instead."""


class ArchiveFailed(Exception):
    """The reading process stopped at a place it cannot get past."""
