# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture of the whole network: everybody on islands, with the ties the reader sees, and the same as tables."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import operation
from plein.network.tests.test_influence import befriend, measured, people
from plein.relations.models import Relation, Tie
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.testing.figures import Judge
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling", "people"]
pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]
WHOLE = "/network/whole/"


def picture(client: Client, **asked: str) -> str:
    page = client.get(WHOLE, asked)
    assert page.status_code == 200
    return page.text.partition('class="graph-scroll"')[2].partition("</svg>")[0]


def shown(svg: str) -> Iterator[tuple[str, str, str]]:
    """Who is drawn where."""
    for part in svg.split('<a class="sign')[1:]:
        [id] = re.findall(r"/network/around/([0-9a-f-]{36})/", part)[:1]
        [(x, y)] = re.findall(r'cx="(-?\d+)" cy="(-?\d+)"', part)
        yield id, x, y


def test_everybody_stands_on_an_island_and_leads_on(cast: Cast, people: dict[str, Relation], signed_in: SignIn) -> None:
    measured(cast)
    svg = picture(signed_in(cast.bob))

    assert {id for id, _x, _y in shown(svg)} == {str(one.id) for name, one in people.items() if name != "Spar"}
    assert "People at Installatie bv" in svg and 'href="?group=0"' in svg and 'class="ribbon"' in svg
    assert "Spar" not in svg and svg.count(" joins") == 1
    alone = picture(signed_in(cast.bob), group="0")
    assert len(list(shown(alone))) in (5, 6) and 'class="beyond' in alone


def test_what_only_some_see_moves_nobody_and_draws_for_nobody_else(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn, calling: Calling
) -> None:
    measured(cast)
    before, told = picture(signed_in(cast.bob)), calling(cast.bob).read("/network/whole")
    mine = {id: (x, y) for id, x, y in shown(picture(signed_in(cast.alice)))}
    with entered(cast.alice):
        more = [make_person(f"Dirk{number}", circle_id=only_me()) for number in range(6)]
        befriend(*combinations([*more, people["Ans0"]], 2))
        with operation("add_tie"):
            Tie.objects.create(one=people["Ans1"], other=people["Bep3"], kind="friend", own_circle_id=only_me())
    measured(cast)

    assert picture(signed_in(cast.bob)) == before
    after = calling(cast.bob).read("/network/whole")
    assert {**after, "at": ""} == {**told, "at": ""}
    assert {id: (x, y) for id, x, y in shown(picture(signed_in(cast.alice)))} == mine
    assert len(calling(cast.alice).read("/network/whole")["ties"]) == len(told["ties"]) + 1


def test_choosing_ties_moves_nobody_and_turns_grey_who_has_none(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn
) -> None:
    measured(cast)
    bob = signed_in(cast.bob)
    everything, friends, family = (picture(bob, tie=tie) for tie in ("", "friend", "family"))

    assert list(shown(everything)) == list(shown(friends)) == list(shown(family))
    assert " faint" not in everything and " faint" not in friends and family.count(" faint") == 11
    assert list(shown(picture(bob, period="ever"))) == list(shown(everything))


def test_who_may_be_asked_no_more_or_is_hidden_is_gone_and_the_others_stay(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn
) -> None:
    measured(cast)
    before = set(shown(picture(signed_in(cast.bob))))
    with entered(cast.alice), operation("change_person"):
        Relation.objects.filter(id=people["Ans0"].id).update(do_not_contact=True)
        Relation.objects.filter(id=people["Bep2"].id).update(circle_id=only_me())
    after = set(shown(picture(signed_in(cast.bob))))

    assert after < before
    assert {id for id, _x, _y in before - after} == {str(people["Ans0"].id), str(people["Bep2"].id)}


def test_the_tables_say_the_same(cast: Cast, people: dict[str, Relation], signed_in: SignIn, calling: Calling) -> None:
    measured(cast)
    bob = signed_in(cast.bob)
    groups, everybody = (bob.get(WHOLE, {"view": view}).text for view in ("groups", "people"))

    assert "People at Zorg bv" in groups and "2 ties" in groups and "Ans0" in groups
    body = everybody.partition("<tbody>")[2]
    assert all(name in body for name in people if name != "Spar") and "Spar" not in body
    told = calling(cast.bob).read("/network/whole?limit=4000")
    assert (len(told["people"]), len(told["ties"]), told["people_counted"]) == (11, 23, 11)
    some = calling(cast.bob).read("/network/whole?limit=3&tie=friend")
    assert some["count"] == 11 and len(some["people"]) == 3
    assert all(max(tie["one"], tie["other"]) < 3 for tie in some["ties"])
    one = calling(cast.bob).read(f"/network/whole?group={told['groups'][0]['number']}")
    assert len(one["people"]) == told["groups"][0]["size"]


def test_without_a_night_strangers_and_what_is_no_choice(
    cast: Cast, people: dict[str, Relation], signed_in: SignIn, calling: Calling
) -> None:
    del people
    bob = signed_in(cast.bob)
    assert "it has not yet" in bob.get(WHOLE).text
    measured(cast)
    with entered(cast.alice):
        before = Operation.objects.count()
    assert bob.get(WHOLE, {"group": "99"}).status_code == 404
    assert calling(cast.bob).send("GET", "/network/whole?group=99").status_code == 404
    for wrong in ({"tie": "business"}, {"period": "x"}, {"group": "x"}, {"page": "0"}):
        answer = bob.get(WHOLE, wrong)
        assert answer.status_code == 422 and "That is no choice here" in answer.text
    assert "Ans" not in signed_in(cast.charlie).get(WHOLE).text
    assert calling(cast.charlie).read("/network/whole")["people"] == []
    assert bob.post(WHOLE).status_code == 405
    with entered(cast.alice):
        assert Operation.objects.count() == before


def test_a_card_says_how_somebody_stands(cast: Cast, people: dict[str, Relation], signed_in: SignIn) -> None:
    measured(cast)
    card = signed_in(cast.bob).get(f"/network/standing/{people['Ans0'].id}/?card=1", headers={"HX-Request": "true"})

    assert "Connects people at Installatie bv" in card.text and "<header" not in card.text
    assert signed_in(cast.bob).get(f"/network/standing/{people['Spar'].id}/?card=1").status_code == 404


def test_thousands_of_people_are_a_page_of_bounded_size(cast: Cast, signed_in: SignIn, judge: Judge) -> None:
    with entered(cast.alice), operation("create_person"):
        many = Relation.objects.bulk_create(
            Relation(kind="person", name=f"Bewoner {n}", sort_name=f"bewoner {n:04}") for n in range(1200)
        )
        near = [(n, n // 40 * 40 + (n * 7 + step) % 40) for n in range(1200) for step in (1, 3, 11)]
        far = [(n, (n * 37 + 5) % 1200) for n in range(0, 1200, 9)]
        pairs = {(min(a, b), max(a, b)) for a, b in near + far if a != b}
        ties = [Tie(one=many[one], other=many[other], kind="friend") for one, other in pairs]
        Tie.objects.bulk_create(ties)
    measured(cast)
    page = signed_in(cast.bob).get(WHOLE).content
    points = page.count(b"h0")

    judge("the whole network: kilobytes of a page of 1,200 people", goal="<= 400", measured=len(page) // 1000,
          is_good=len(page) <= 400_000)  # fmt: skip
    assert len(page) <= 400_000
    assert points + page.count(b'<a class="sign') == 1200


@pytest.mark.parametrize("name", ["whole", "whole_group", "whole_groups", "whole_people"])
def test_statements(name: str, cast: Cast, people: dict[str, Relation], signed_in: SignIn) -> None:
    del people
    measured(cast)
    asked = {"whole_group": {"group": "0", "period": "90d"}, "whole_groups": {"view": "groups"},
             "whole_people": {"view": "people"}}.get(name, {})  # fmt: skip
    client = signed_in(cast.bob)
    client.get(WHOLE, asked)

    with within_budget(__file__, name):
        assert client.get(WHOLE, asked).status_code == 200
