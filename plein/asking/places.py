# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where somebody from outside answers. Whoever has the pages of people says so (`plein/subscriptions.py`)."""

from collections.abc import Callable

type MakeAddress = Callable[[str], str]
_makers: list[MakeAddress] = []


def answered_at(make: MakeAddress) -> None:
    """Name who makes a whole address of a path. Only `plein/subscriptions.py` calls this."""
    _makers[:] = [make]


def answer_address(secret: str) -> str:
    """Where a link with this secret leads."""
    return next(make(f"introduction/{secret}/") for make in _makers)
