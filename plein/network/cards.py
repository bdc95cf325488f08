# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways to somebody as cards: who is on the way, how strong it is, and a sentence for each step."""

from dataclasses import dataclass
from datetime import datetime

from plein.network.queries import Path
from plein.network.wording import told
from plein.relations.models import Relation

#: From which strength on a way has so many bars; below the last it still has one.
BARS = ((0.4, 4), (0.2, 3), (0.08, 2))


@dataclass(frozen=True, slots=True)
class Card:
    """One way, as a page shows it."""

    number: int
    people: tuple[Relation, ...]
    bars: int
    sentences: tuple[str, ...]


def cards_of(paths: tuple[Path, ...], at: datetime) -> list[Card]:
    """These ways, the best first."""
    return [
        Card(
            number=number,
            people=path.people,
            bars=bars_of(path.strength),
            sentences=tuple(sentence for step in path.steps for sentence in told(step, at)[:1]),
        )
        for number, path in enumerate(paths, start=1)
    ]


def bars_of(strength: float) -> int:
    """How many of the four bars are filled."""
    return next((bars for least, bars in BARS if strength >= least), 1)
