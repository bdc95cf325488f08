# SPDX-License-Identifier: AGPL-3.0-or-later
"""So many minutes on each network: the best of what was heard there that one can read in that time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.listening.queries.weighing import Item

_NETWORKS = """
SELECT DISTINCT ON (p.moment_id) p.moment_id, c.network FROM moments_participant p
  JOIN relations_contact_point c ON {c} AND c.id = p.contact_point_id AND c.network <> ''
 WHERE {p} AND p.moment_id = ANY (%(ids)s) AND p.role = 'from' ORDER BY p.moment_id, p.id
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What reading takes on one network ("" for feeds and what somebody wrote down): how many posts in how many
    minutes, and how many are left for another time.
    """

    network: str
    count: int
    minutes: float
    left: int


def networks_among(ids: Iterable[UUID]) -> dict[UUID, str]:
    """On which network each of these posts was written, where the writer has a name there: one statement."""
    wanted = list(ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_NETWORKS), {"ids": wanted})
        return dict(cursor.fetchall())


def in_minutes(items: Sequence[Item], networks: Mapping[UUID, str], minutes: float) -> tuple[list[Item], list[Spent]]:
    """Of posts in the order in which they deserve attention those that fit into so many minutes a network.

    One that is too long is passed over for the next; but the best of a network is always there, however long it is.
    """
    taken: list[Item] = []
    spent: dict[str, list[float]] = {}
    left: dict[str, int] = {}
    for item in items:
        network = networks.get(item.moment.id, "")
        times = spent.setdefault(network, [])
        if not times or sum(times) + item.minutes <= minutes:
            times.append(item.minutes)
            taken.append(item)
        else:
            left[network] = left.get(network, 0) + 1
    return taken, [
        Spent(network, len(times), round(sum(times), 1), left.get(network, 0)) for network, times in spent.items()
    ]
