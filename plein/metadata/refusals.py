# SPDX-License-Identifier: AGPL-3.0-or-later
"""How this domain says no: in sentences for whoever asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plein.core.audit import Shown
from plein.metadata.models import Field


class Refused(ValueError):
    """Something cannot be done as asked; the message says why, and `field` names what is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Unreadable(ValueError):
    """A value that cannot be read as what its field holds; the message says how to write it."""


class WrongValues(ValueError):
    """Values that cannot be kept: a sentence for each, by the key of its field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people changed: what it is now and what was wanted."""

    field: Field
    theirs: Any
    mine: Any


class ValueConflict(Exception):
    """Somebody changed the same fields after the version an edit was based on; nothing was saved.

    `seen` is of what the values that are there now are, for the log of who sees them.
    """

    def __init__(self, differing: list[Difference], version: int, seen: Sequence[Shown]) -> None:
        super().__init__("The values were changed in the meantime.")
        self.differing = differing
        self.version = version
        self.seen = seen
