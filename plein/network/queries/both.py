# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom two people both know, and how well each of them."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from plein.network.queries.following import PEOPLE, this_moment
from plein.network.queries.footing import Footing, answered
from plein.network.queries.numbering import nearest, uuids_of
from plein.network.queries.reaching import DIGITS
from plein.network.strength import strength_of


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody whom two people both know, and how strong either tie is."""

    id: UUID
    to_one: float
    to_other: float

    @property
    def closeness(self) -> float:
        """What they are ranked by: both ties multiplied."""
        return self.to_one * self.to_other


def shared(one: UUID, other: UUID, *, limit: int = 100) -> tuple[int, list[Shared]]:
    """How many both know, and who, those best known to both first; one query."""

    def look(footing: Footing) -> tuple[int, list[Shared]]:
        ends = footing.numbers([str(one), str(other)])
        found = footing.steps(ends, PEOPLE)
        costs = np.full((2, len(footing)), np.inf)
        np.minimum.at(costs, (found.place, found.far), found.cost)
        costs[:, ends] = np.inf
        both = np.flatnonzero(np.isfinite(costs).all(axis=0))
        order, ids = nearest(
            lambda places: footing.ids(both[places]), np.round(costs[:, both].sum(axis=0), DIGITS), limit
        )
        told = zip(uuids_of(ids), *costs[:, both[order]].tolist(), strict=True)
        return len(both), [Shared(id, strength_of(first), strength_of(second)) for id, first, second in told]

    return answered(this_moment(), look)
