# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that can be put in a circle: the one list of it."""

from plein.moments import placing as moments
from plein.relations import placing as relations
from plein.trust.placed import Placed, add_to_placed, register_placed

#: A new kind is one more here.
PLACED: tuple[Placed, ...] = (*relations.PLACED, *moments.PLACED)


def register_what_is_placed() -> None:
    """Tell who sees what, and move it: of these kinds."""
    register_placed(*PLACED)
    add_to_placed("relations", along=moments.OF_RELATION, also=moments.BESIDE_RELATION)
