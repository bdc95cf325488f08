# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small network in Alice's workspace, for its pages."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from plein.core.ids import now
from plein.core.operations import operation
from plein.relations.models import Relation, Tie
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered


@dataclass(frozen=True)
class Network:
    """Alice met Henk and called Ans, who both know Rik of Vechtdal; of Spar only Alice knows."""

    alice: Relation
    henk: Relation
    ans: Relation
    rik: Relation
    spar: Relation
    vechtdal: Relation


def tied(one: Relation, other: Relation, kind: str = "knows", **changes: object) -> Tie:
    """A tie that somebody noted."""
    with operation("add_tie"):
        return Tie.objects.create(one=one, other=other, kind=kind, **changes)


def seated(person: Relation, seat_id: object) -> None:
    """Make a person the one who has this seat."""
    with operation("keep_colleague"):
        Relation.objects.filter(id=person.id).update(seat_id=seat_id)


@pytest.fixture
def network(alice: User) -> Network:
    """Two ways from Alice to Rik, and one that nobody else knows of."""
    with entered(alice) as actor:
        me, henk, ans, rik = (make_person(name) for name in ("Alice", "Henk Vos", "Ans Bos", "Rik Jansen"))
        spar = make_person("Piet Spar", circle_id=only_me())
        vechtdal = make_organization("Zorggroep Vechtdal")
        seated(me, actor.seat_id)
        for days in (5, 20, 30):
            make_moment(me, henk, kind="meeting", occurred_at=now() - timedelta(days=days))
        make_moment(me, ans, kind="call", occurred_at=now() - timedelta(days=250))
        tied(henk, rik, "friend")
        tied(ans, rik, note="koor.", starts_on=date(2019, 5, 1))
        tied(me, spar, "friend")
        tied(spar, rik, "friend")
        make_membership(rik, vechtdal, role="Hoofd inkoop")
        return Network(me, henk, ans, rik, spar, vechtdal)
