# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors that say who somebody is."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.cli import match
from plein.cli.speech import CommandTrouble
from plein.core.models import Operation
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_person
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def henk(cast: Cast) -> str:
    """Somebody with an address."""
    with entered(cast.alice):
        person = make_person("Henk Jansen")
        make_contact_point(person, "email", "henk@jansen.nl")
        return str(person.id)


def test_the_api_says_who_somebody_is_and_why(cast: Cast, calling: Calling, henk: str) -> None:
    with entered(cast.alice):
        before = Operation.objects.count()
    profile = {"names": ["H. Jansen"], "emails": ["Henk@Jansen.nl"], "organization": "Jansen BV", "place": "Zwolle"}

    answer = calling(cast.bob).write("POST", "/match", profile)

    [candidate] = answer["candidates"]
    assert (answer["verdict"], candidate["id"], candidate["is_certain"]) == ("automatic", henk, True)
    assert [one["field"] for one in candidate["reasons"]] == ["prior", "email", "name"]
    assert candidate["reasons"][-1]["sum"] == pytest.approx(candidate["bits"], abs=0.02)
    assert sum(one["bits"] for one in candidate["reasons"]) == pytest.approx(candidate["bits"], abs=0.05)
    assert calling(cast.charlie).write("POST", "/match", profile) == {"verdict": "none", "candidates": []}
    with entered(cast.alice):
        assert Operation.objects.count() == before


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    parser = argparse.ArgumentParser()
    match.add_arguments(parser)
    assert match.run(parser.parse_args(words)) == 0
    return capsys.readouterr().out.splitlines()


def test_the_command_says_it_line_by_line(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], henk: str
) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text('{"id": 7, "names": ["H. Jansen"], "emails": ["henk@jansen.nl"]}\n\n{"names": ["Piet Bos"]}\n')

    first, second = map(json.loads, told(capsys, str(file), "--user", cast.alice.email, "--json"))

    assert (first["id"], first["line"], first["verdict"]) == (7, 1, "automatic")
    assert first["candidates"][0]["id"] == henk
    assert second == {"line": 3, "verdict": "none", "candidates": []}
    lines = told(capsys, str(file), "--user", cast.alice.email)
    assert "Henk Jansen  (The same e-mail address, the same surname and initial" in lines[0]
    assert lines[1] == "3  nobody"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nothing", "Line 1 is no JSON object."),
        ('{"names": "Henk"}', "Line 1: names must be a list of texts."),
        ('{"shoe": 44}', "Line 1: shoe is not something people are recognised by."),
        ('{"birth_date": "may"}', "Line 1: birth_date must be a date like 1970-05-12."),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_words(cast: Cast, tmp_path: Path, line: str, sentence: str) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(line)
    parser = argparse.ArgumentParser()
    match.add_arguments(parser)

    with pytest.raises(CommandTrouble, match=sentence):
        match.run(parser.parse_args([str(file), "--user", cast.alice.email]))


def test_the_form_says_whom_a_new_person_may_be_and_why(
    cast: Cast, signed_in: Callable[[User], Client], henk: str
) -> None:
    asked = {"kind": "person", "name": "H. Jansen", "phone": "", "email": "henk@jansen.nl"}

    told = signed_in(cast.bob).get("/relations/similar/", asked, headers={"HX-Request": "true"}).content.decode()
    elsewhere = signed_in(cast.charlie).get("/relations/similar/", asked, headers={"HX-Request": "true"})

    assert henk in told
    assert "This is somebody you have: The same e-mail address, the same surname and initial" in told
    assert henk not in elsewhere.content.decode()
