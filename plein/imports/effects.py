# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of an entry."""

from dataclasses import dataclass, field

from plein.imports.entries import Entry

NEW, CHANGED, SAME, DOUBTFUL, SKIPPED, REFUSED = "new", "changed", "same", "doubtful", "skipped", "refused"


@dataclass(slots=True)
class Effect:
    """What becomes of an entry: `changes` are names of details with what they were and what they are to be."""

    entry: Entry
    name: str
    what: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
