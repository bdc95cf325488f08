# SPDX-License-Identifier: AGPL-3.0-or-later
"""What makes a tie between two relations, and how much it weighs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from plein.moments.vocabulary import MomentKind
from plein.relations.vocabulary import TieKind, TieStrength

#: The moment to which contact is discounted; it only fixes the unit in which sums are kept.
LANDMARK = datetime(2020, 1, 1, tzinfo=UTC)
#: Longer before the landmark than so many half-lives nothing is told apart, nor later after it: a clock may jump. Sums
#: must be numbers of 64 bits when they are taken the logarithm of, and 2 to the power 1023 is the largest of these.
EARLIEST, FARTHEST = 200, 1000
#: With half-lives of so many days the farthest is reached in 2039.
SHORTEST_HALF_LIFE = 7


class Ground(IntEnum):
    """Why two relations are tied."""

    CONTACT = 0
    COLLEAGUE = 1
    MEMBER = 2
    FAMILY = 10
    FRIEND = 11
    EX_COLLEAGUE = 12
    REFERRED_BY = 13
    ADVISED = 14
    KNOWS = 15
    OWN = 16
    CONNECTED = 17
    SUPPLIER_OF = 20
    CUSTOMER_OF = 21
    PART_OF = 22
    FOLLOWS = 23


#: Declared ties, and what each is a ground of.
GROUND_OF = {
    TieKind.FAMILY: Ground.FAMILY,
    TieKind.FRIEND: Ground.FRIEND,
    TieKind.EX_COLLEAGUE: Ground.EX_COLLEAGUE,
    TieKind.REFERRED_BY: Ground.REFERRED_BY,
    TieKind.ADVISED: Ground.ADVISED,
    TieKind.KNOWS: Ground.KNOWS,
    TieKind.SUPPLIER_OF: Ground.SUPPLIER_OF,
    TieKind.CUSTOMER_OF: Ground.CUSTOMER_OF,
    TieKind.PART_OF: Ground.PART_OF,
    TieKind.CONNECTED: Ground.CONNECTED,
    TieKind.FOLLOWS: Ground.FOLLOWS,
}
#: Grounds on which two people know each other. Over the others, business and who reads whom, nobody is introduced.
ACQUAINTANCE = (
    Ground.CONTACT,
    Ground.COLLEAGUE,
    Ground.FAMILY,
    Ground.FRIEND,
    Ground.EX_COLLEAGUE,
    Ground.REFERRED_BY,
    Ground.ADVISED,
    Ground.KNOWS,
    Ground.OWN,
    Ground.CONNECTED,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """How strength is measured: what a contact weighs, how fast that fades, and what a declared tie is worth.

    reciprocity  what contact in one direction only keeps of its weight
    even         the sum of weights at which strength is one half
    crowd        with more people than this in one moment, nobody gets to know anybody
    """

    half_life: timedelta = timedelta(days=180)
    reciprocity: float = 0.25
    even: float = 1.0
    crowd: int = 50
    weights: dict[str, float] = field(
        default_factory=lambda: {
            MomentKind.VISIT: 3.0,
            MomentKind.MEETING: 3.0,
            MomentKind.CALL: 2.0,
            MomentKind.VOICEMAIL: 1.0,
            MomentKind.LETTER: 1.0,
            MomentKind.EMAIL: 1.0,
            MomentKind.TEXT: 0.5,
            MomentKind.CHAT: 0.5,
            MomentKind.POST: 0.1,
        }
    )
    floors: dict[Ground, float] = field(
        default_factory=lambda: {
            Ground.COLLEAGUE: 0.3,
            Ground.MEMBER: 0.5,
            Ground.FAMILY: 0.7,
            Ground.FRIEND: 0.6,
            Ground.EX_COLLEAGUE: 0.3,
            Ground.REFERRED_BY: 0.4,
            Ground.ADVISED: 0.5,
            Ground.KNOWS: 0.4,
            Ground.SUPPLIER_OF: 0.3,
            Ground.CUSTOMER_OF: 0.3,
            Ground.PART_OF: 0.5,
            Ground.CONNECTED: 0.2,
            Ground.FOLLOWS: 0.1,
        }
    )


#: What ties of a company's own kinds are worth, by the strength that was chosen for the kind; of none is no tie made.
OWN_FLOORS = {TieStrength.WEAK: 0.2, TieStrength.ORDINARY: 0.4, TieStrength.STRONG: 0.6}
#: How Plein measures.
MEASURE = Measure()
#: What a tie is beside its ground, in one number, as the database tells it to a snapshot.
SHARED, LASTING, PERSON, MAY, FOR_A_WHILE, DATED = 32, 64, 128, 256, 512, 1024
#: In larger groups than this two members need not know each other; then the department counts.
GROUP = 25
#: Of organizations with more memberships that everyone here sees than this nobody is anybody's colleague by that alone.
LARGEST = 500
