# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came of doing something with many records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many records an act changed, and which it left alone for which reason."""

    changed: int
    failures: Mapping[UUID, str] = field(default_factory=dict)
