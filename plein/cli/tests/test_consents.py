# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein consents import`: a list of what people decided, as a user brings it in."""

import json
import os
from pathlib import Path

import pytest

from plein.cli.main import main
from plein.consent.models import Decision
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_contact_point, make_person
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = ["--user", "bob@plein.example", "--purpose", "newsletter", "--json"]


@pytest.fixture
def file(test_database: TestDatabase, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A list about one person we know, one we do not, and a line that cannot be read."""
    monkeypatch.setenv("DATABASE_URL", test_database.url())
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    with entered(cast.alice):
        make_contact_point(make_person(), "email", "henk@vandijk.example")
    made = tmp_path / "fair.csv"
    made.write_text("email,consent\nhenk@vandijk.example,yes\nrik@elders.example,no\nniemand,yes\n")
    return made


def test_it_says_what_came_of_it_and_twice_changes_nothing(
    file: Path, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["consents", "import", str(file), *WORDS, "--dry-run"]) == 0
    assert json.loads(capsys.readouterr().out)["operation"] is None
    said = []
    for _time in range(2):
        assert main(["consents", "import", str(file), *WORDS]) == 0
        told = capsys.readouterr()
        said.append(json.loads(told.out))
        assert "line 4: " in told.err

    assert [(one["recorded"], one["present"], one["waiting"], one["bad"]) for one in said] == [
        (1, 0, 1, 1),
        (0, 1, 0, 1),
    ]
    with entered(cast.bob):
        assert Decision.objects.count() == 2


def test_what_cannot_be_is_told_in_a_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, sentence in (
        (["--user", "bob@plein.example", "--purpose", "nothing"], "--purpose wants one of personal, service"),
        (["--user", "gina@plein.example", "--purpose", "newsletter"], "may not bring lists in"),
        ([*WORDS, "--unmatched", "never"], "Only an administrator"),
    ):
        assert main(["consents", "import", str(file), *words]) == 1, words
        told = capsys.readouterr()
        assert sentence in told.err and "Traceback" not in told.err
    assert main(["consents", "import", str(file.parent / "nothing.csv"), *WORDS]) == 1
