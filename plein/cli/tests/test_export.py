# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein export`: a list or a saved view as a file, with the eyes of a user."""

import json
import os
from pathlib import Path

import pytest

from plein.cli.main import main
from plein.lists.actions import save_view
from plein.lists.kinds import kind_of
from plein.lists.query import ViewQuery
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_person
from plein.trust.circles import only_me
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def company(test_database: TestDatabase, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people for everybody, one for Alice alone, and a view of hers."""
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    with entered(cast.alice) as actor:
        make_person("Henk", place="Zwolle")
        make_person("Rik", place="Ommen")
        make_person("Geheim", place="Zwolle", circle_id=only_me())
        query = ViewQuery.read(kind_of("person"), {"f": "place:is:Zwolle", "columns": "place"})
        save_view(actor=actor, name="In Zwolle", query=query, audience="me")


def exported(tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[dict[str, object], str]:
    file = tmp_path / "list.csv"
    assert main(["export", words[0], str(file), *words[1:], "--json"]) == 0
    return json.loads(capsys.readouterr().out), file.read_text(encoding="utf-8-sig")


def test_a_kind_and_a_view_are_written_as_their_user_sees_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, everybody = exported(tmp_path, capsys, "person", "--user", "bob@plein.example", "--columns", "place")
    _said, narrowed = exported(
        tmp_path, capsys, "people", "--user", "bob@plein.example", "--filter", "place:is:Zwolle", "--columns", "place"
    )
    _said, view = exported(tmp_path, capsys, "in zwolle", "--user", "alice@plein.example", "--sort=-name")

    assert everybody.splitlines() == ["Name,Place", "Henk,Zwolle", "Rik,Ommen"]
    assert (said["rows"], said["bytes"]) == (2, 39)
    assert narrowed.splitlines() == ["Name,Place", "Henk,Zwolle"]
    assert view.splitlines() == ["Name,Place", "Henk,Zwolle", "Geheim,Zwolle"]
    assert os.listdir(tmp_path) == ["list.csv"]


def test_what_cannot_be_is_told_in_a_sentence_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, sentence in (
        (["elephants", "--user", "bob@plein.example"], "There is no list or view elephants."),
        (["In Zwolle", "--user", "bob@plein.example"], "There is no list or view In Zwolle."),
        (["person", "--user", "nobody@plein.example"], "There is no user"),
        (["person", "--user", "gina@plein.example"], "may not take lists along"),
        (["person", "--user", "bob@plein.example", "--filter", "nothing:is:x"], ""),
    ):
        assert main(["export", words[0], str(tmp_path / "list.csv"), *words[1:], "--json"]) == 1, words
        said = capsys.readouterr()
        assert sentence in said.err and said.out == "" and "Traceback" not in said.err
    assert not os.listdir(tmp_path)
