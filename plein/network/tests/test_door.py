# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the network."""

import pytest
from django.utils import translation

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.network.kinds import TIES
from plein.network.queries import Question, introductions
from plein.network.wording import told
from plein.relations.models import Relation, Tie
from plein.testing.cast import Cast
from plein.testing.factories import make_membership, make_moment, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(cast: Cast) -> dict[str, str]:
    """Alice met Henk, who knows Rik of the firm; and Spar, of whom only Alice knows."""
    with entered(cast.alice) as actor:
        people = {name: make_person(name) for name in ("Alice", "Henk", "Rik")}
        people["Spar"] = make_person("Spar", circle_id=only_me())
        with operation("keep_colleague"):
            Relation.objects.filter(id=people["Alice"].id).update(seat_id=actor.seat_id)
        make_moment(people["Alice"], people["Henk"], kind="meeting")
        with operation("add_tie"):
            Tie.objects.create(one=people["Henk"], other=people["Rik"], kind="friend")
            Tie.objects.create(one=people["Spar"], other=people["Rik"], kind="friend")
            Tie.objects.create(one=people["Alice"], other=people["Spar"], kind="knows")
        people["Firm"] = make_organization("Firm")
        make_membership(people["Rik"], people["Firm"])
        return {name: str(one.id) for name, one in people.items()}


def test_a_way_is_told_with_what_each_tie_rests_on(cast: Cast, calling: Calling, ids: dict[str, str]) -> None:
    answer = calling(cast.alice).read(f"/network/introductions?to={ids['Firm']}&limit=2")

    assert [[one["name"] for one in path["people"]] for path in answer["paths"]] == [
        ["Alice", "Henk", "Rik"],
        ["Alice", "Spar", "Rik"],
    ]
    [first, second] = answer["paths"][0]["steps"]
    assert first["evidence"][0]["sentence"] == "1 time together, last 0 days ago, both ways 100 %"
    assert second["evidence"][0]["sentence"] == "Henk: friend of Rik"
    assert answer["not_used"] == 0


def test_what_a_colleague_does_not_see_is_not_there(cast: Cast, calling: Calling, ids: dict[str, str]) -> None:
    bob = calling(cast.bob)

    assert [one["count"] for one in bob.read(f"/network/degrees?of={ids['Rik']}")["degrees"]] == [1, 1, 0]
    both = bob.read(f"/network/mutual?a={ids['Alice']}&b={ids['Rik']}")
    assert both == {"people": [{"id": ids["Henk"], "kind": "person", "name": "Henk"}]}
    around = bob.read(f"/network/ego/{ids['Rik']}")
    assert [one["name"] for one in around["people"]] == ["Rik", "Henk", "Firm", "Alice"]
    assert len(around["ties"]) == 3
    for path in (f"degrees?of={ids['Spar']}", f"ego/{ids['Spar']}", f"introductions?to={ids['Spar']}"):
        assert bob.send("GET", f"/network/{path}").status_code == 404
    assert bob.send("GET", f"/network/introductions?to={ids['Rik']}&from={new_id()}").status_code == 404
    assert bob.send("GET", f"/network/introductions?to={ids['Rik']}&from=everybody").status_code == 422


def test_around_somebody_one_chooses_among_the_kinds_of_tie_there_are(
    cast: Cast, calling: Calling, ids: dict[str, str]
) -> None:
    caller, here = calling(cast.alice), f"/network/ego/{ids['Henk']}"
    with entered(cast.alice), operation("add_tie"):
        for kind, other in (("connected", "Spar"), ("follows", "Alice")):
            one, of = (Relation.objects.get(id=ids[name]) for name in ("Henk", other))
            Tie.objects.create(one=one, other=of, kind=kind)

    for kind, name in (("connected", "Spar"), ("follows", "Alice"), ("friend", "Rik")):
        read = caller.read(f"{here}?tie={kind}")
        assert name in {one["name"] for one in read["people"]}
        assert {ground for tie in read["ties"] for ground in tie["grounds"]} == {kind}
    for kind in TIES:
        assert caller.get(f"{here}?tie={kind}").status_code == 200
    assert caller.get(f"{here}?tie=").status_code == 200
    assert caller.get(f"{here}?tie=enemies").status_code == 422


def test_a_sentence_is_in_the_language_of_who_reads(cast: Cast, ids: dict[str, str]) -> None:
    with entered(cast.alice) as actor, translation.override("en"):
        found = introductions(Question(Relation.objects.get(id=ids["Rik"])), seat_id=actor.seat_id)

        assert told(found.paths[0].steps[1], now()) == ["Henk: friend of Rik"]
