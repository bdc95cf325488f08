# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of an entry."""

from dataclasses import dataclass, field
from uuid import UUID

from plein.imports.entries import Entry

NEW, CHANGED, SAME, DOUBTFUL, SKIPPED, REFUSED = "new", "changed", "same", "doubtful", "skipped", "refused"
OUTCOMES = (NEW, CHANGED, SAME, DOUBTFUL, SKIPPED, REFUSED)
#: What somebody may decide of an entry, besides whom it is.
AS_NEW, LEAVE = "new", "leave"


@dataclass(slots=True)
class Effect:
    """What becomes of an entry: `changes` are details as they were and as they are to be, `who` is whom it may be.

    `question` is what stays to be decided of somebody who comes in all the same.
    """

    entry: Entry
    name: str
    what: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    who: list[tuple[UUID, str]] = field(default_factory=list)
    question: str = ""

    @property
    def told(self) -> list[str]:
        """What there is to say of it."""
        return [self.question, *self.reasons] if self.question else self.reasons
