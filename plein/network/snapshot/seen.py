# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which transactions somebody sees: by their numbers, never by the order in which they wrote something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """What PostgreSQL calls a snapshot: everything before `until` that is not among those still open."""

    until: int
    open: frozenset[int]

    @classmethod
    def of(cls, text: str) -> "Seen":
        """As `pg_current_snapshot()` says it."""
        _first, until, open_ones = text.split(":")
        return cls(int(until), frozenset(map(int, filter(None, open_ones.split(",")))))

    def includes(self, other: "Seen") -> bool:
        """Whether everything that the other sees is seen here."""
        return self.until >= other.until and all(one in other.open for one in self.open if one < other.until)
