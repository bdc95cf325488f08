# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network`: bringing ties in, asking, comparing."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from plein.cli import network
from plein.cli.speech import CommandTrouble
from plein.core.operations import operation, undo
from plein.network.models import Half
from plein.relations.models import Membership, Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
LIST = """from,from_kind,to,to_kind,type,since,until,weight,circle,may_be_asked
Alice,person,Henk,person,email,2026-01-01,2026-09-01,12,,
Henk,,Rik,,friend,2020-01-01,,,,
Rik,,Firm,,member_of,2019-01-01,,,,
Alice,,Ans,,knows,,,,,no
Ans,,Rik,,knows,,,,me,
Henk,,Rik,,bewonders,,,,,
"""


def carry_out(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    parser = argparse.ArgumentParser()
    network.add_arguments(parser)
    code = network.run(parser.parse_args([*words, "--json"]))
    return code, json.loads(capsys.readouterr().out)


def named(told: tuple[int, Any]) -> set[str]:
    """The names that a list has."""
    return {one["name"] for one in told[1].get("people") or told[1]["rows"]}


def test_a_list_of_ties_comes_in_is_asked_and_turned_back(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, me = tmp_path / "ties.csv", ("--user", cast.alice.email)
    file.write_text(LIST)
    with entered(cast.alice) as actor, operation("keep_colleague"):
        make_person("Alice", seat_id=actor.seat_id, is_ours=True)

    _code, loaded = carry_out(capsys, "load", str(file), *me)
    figures = {name: loaded[name] for name in ("relations", "ties", "memberships", "moments", "decisions", "bad")}
    assert figures == {"relations": 4, "ties": 3, "memberships": 1, "moments": 12, "decisions": 1, "bad": 1}

    _code, found = carry_out(capsys, "introductions", "Firm", *me)
    assert [[one["name"] for one in path["people"]] for path in found["paths"]] == [["Alice", "Henk", "Rik"]]
    assert found["paths"][0]["steps"][0]["evidence"][0].startswith("12 mails, 12 from Alice, last ")
    assert carry_out(capsys, "degrees", "Rik", *me)[1]["degrees"] == [2, 1, 0]
    assert named(carry_out(capsys, "mutual", "Alice", "Rik", *me)) == {"Ans", "Henk"}
    both = carry_out(capsys, "mutual", "Henk", "Ans", *me)[1]["people"]
    assert {one["name"]: one["to_one"] for one in both}["Rik"] == 0.6
    assert named(carry_out(capsys, "lists", "unmet", *me)) == {"Rik"}
    assert named(carry_out(capsys, "lists", "alone", "--of", "Alice", *me)) == {"Henk", "Ans"}
    assert carry_out(capsys, "lists", "silent", *me)[1] | {"seconds": 0} == {"count": 0, "rows": [], "seconds": 0}
    assert carry_out(capsys, "lists", "best", "--organization", "Firm", *me)[1]["rows"] == []
    for each in ("between", "only"):
        assert carry_out(capsys, "lists", each, *me)[1]["rows"] == []
    assert carry_out(capsys, "check", *me)[0] == 0
    carry_out(capsys, "batch", *me)
    assert carry_out(capsys, "check", *me)[1]["ties"] == 0

    with entered(cast.alice):
        undo(loaded["operation"])
        assert (Half.objects.count(), Relation.objects.count()) == (0, 1)


def test_what_cannot_be_is_said(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ties.csv"
    file.write_text("who,whom\na,b\n")
    for words, sentence in (
        (("load", str(file), "--user", cast.alice.email), "These columns are missing: from, to, type."),
        (("load", str(tmp_path / "no.csv"), "--user", cast.alice.email), "There is nothing to read"),
        (("lists", "best", "--user", cast.alice.email), "Say of which organization"),
        (("degrees", "Nobody", "--user", cast.alice.email), "There is nobody called Nobody."),
        (("batch", "--user", cast.bob.email), f"{cast.bob.email} may not do this."),
    ):
        with pytest.raises(CommandTrouble, match=sentence):
            carry_out(capsys, *words)


@pytest.mark.parametrize(
    ("jobs", "ended", "waiting"), [("add", None, 0), ("change", date(2025, 12, 31), 0), ("ask", None, 1)]
)
def test_of_who_works_elsewhere_a_list_does_as_it_is_told(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], jobs: str, ended: date | None, waiting: int
) -> None:
    file, me = tmp_path / "ties.csv", ("--user", cast.alice.email)
    file.write_text("from,to,type,since\nRik,Firm,member_of,2019-01-01\n")
    carry_out(capsys, "load", str(file), *me)
    file.write_text("from,to,type,since\nRik,Isala,member_of,2026-01-01\nRik,Firm,member_of,2019-01-01\n")

    _code, told = carry_out(capsys, "load", str(file), *me, "--jobs", jobs)
    with entered(cast.alice):
        assert told["waiting"] == waiting and told["asked"] == ["Rik: Isala"] * waiting
        assert Membership.objects.filter(organization__name="Isala").count() == 1 - waiting
        assert {one.ends_on for one in Membership.objects.filter(organization__name="Firm")} >= {ended}
        undo(UUID(str(told["operation"])))
        assert Membership.objects.get().ends_on is None
