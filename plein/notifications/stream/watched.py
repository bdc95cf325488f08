# SPDX-License-Identifier: AGPL-3.0-or-later
"""What open pages show besides notifications: other domains say how to tell that it moved.

A mark is made of what the reader may see and of nothing else: whoever cannot see a thing does not hear that it moved.
"""

from collections.abc import Callable

from plein.trust.seats import Entrance

type Mark = Callable[[Entrance], str]
_watched: dict[str, Mark] = {}


def watch(name: str, mark: Mark) -> None:
    """Let open pages hear of this, by its name."""
    _watched[name] = mark


def marks_of(actor: Entrance) -> dict[str, str]:
    """How everything stands for this reader."""
    return {name: mark(actor) for name, mark in _watched.items()}
