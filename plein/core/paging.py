# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the lists of the REST door have in common: how much of them is asked for, and from where."""

from typing import Annotated

from pydantic import Field

LONGEST_WORDS, LONGEST_CURSOR, MOST = 200, 3000, 200

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many items at most.")]
CursorText = Annotated[
    str, Field(max_length=LONGEST_CURSOR, description="The `next` of the page before this one; empty for the first.")
]
Words = Annotated[str, Field(max_length=LONGEST_WORDS, description="What to look for.")]


class NotUnderstood(ValueError):
    """A parameter that cannot be read; the message says why, and `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
