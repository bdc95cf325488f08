# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2s
from typing import Any


class Kind(StrEnum):
    """What a suggestion does when it is taken."""

    APPOINTMENT = "appointment"
    TODO = "todo"
    ROLE = "role"
    LEFT = "left"
    POINT = "point"
    GONE = "gone"
    PERSON = "person"
    MOVED = "moved"
    STAND_IN = "stand_in"


@dataclass(frozen=True, slots=True)
class Offer:
    """One suggestion: in words what it does, the sentence it comes from, and what is needed to do it."""

    kind: Kind
    title: str
    detail: str
    evidence: str
    about: Mapping[str, Any] = field(default_factory=dict)
    is_ticked: bool = True

    @property
    def key(self) -> str:
        """The same for the same suggestion, also when the page is made anew."""
        told = "|".join([self.kind, *(f"{name}={value}" for name, value in sorted(self.about.items()))])
        return f"{self.kind}-{blake2s(told.encode(), digest_size=6).hexdigest()}"
