# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a mail store may ask of this machine, and what is said when it asks for more."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds within which mail is read; sizes in bytes, times in seconds."""

    message: int = 150 * MB
    attachment: int = 100 * MB
    text: int = 1_000_000
    html: int = 4_000_000
    subject: int = 1_000
    name: int = 300
    header_block: int = 8 * MB
    addresses: int = 20_000
    depth: int = 100
    parts: int = 1_000
    memory: int = 1024 * MB
    seconds_per_message: float = 20.0
    archive_entries: int = 200_000
    archive_depth: int = 2
    archive_bytes: int = 200 * 1024 * MB
    # Mail compresses about 10:1 and a mailbox full of copies 60:1; a bomb starts at 1,000:1.
    archive_ratio: int = 250
    archive_ratio_from: int = 64 * MB


class NotAMailbox(Exception):
    """What was given is not mail; the text says, in one sentence, what was found instead."""


class RefusedArchive(NotAMailbox):
    """An archive asks for too much, or holds what an honest one does not."""


class ReaderFailed(Exception):
    """The reading process stopped twice at the same place, so reading cannot go on."""


def in_words(size: int) -> str:
    """Write a number of bytes as a person would."""
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{size} bytes"
