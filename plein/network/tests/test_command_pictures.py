# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network ego`, `whole`, `standing` and the lists of a group say what a program reads."""

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.cli.speech import CommandTrouble
from plein.network.tests.test_command import carry_out
from plein.network.tests.test_influence import measured, people
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.trust.seats import entered

__all__ = ["calling", "people"]
pytestmark = pytest.mark.django_db
type Capsys = pytest.CaptureFixture[str]


def test_who_is_around_somebody(cast: Cast, people: dict[str, Relation], calling: Calling, capsys: Capsys) -> None:
    caller, me = calling(cast.bob), ("--user", cast.bob.email)

    _code, told = carry_out(capsys, "ego", "Ans0", *me)
    read = caller.read(f"/network/ego/{people['Ans0'].id}")
    assert told["people"] == read["people"] and told["ties"] == read["ties"]
    assert "Spar" not in {one["name"] for one in told["people"]} and len(told["people"]) > 8
    few = carry_out(capsys, "ego", str(people["Ans0"].id), "--limit", "3", "--tie", "friend", *me)[1]
    assert few["people"] == caller.read(f"/network/ego/{people['Ans0'].id}?limit=3&tie=friend")["people"]
    assert carry_out(capsys, "ego", "Ans0", "--tie", "family", *me)[1]["ties"] == []
    with pytest.raises(CommandTrouble, match="nobody called Spar"):
        carry_out(capsys, "ego", "Spar", *me)


def test_everybody_and_the_lists_of_one_group(
    cast: Cast, people: dict[str, Relation], calling: Calling, capsys: Capsys
) -> None:
    caller, me = calling(cast.bob), ("--user", cast.bob.email)
    empty = carry_out(capsys, "whole", *me)[1]
    assert (empty["at"], empty["people"]) == (None, [])
    measured(cast)

    _code, told = carry_out(capsys, "whole", *me)
    read = caller.read("/network/whole")
    assert {name: told[name] for name in ("groups", "people", "ties", "count")} == {
        name: read[name] for name in ("groups", "people", "ties", "count")
    }
    assert len(told["groups"]) == 2 and len(told["people"]) >= 10
    number = told["groups"][0]["number"]
    one = carry_out(capsys, "whole", "--group", str(number), "--limit", "4", *me)[1]
    assert one["people"] == caller.read(f"/network/whole?group={number}&limit=4")["people"] and len(one["people"]) == 4
    with pytest.raises(CommandTrouble, match="no group 999"):
        carry_out(capsys, "whole", "--group", "999", *me)

    for which in ("between", "only"):
        for group in (group["number"] for group in told["groups"]):
            named = carry_out(capsys, "lists", which, "--group", str(group), *me)[1]
            assert named["count"] == caller.read(f"/network/lists/{which}?group={group}")["count"]
    # Tom hangs on one of the second group alone.
    counts = [
        carry_out(capsys, "lists", "only", "--group", str(one["number"]), *me)[1]["count"] for one in told["groups"]
    ]
    assert sorted(counts) == [0, 1]


def test_how_somebody_stands(cast: Cast, people: dict[str, Relation], calling: Calling, capsys: Capsys) -> None:
    me = ("--user", cast.bob.email)
    assert carry_out(capsys, "standing", "Ans0", *me)[1]["people"] == []
    measured(cast)

    [told] = carry_out(capsys, "standing", "Ans0", *me)[1]["people"]
    [read] = calling(cast.bob).read(f"/network/influence?of={people['Ans0'].id}")["people"]
    assert told["sentences"] == read["sentences"] != []
    assert (told["place"], told["betweenness"]) == (read["place"], read["betweenness"])
    there = carry_out(capsys, "standing", "Zorg bv", *me)[1]["people"]
    assert {one["name"] for one in there} == {"Bep0", "Bep1", "Bep2", "Bep3"}
    with entered(cast.bob):
        assert Relation.objects.count() == len(people) + 1
