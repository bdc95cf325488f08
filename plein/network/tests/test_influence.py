# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people stand in the network: made each night, of what everyone here sees, and told in sentences."""

from collections.abc import Callable
from itertools import combinations

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.operations import operation
from plein.network.actions import measure_influence
from plein.network.models import Census, Group, Influence
from plein.network.tasks import measure_each_night
from plein.relations.models import Relation, Tie
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_membership, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def befriend(*pairs: tuple[Relation, Relation]) -> None:
    with operation("add_tie"):
        Tie.objects.bulk_create([Tie(one=one, other=other, kind="friend") for one, other in pairs])


@pytest.fixture
def people(cast: Cast) -> dict[str, Relation]:
    """Two firms of five who all know each other; Ans of the one knows two of the other, and Rik alone knows Tom."""
    with entered(cast.alice):
        left, right = ([make_person(f"{side}{number}", place=place) for number in range(5)]
                       for side, place in (("Ans", "Zwolle"), ("Bep", "Deventer")))  # fmt: skip
        for them, name in ((left, "Installatie bv"), (right, "Zorg bv")):
            firm = make_organization(name)
            for one in them[:4]:
                make_membership(one, firm)
            befriend(*combinations(them, 2))
        tom, hidden = make_person("Tom"), make_person("Spar", circle_id=only_me())
        befriend((left[0], right[0]), (left[0], right[1]), (right[4], tom))
        befriend(*((hidden, one) for one in (*left, *right, tom)))
        return {one.name: one for one in (*left, *right, tom, hidden)}


def measured(cast: Cast) -> list[tuple[object, ...]]:
    with entered(cast.alice) as actor:
        measure_influence(actor=actor)
        rows = Influence.objects.order_by("person_id").values_list()
        return [row[3:] for row in rows] + list(Group.objects.order_by("number").values_list("number", "size", "place"))


def test_sentences_say_what_somebody_connects(cast: Cast, calling: Calling, people: dict[str, Relation]) -> None:
    measured(cast)

    answer = calling(cast.bob).read("/network/influence?limit=200")

    assert (answer["people_counted"], answer["ties_counted"]) == (11, 23)
    told = {one["name"]: one for one in answer["people"]}
    assert "Spar" not in told
    assert told["Ans0"]["group"]["words"] == "people at Installatie bv"
    assert told["Ans0"]["sentences"][0] == "Connects people at Installatie bv with people at Zorg bv"
    assert told["Bep4"]["only_way_to"] == 1
    assert "The only way to 1 person" in told["Bep4"]["sentences"]
    assert {one["core"] for name, one in told.items() if name != "Tom"} == {4}
    one = calling(cast.bob).read(f"/network/influence?of={people['Ans0'].id}")
    assert [each["name"] for each in one["people"]] == ["Ans0"]
    assert calling(cast.bob).send("GET", f"/network/influence?of={people['Spar'].id}").status_code == 404
    assert calling(cast.charlie).read("/network/influence") == {
        "at": None, "people_counted": 0, "ties_counted": 0, "people": [],
    }  # fmt: skip


def test_what_not_everyone_sees_changes_no_figure(cast: Cast, people: dict[str, Relation]) -> None:
    before = measured(cast)

    with entered(cast.alice):
        more = [make_person(f"Dirk{number}", circle_id=only_me()) for number in range(6)]
        befriend(*combinations([*more, people["Spar"], people["Ans0"]], 2))
        make_membership(more[0], make_organization("Geheim bv", circle_id=only_me()))
        with operation("add_tie"):
            Tie.objects.create(one=people["Ans1"], other=people["Bep3"], kind="friend", own_circle_id=only_me())

    assert measured(cast) == before


def test_who_asks_not_to_be_asked_is_in_it_no_more_at_once(
    cast: Cast, calling: Calling, people: dict[str, Relation]
) -> None:
    measured(cast)
    with entered(cast.alice), operation("keep_colleague"):
        Relation.objects.filter(id=people["Ans0"].id).update(do_not_contact=True)

    names = {one["name"] for one in calling(cast.bob).read("/network/influence")["people"]}
    assert "Ans0" not in names
    assert len(measured(cast)) == 10 + 2
    with entered(cast.alice):
        assert not Influence.objects.filter(person=people["Ans0"]).exists()


def test_it_follows_somebody_into_another_circle_and_away(cast: Cast, people: dict[str, Relation]) -> None:
    measured(cast)

    with entered(cast.alice), operation("move_circle"):
        Relation.objects.filter(id=people["Ans1"].id).update(circle_id=only_me())
        Relation.objects.filter(id=people["Ans2"].id).delete()

    with entered(cast.bob):
        assert Influence.objects.count() == 9
    with entered(cast.alice):
        assert Influence.objects.count() == 10


def test_the_part_of_somebodys_page(cast: Cast, signed_in: SignIn, people: dict[str, Relation]) -> None:
    bob, address = signed_in(cast.bob), f"/network/standing/{people['Ans0'].id}/"
    assert "it has not yet" in bob.get(address, headers=HTMX).content.decode()
    measured(cast)

    with within_budget(__file__, "standing"):
        words = bob.get(address).content.decode()

    assert "Connects people at Installatie bv with people at Zorg bv" in words
    assert "11 people and 23 ties" in words
    part = bob.get(address, headers=HTMX).content.decode()
    assert "Connects" in part
    assert "<header" not in part
    assert "Nothing that stands out" in bob.get(f"/network/standing/{people['Tom'].id}/").content.decode()
    assert bob.get(f"/network/standing/{people['Spar'].id}/").status_code == 404
    assert signed_in(cast.charlie).get(address).status_code == 404


def test_the_part_of_an_organizations_page(
    cast: Cast, signed_in: SignIn, calling: Calling, people: dict[str, Relation]
) -> None:
    measured(cast)
    with entered(cast.alice):
        firm, empty = Relation.objects.get(name="Installatie bv"), make_organization("Leeg bv")
        secret = make_organization("Geheim bv", circle_id=only_me())
        make_membership(people["Spar"], firm)
    bob, address = signed_in(cast.bob), f"/network/standing/{firm.id}/"

    with within_budget(__file__, "standing_firm"):
        words = bob.get(address, headers=HTMX).content.decode()

    assert "Best known:" in words and "Ans0" in words and "Spar" not in words and "<header" not in words
    assert "Connects people at Installatie bv with people at Zorg bv" in words
    assert address in bob.get(f"/relations/{firm.id}/").content.decode()
    assert "Nothing that stands out" in bob.get(f"/network/standing/{empty.id}/").content.decode()
    told = calling(cast.bob).read(f"/network/influence?of={firm.id}")["people"]
    assert {one["name"] for one in told} == {"Ans0", "Ans1", "Ans2", "Ans3"}
    assert bob.get(f"/network/standing/{secret.id}/").status_code == 404
    assert signed_in(cast.charlie).get(address).status_code == 404


def test_a_group_that_shares_nothing_is_called_by_who_is_best_known_in_it(
    cast: Cast, signed_in: SignIn, calling: Calling
) -> None:
    with entered(cast.alice):
        left, right = ([make_person(f"{side}{number}") for number in range(5)] for side in ("Ans", "Bep"))
        for them in (left, right):
            befriend(*combinations(them, 2))
        befriend((left[0], right[0]), (left[0], right[1]))
    measured(cast)

    [told] = [one for one in calling(cast.bob).read("/network/influence")["people"] if one["name"] == "Ans0"]
    assert told["group"]["words"] == "people around Ans0"
    other = told["joins"][0]["words"]
    assert other.startswith("people around Bep") and told["sentences"][0] == f"Connects their own circle with {other}"
    best = other.removeprefix("people around ")
    with entered(cast.alice), operation("keep_colleague"):
        Relation.objects.filter(name=best).update(do_not_contact=True)
    assert best not in signed_in(cast.bob).get(f"/network/standing/{left[0].id}/").content.decode()


def test_the_night_measures_every_workspace(cast: Cast, people: dict[str, Relation]) -> None:
    del people
    measure_each_night(timestamp=0)

    with entered(cast.alice):
        assert Census.objects.get().people == 11
    with entered(cast.charlie):
        assert Census.objects.get().people == 0


def test_an_empty_network_and_one_person_have_figures_too(cast: Cast) -> None:
    assert measured(cast) == []
    with entered(cast.alice):
        make_person("Alleen")
    assert measured(cast) == []
    with entered(cast.alice):
        assert Census.objects.get().people == 0
