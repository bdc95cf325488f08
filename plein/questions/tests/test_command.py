# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network shout`: a question is asked of the square at the command line as by a program."""

import pytest

from plein.cli.speech import CommandTrouble
from plein.core.operations import undo
from plein.network.tests.test_command import carry_out
from plein.questions.models import Question
from plein.questions.tests.conftest import PUMPS, Square
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
type Capsys = pytest.CaptureFixture[str]


def test_the_square_is_asked_and_the_question_turned_back(square: Square, capsys: Capsys) -> None:
    me = ("--user", square.users["alice"].email)
    square.wrote("bob", "De warmtepompen van Nefit zijn stil, zei de installateur.")
    _code, told = carry_out(capsys, "shout", PUMPS, *me)

    assert told["text"] == PUMPS and "Bob" in {one["name"] for one in told["asked"]} and len(told["asked"]) <= 5
    with entered(square.users["alice"]):
        asked = Question.objects.get(id=told["id"])
    assert square.turn("bob", asked) is not None

    named = carry_out(capsys, "shout", "Wie kent Zwolle?", *me, "--ask", square.people["jet"].name)[1]
    assert [one["id"] for one in named["asked"]] == [str(square.people["jet"].id)]
    with entered(square.users["alice"]):
        undo(named["operation"])
        assert not Question.objects.filter(id=named["id"]).exists()


def test_what_cannot_be_asked_is_said(square: Square, gina: User, capsys: Capsys) -> None:
    alice = square.users["alice"]
    for user, words, said in (
        (alice, (" ",), "Write what"),
        (alice, (PUMPS, "--circle", "team:none"), "circle"),
        (alice, (PUMPS, "--ask", "Nobody Here"), "nobody called"),
        (gina, (PUMPS,), "may not do this"),
    ):
        with pytest.raises(CommandTrouble, match=said):
            carry_out(capsys, "shout", words[0], "--user", user.email, *words[1:])
    with entered(alice):
        assert not Question.objects.exists()
