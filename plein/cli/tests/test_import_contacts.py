# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from pathlib import Path

import pytest

from plein.cli.main import main
from plein.imports.models import ContactImport
from plein.relations.models import Relation
from plein.trust.models import User
from plein.trust.seats import entered

TABLE = (
    "Naam,E-mail,Mobiel,Kolom\nAda Bos,ada@bos.example,06 12345678,Zwolle\nJan Smit,jan@smit.example,geen,Deventer\n"
)


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is up already."""
    monkeypatch.setattr("plein.cli.main._needs_database", lambda arguments: False)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["import", "contacts", *words, "--as", "alice@plein.example", "--json"]) == 0
    result: dict[str, object] = json.loads(capsys.readouterr().out)
    return result


def test_a_dry_run_tells_row_by_row_and_keeps_nothing(
    alice: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(TABLE)

    result = told(capsys, str(path), "--dry-run", "--map", "Kolom=place")

    assert result["new"] == 2
    assert [(one["name"], one["becomes"]) for one in result["entries"]] == [  # type: ignore[attr-defined]
        ("Ada Bos", "new"), ("Jan Smit", "new")
    ]  # fmt: skip
    with entered(alice):
        assert not ContactImport.objects.exists() and not Relation.objects.filter(name="Ada Bos").exists()


def test_what_was_left_out_is_mended_and_brought_in(
    alice: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, errors = tmp_path / "list.csv", tmp_path / "errors.csv"
    path.write_text(TABLE)

    first = told(capsys, str(path), "--map", "Kolom=place", "--errors", str(errors), "--tag", "beurs")
    assert (first["new"], first["left_out"]) == (2, 1)
    errors.write_text(errors.read_text("utf-8-sig").replace("geen", "06 87654321"))
    second = told(capsys, str(errors))

    assert (second["changed"], second["left_out"]) == (1, 0)
    with entered(alice):
        jan = Relation.objects.get(name="Jan Smit")
        assert jan.place == "Deventer"
        values = sorted(jan.links.values_list("contact_point__value", flat=True))
        assert values == ["+31687654321", "jan@smit.example"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--map", "Nergens=email"], "columns are Naam"),
        (["--map", "Kolom=nergens"], "There is no field nergens"),
        (["--circle", "nobody"], "--circle wants"),
    ],
)
def test_what_cannot_be_is_told_in_words(
    alice: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    del alice
    path = tmp_path / "list.csv"
    path.write_text(TABLE)

    assert main(["import", "contacts", str(path), "--as", "alice@plein.example", *words]) == 1
    assert said in capsys.readouterr().err
