# SPDX-License-Identifier: AGPL-3.0-or-later
"""A company chooses how strength is measured: it looks first, all ties follow, and it can be turned back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.moments.models import Moment
from plein.network.actions import set_measure
from plein.network.models import Half, Measuring
from plein.network.queries import Lens, Period, ego
from plein.network.queries.degrees import knows
from plein.network.queries.evidence import evidence_of
from plein.network.queries.following import this_moment
from plein.network.queries.keeping import Differences, differences
from plein.network.vocabulary import MEASURE, SHORTEST_HALF_LIFE, Ground
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.seats import entered

__all__ = ["calling"]
SignIn = Callable[[Any], Client]
PAGE = "/settings/strength/"


@pytest.fixture
def met(cast: Cast) -> tuple[Relation, Relation]:
    """Alice's own person, and Henk, whom she called half a year ago; Bob's contact with him is his own."""
    with entered(cast.alice) as actor:
        me, henk = make_person("Alice", seat_id=actor.seat_id), make_person("Henk")
        make_moment(me, henk, kind="call", occurred_at=now() - timedelta(days=180))
        ans = make_person("Ans")
        with operation("add_tie"):
            Tie.objects.create(one=me, other=ans, kind="friend")
    return me, henk


def sent(**changes: Any) -> dict[str, Any]:
    """What the form sends when nothing is changed, with these changes."""
    values = {
        "half_life": 180,
        "even": 1.0,
        "reciprocity": 25,
        "crowd": 50,
        **{f"weight_{kind}": worth for kind, worth in MEASURE.weights.items()},
        **{f"floor_{ground.name.lower()}": round(100 * floor) for ground, floor in MEASURE.floors.items()},
    }
    return values | changes


def strength(cast: Cast, met: tuple[Relation, Relation]) -> float:
    with entered(cast.alice):
        return round(knows(met[0].id, [met[1].id])[met[1].id], 3)


def test_one_looks_first_and_nothing_changes(cast: Cast, met: tuple[Relation, Relation], signed_in: SignIn) -> None:
    client = signed_in(cast.alice)
    assert strength(cast, met) == 0.5

    page = client.post(PAGE, sent(half_life=360, look="1")).text

    assert "Henk" in page and "50 %" in page and "59 %" in page and 'value="360"' in page
    page = client.post(PAGE, sent(floor_friend=92, look="1")).text
    assert page.index("Ans") < page.index("Henk") and "60 %" in page and "92 %" in page
    assert strength(cast, met) == 0.5
    with entered(cast.alice):
        assert not Measuring.objects.exists()


def test_all_ties_follow_at_once_and_are_turned_back(
    cast: Cast, met: tuple[Relation, Relation], signed_in: SignIn
) -> None:
    client = signed_in(cast.alice)
    assert client.post(PAGE, sent(half_life=360, floor_friend=90)).status_code == 302
    assert strength(cast, met) == 0.586
    with entered(cast.alice):
        assert set(Half.objects.filter(ground=Ground.FRIEND).values_list("weight", flat=True)) == {0.9}
        make_moment(*met, kind="call")
        assert differences() == Differences(0, 0)
        assert "360" in client.get(PAGE).text
        undo(Operation.objects.filter(verb="set_measure").latest("started_at").id)
        assert not Measuring.objects.exists() and differences() == Differences(0, 0)
        assert set(Half.objects.filter(ground=Ground.FRIEND).values_list("weight", flat=True)) == {0.6}

    client.post(PAGE, sent(weight_call=0))
    with entered(cast.alice):
        assert knows(met[0].id, [met[1].id]) == {}
    client.post(PAGE, sent(as_plein="1"))
    with entered(cast.alice):
        assert not Measuring.objects.exists() and differences() == Differences(0, 0)


def test_only_administrators_choose_and_what_cannot_be_keeps_what_was_written(
    cast: Cast, met: tuple[Relation, Relation], signed_in: SignIn
) -> None:
    assert signed_in(cast.bob).get(PAGE).status_code == 403
    assert signed_in(cast.bob).post(PAGE, sent(half_life=360)).status_code == 403
    client = signed_in(cast.alice)
    for wrong in ({"half_life": 0}, {"even": "zwaar"}, {"floor_family": 100}, {"weight_call": -1}, {"crowd": ""},
                  {f"weight_{kind}": 0 for kind in MEASURE.weights}):  # fmt: skip
        answer = client.post(PAGE, sent(**wrong))
        assert answer.status_code == 422, wrong
    assert 'value="zwaar"' in client.post(PAGE, sent(even="zwaar")).text
    with entered(cast.alice):
        assert not Measuring.objects.exists()


def test_a_preview_knows_only_what_its_reader_knows(cast: Cast, signed_in: SignIn) -> None:
    with entered(cast.bob):
        me, hidden = make_person("Alice"), make_person("Verborgen", circle_id=only_me())
        henk = make_person("Henk")
        make_moment(me, henk, kind="call")
        make_moment(me, henk, kind="meeting", circle_id=only_me())
        make_moment(me, hidden, kind="meeting")
    with entered(cast.alice) as actor, operation("edit_relation"):
        Relation.objects.filter(id=me.id).update(seat_id=actor.seat_id)

    page = signed_in(cast.alice).post(PAGE, sent(look="1")).text

    assert "Henk" in page and page.count("67 %") == 2 and "Verborgen" not in page


def test_programs_do_the_same(cast: Cast, met: tuple[Relation, Relation], calling: Calling) -> None:
    caller = calling(cast.alice, "all")
    found = caller.get("/network/measure").json()
    assert (found["half_life"], found["weights"]["call"], found["floors"]["family"]) == (180, 2.0, 0.7)
    assert not found["is_own"]

    asked = {"half_life": 360, "floors": {"friend": 0.3}}
    ties = caller.send("POST", "/network/measure/preview", json=asked).json()["ties"]
    told = [(one["name"], round(one["strength"], 2), round(one["would_be"], 2)) for one in ties]
    assert told == [("Ans", 0.6, 0.3), ("Henk", 0.5, 0.59)]
    changed = caller.send("PUT", "/network/measure", json={"half_life": 360, "weights": {"call": 4}})
    assert changed.status_code == 200 and changed.json()["is_own"]
    assert strength(cast, met) == 0.739
    for wrong in ({"weights": {"smoke": 1}}, {"floors": {"family": 2}}, {"half_life": 0}):
        assert caller.send("PUT", "/network/measure", json=wrong).status_code == 422, wrong
    assert caller.send("DELETE", "/network/measure").json()["half_life"] == 180
    assert strength(cast, met) == 0.5


def test_a_crowd_is_no_recent_contact_of_a_pair_from_which_something_was_taken(
    cast: Cast, met: tuple[Relation, Relation]
) -> None:
    me, henk = met
    with entered(cast.alice) as actor:
        called = Moment.objects.get()
        wrong = make_moment(me, henk, kind="call", occurred_at=now() - timedelta(days=2))
        make_moment(me, henk, make_person("Tine"), kind="meeting", occurred_at=now() - timedelta(days=3))
        set_measure(actor=actor, measure=replace(MEASURE, crowd=1))
        lately = Lens((Ground.CONTACT,), Period.QUARTER)

        assert henk.id in ego(me.id, lens=lately).closeness
        with operation("delete_moment"):
            Moment.objects.filter(id=wrong.id).delete()

        assert henk.id not in ego(me.id, lens=lately).closeness
        pair = (str(me.id), str(henk.id))
        [contact] = evidence_of([pair], this_moment())[pair]
        assert contact.last_at == called.occurred_at


@pytest.mark.parametrize("days", [SHORTEST_HALF_LIFE, 10, 3650])
def test_contact_of_one_half_life_ago_counts_half_whatever_the_half_life(cast: Cast, days: int) -> None:
    with entered(cast.alice) as actor:
        set_measure(actor=actor, measure=replace(MEASURE, half_life=timedelta(days=days)))
        one, other = make_person("Ans"), make_person("Bep")
        make_moment(one, other, kind="meeting", occurred_at=now() - timedelta(days=days))

        left = MEASURE.weights["meeting"] / 2
        assert knows(one.id, [other.id])[other.id] == pytest.approx(left / (left + 1), abs=1e-6)
