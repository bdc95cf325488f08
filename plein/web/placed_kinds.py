# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that lives in a circle and can be asked about: the one list of it, with what each takes along."""

from plein.consent import placing as consent
from plein.lists import placing as lists
from plein.moments import placing as moments
from plein.mypage import placing as mypage
from plein.outbox import placing as outbox
from plein.questions import placing as questions
from plein.relations import placing as relations
from plein.trust.placed import Placed, add_to_placed, register_placed

#: A new kind is one more here.
PLACED: tuple[Placed, ...] = (
    *relations.PLACED,
    *moments.PLACED,
    *outbox.PLACED,
    *consent.PLACED,
    *mypage.PLACED,
    *lists.PLACED,
    *questions.PLACED,
)


def register_what_is_placed() -> None:
    """Tell who sees what, and move it: of these kinds."""
    register_placed(*PLACED)
    of_relation = (*moments.OF_RELATION, *consent.OF_RELATION, *mypage.OF_RELATION)
    add_to_placed("relations", along=of_relation, also=moments.BESIDE_RELATION)
    add_to_placed("moments", along=outbox.OF_MOMENT)
    add_to_placed("texts", along=outbox.OF_TEXT)
