# SPDX-License-Identifier: AGPL-3.0-or-later
"""So many minutes on each network: the best of what was heard there that one can read in that time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.listening.queries.weighing import Item


@dataclass(frozen=True, slots=True)
class Spent:
    """What reading takes on one network ("" for feeds and what somebody wrote down): how many posts in how many
    minutes, how many are left for another time, and how many minutes were spent there today already.
    """

    network: str
    count: int
    minutes: float
    left: int
    before: float = 0.0


def in_minutes(
    items: Sequence[Item], networks: Mapping[UUID, str], minutes: float, before: Mapping[str, float] | None = None
) -> tuple[list[Item], list[Spent]]:
    """Of posts in the order in which they deserve attention those that fit into so many minutes a network.

    One that is too long is passed over for the next; but the best of a network is always there, however long it is,
    unless some of the minutes were spent `before`.
    """
    gone = before or {}
    taken: list[Item] = []
    spent: dict[str, list[float]] = {}
    left: dict[str, int] = {}
    for item in items:
        network = networks.get(item.moment.id, "")
        times = spent.setdefault(network, [])
        spent_before = gone.get(network, 0.0)
        if (not times and not spent_before) or spent_before + sum(times) + item.minutes <= minutes:
            times.append(item.minutes)
            taken.append(item)
        else:
            left[network] = left.get(network, 0) + 1
    return taken, [
        Spent(network, len(times), round(sum(times), 1), left.get(network, 0), round(gone.get(network, 0.0), 1))
        for network, times in spent.items()
    ]
