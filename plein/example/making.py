# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the whole example company, in memory, the same for the same day."""

from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from plein.core.ids import now
from plein.example.agenda import Agenda
from plein.example.cast import Cast
from plein.example.consents import Consents
from plein.example.correspondence import Teller
from plein.example.days import Days
from plein.example.dealing import Dealer
from plein.example.features import Features
from plein.example.network import Network
from plein.example.places import Addresses
from plein.example.rows import Rows
from plein.example.staff import seat_colleagues, write_colleagues
from plein.example.stories import Stories
from plein.example.told import Told
from plein.example.world import World
from plein.example.writing import Writer
from plein.moments.models import Moment
from plein.trust.models import Seat

SEED = 1124
#: A little over six thousand, because a few threads are not over yet.
MOMENTS = 6060


def make(owner: Seat, zone: ZoneInfo, operation_id: UUID) -> Rows:
    """Seats the colleagues and returns the rows of everything else, which one operation makes."""
    rows, world, days, chance = Rows(), World(), Days(now(), zone), Random(SEED)  # noqa: S311 — invents people, no secrets
    seat_colleagues(world, owner)
    write_colleagues(rows, world, days)
    cast = Cast(rows, world, days, chance, Addresses(chance))
    told = Told(cast)
    told.write()
    cast.invent()
    Network(rows, world, days, chance).weave()
    writer = Writer(chance)
    Stories(rows, world, days, told).write()
    Agenda(rows, world, days, writer, chance).write()
    teller = Teller(rows, world, days, writer, chance)
    for deal in Dealer(world, days, chance).deal(MOMENTS - rows.count(Moment)):
        teller.tell(deal)
    Features(rows, world, days, Random(SEED + 1)).show()  # noqa: S311 — invents figures, no secrets
    Consents(rows, world, days, Random(SEED + 2)).note(operation_id)  # noqa: S311 — invents answers, no secrets
    return rows
