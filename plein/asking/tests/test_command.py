# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network ask`: an introduction is asked for at the command line as by a program."""

import pytest

from plein.asking.models import IntroductionRequest
from plein.asking.tests.conftest import People, turn_of
from plein.cli.speech import CommandTrouble
from plein.network.tests.test_command import carry_out
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
type Capsys = pytest.CaptureFixture[str]


def test_one_asks_along_the_best_way_or_one_that_is_named(
    alice: User, bob: User, people: People, capsys: Capsys
) -> None:
    me = ("--user", alice.email)
    _code, told = carry_out(capsys, "ask", "Rik Jansen", "--purpose", "Warmte", *me)

    assert told["stands"] == "It is with Bob." and [one["name"] for one in told["people"]] == ["Bob"]
    assert told["target"]["name"] == "Rik Jansen" and told["operation"] is None
    assert "Warmte" in turn_of(bob).text

    way = (str(people.bob.id), "Rik Jansen", "Ans Bos")
    named = carry_out(capsys, "ask", "Ans Bos", *me, "--text", "Mag ik?", "--way", *way)[1]
    assert [one["name"] for one in named["people"]] == ["Bob", "Rik Jansen"] and turn_of(bob).text == "Mag ik?"
    with entered(alice):
        assert IntroductionRequest.objects.count() == 2


def test_what_cannot_be_asked_is_said(
    alice: User, bob: User, gina: User, charlie: User, people: People, capsys: Capsys
) -> None:
    for user, words, said in (
        (alice, ("Henk Vos",), "yourself"),
        (alice, ("Rik Jansen", "--way", "Alice", "Rik Jansen"), "no such way"),
        (alice, ("Rik Jansen", "--purpose", "x" * 501), "500"),
        (gina, ("Rik Jansen",), "may not do this"),
        (charlie, ("Rik Jansen",), "nobody called"),
    ):
        with pytest.raises(CommandTrouble, match=said):
            carry_out(capsys, "ask", *words[:1], "--user", user.email, *words[1:])
    with entered(alice):
        assert not IntroductionRequest.objects.exists()
