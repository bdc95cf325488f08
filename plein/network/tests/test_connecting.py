# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who connects groups, and which ties are the only way: two lists of what the night found."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import operation
from plein.network.tests.test_influence import measured, people
from plein.relations.models import Relation, Tie
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling", "people"]
pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]
BETWEEN, ONLY = {"list": "between"}, {"list": "only"}


def body(client: Client, asked: dict[str, str]) -> str:
    page = client.get("/network/lists/", asked)
    assert page.status_code == 200
    return page.text.partition("<tbody>")[2].partition("</tbody>")[0]


def test_who_connects_groups_is_listed_with_what_they_connect(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn, calling: Calling
) -> None:
    measured(cast)
    listed = body(signed_in(cast.bob), BETWEEN)

    assert "Connects people at Installatie bv with people at Zorg bv" in listed
    assert "Ans0" in listed and "Ans1" not in listed and "Spar" not in listed
    told = calling(cast.bob).read("/network/lists/between")
    assert told["count"] == 1 and told["rows"][0]["joins"][0]["words"] == "people at Zorg bv"
    number = told["rows"][0]["joins"][0]["number"]
    assert "Ans0" in body(signed_in(cast.bob), {**BETWEEN, "group": str(number)})
    assert calling(cast.bob).read("/network/lists/between?group=999")["rows"] == []


def test_the_list_of_people_asks_it_too(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn, calling: Calling
) -> None:
    bob = signed_in(cast.bob)
    assert "Ans0" not in bob.get("/people/", {"f": "connects:yes"}).text
    measured(cast)

    assert "connects%3Ayes" in bob.get("/network/lists/", BETWEEN).text
    page = bob.get("/people/", {"f": "connects:yes", "columns": "connects"}).text.partition("<tbody>")[2]
    assert "Ans0" in page and "Ans1" not in page
    others = bob.get("/people/", {"f": "connects:no"}).text.partition("<tbody>")[2]
    assert "Ans1" in others and "Ans0" not in others
    with entered(cast.alice), operation("change_person"):
        Relation.objects.filter(id=people["Ans0"].id).update(do_not_contact=True)
    assert "Ans0" not in bob.get("/people/", {"f": "connects:yes"}).text.partition("<tbody>")[2]


def test_ties_that_are_the_only_way_are_listed_as_long_as_they_hold(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn, calling: Calling
) -> None:
    measured(cast)
    bob = signed_in(cast.bob)
    [row] = calling(cast.bob).read("/network/lists/only")["rows"]

    assert (row["near"]["name"], row["far"]["name"], row["beyond"]) == ("Bep4", "Tom", 1)
    listed = body(bob, ONLY)
    assert "Bep4" in listed and "Tom" in listed and "1 person" in listed
    with entered(cast.alice), operation("change_tie"):
        Tie.objects.filter(one=people["Bep4"], other=people["Tom"]).update(own_circle_id=only_me())
    assert body(bob, ONLY) == ""
    assert calling(cast.bob).read("/network/lists/only")["count"] == 0


@pytest.mark.parametrize("change", [{"do_not_contact": True}, {"circle_id": 0}])
def test_who_may_be_asked_no_more_or_is_hidden_stands_in_neither(
    change: dict[str, object], cast: Cast, people: dict[str, Relation], signed_in: SignIn
) -> None:
    measured(cast)
    with entered(cast.alice), operation("change_person"):
        change = {name: only_me() if name == "circle_id" else value for name, value in change.items()}
        Relation.objects.filter(id__in=[people["Ans0"].id, people["Tom"].id]).update(**change)

    for asked in (BETWEEN, ONLY):
        page = signed_in(cast.bob).get("/network/lists/", asked).text
        assert "Ans0" not in page and "Tom" not in page


def test_a_tie_that_ended_is_the_only_way_to_nobody(cast: Cast, people: dict[str, Relation], signed_in: SignIn) -> None:
    measured(cast)
    with entered(cast.alice), operation("change_tie"):
        Tie.objects.filter(one=people["Bep4"], other=people["Tom"]).update(ends_on=date(2020, 1, 1))

    assert "No tie is the only way" in signed_in(cast.bob).get("/network/lists/", ONLY).text


def test_without_a_night_a_wrong_group_and_for_strangers(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn
) -> None:
    for asked in (BETWEEN, ONLY):
        assert "it has not yet" in signed_in(cast.bob).get("/network/lists/", asked).text
    measured(cast)
    with entered(cast.alice):
        before = Operation.objects.count()
    for asked in (BETWEEN, ONLY):
        assert "Ans0" not in signed_in(cast.charlie).get("/network/lists/", asked).text
        assert signed_in(cast.bob).get("/network/lists/", {**asked, "group": "999"}).status_code == 404
        assert signed_in(cast.bob).get("/network/lists/", {**asked, "group": "x"}).status_code == 422
        body(signed_in(cast.bob), {**asked, "group": "0"})
    with entered(cast.alice):
        assert Operation.objects.count() == before


@pytest.mark.parametrize("name", ["between", "only"])
def test_statements(name: str, cast: Cast, people: dict[str, Relation], signed_in: SignIn) -> None:
    measured(cast)
    client = signed_in(cast.bob)
    client.get("/network/lists/", {"list": name})

    with within_budget(__file__, name):
        assert client.get("/network/lists/", {"list": name, "group": "0"}).status_code == 200
