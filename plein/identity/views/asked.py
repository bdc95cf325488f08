# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a form sent, taken for what it should be."""

from contextlib import suppress
from uuid import UUID


def uuid_or_none(text: str | None) -> UUID | None:
    """An id, or nothing when it is none."""
    with suppress(ValueError):
        return UUID(text or "")
    return None
