# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one may choose on a page of the network, as the page shows it again."""

from collections.abc import Sequence
from typing import Any

type Choices = Sequence[tuple[Any, Any]]


def field_of(name: str, label: str, chosen: str, groups: Sequence[tuple[str, Choices]]) -> dict[str, Any]:
    """A choice: its name, its words, and groups of what one may choose, with the chosen one marked."""
    marked = [(words, [(str(key), one, str(key) == chosen) for key, one in choices]) for words, choices in groups]
    return {"name": name, "label": label, "groups": [each for each in marked if each[1]]}
