# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this domain cannot know and others tell it: which tags and which saved views a field can be kept for.

`plein/web/panels.py` says it, once, when Plein starts.
"""

from collections.abc import Callable

type Choices = Callable[[], list[tuple[str, str]]]

_choices: dict[str, Choices] = {}


def offer(name: str, choices: Choices) -> None:
    """Say what there is to choose of "tags" or "views": ids and words."""
    _choices[name] = choices


def offered(name: str) -> list[tuple[str, str]]:
    """What there is to choose, nothing while nobody said."""
    found = _choices.get(name)
    return found() if found else []
