# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who came in, beside somebody who was here and who they may be, until it is decided."""

from uuid import UUID

from plein.core.isolation import default_circle_id
from plein.identity.pairs import Pair, id_of_pair
from plein.identity.queries.matching import Candidate
from plein.trust.circles import circle_of_all


def doubt(*, brought_by: UUID, newcomer: UUID, circle_id: int, candidate: Candidate, known_circle_id: int) -> Pair:
    """The pair of both, not yet written: `circle_id` is that of who came in, the other of who was here."""
    circles = {circle_id, known_circle_id}
    circle = None if circles == {default_circle_id()} else circle_of_all(circles)
    # An id tells when it was made: who was here before is the one, who came in the other.
    return Pair(
        id=id_of_pair(candidate.id, newcomer, circle),
        one_id=candidate.id,
        other_id=newcomer,
        own_circle_id=circle,
        bits=candidate.bits,
        prior=candidate.prior,
        levels=[[one.field, one.level, round(one.bits, 3)] for one in candidate.reasons],
        run_id=brought_by,
        brought_by=brought_by,
    )
