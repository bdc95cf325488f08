# SPDX-License-Identifier: AGPL-3.0-or-later
"""One mail as it lies in its store, before anybody looks inside."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes of one mail and where they were; ``problem`` is set instead when it cannot be read at all.

    ``cursor`` resumes right after this item.
    """

    folder: str
    mailbox: str
    position: int
    data: bytes
    size: int
    cursor: str
    is_truncated: bool = False
    problem: str = ""
