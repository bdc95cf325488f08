# SPDX-License-Identifier: AGPL-3.0-or-later
import argparse
import importlib.util
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings

from plein.cli import match_book
from plein.cli.speech import CommandTrouble
from plein.identity.book import extra
from plein.identity.book.clusters import groups
from plein.identity.book.columns import COLUMNS, columns_of
from plein.identity.book.engine import Book
from plein.identity.book.extra import DUCKDB, SPARK, NoExtra, engine_on_spark
from plein.identity.book.files import file_of, forget_file
from plein.identity.book.settings import BOOK, Numbers, creator
from plein.identity.book.tests.town import town
from plein.identity.comparing import weights

KNOWN = Numbers(weights().m, weights().u, weights().expected)
#: So often the town is there, each time with people of its own: 5,760 records.
TOWNS = 8
ENOUGH = 10.0
RULES = "blocking_rules_to_generate_predictions"


def settings_in(dialect: str) -> dict[str, object]:
    made = creator(BOOK, KNOWN, dialect=dialect).create_settings_dict(sql_dialect_str=dialect)
    assert isinstance(made, dict)
    return made


def conditions(dialect: str) -> str:
    return "\n".join(
        level["sql_condition"]
        for comparison in settings_in(dialect)["comparisons"]  # type: ignore[attr-defined]
        for level in comparison["comparison_levels"]
    )


def test_both_engines_have_one_definition_in_their_own_words() -> None:
    ours, theirs = conditions(DUCKDB), conditions(SPARK)

    assert "arrays_overlap" in theirs and "plein_jaro_winkler" in theirs and "plein_damerau_levenshtein" in theirs
    for one, other in (
        ("arrays_overlap", "list_has_any"),
        ("plein_jaro_winkler", "jaro_winkler_similarity"),
        ("plein_damerau_levenshtein", "damerau_levenshtein"),
    ):
        assert one not in ours
        theirs = theirs.replace(one, other)
    assert theirs == ours


def test_all_but_the_words_is_the_same() -> None:
    ours, theirs = settings_in(DUCKDB), settings_in(SPARK)

    for rules in (ours[RULES], theirs[RULES]):
        for rule in rules:  # type: ignore[attr-defined]
            rule["blocking_rule"] = rule["blocking_rule"].replace("`", '"')
            del rule["sql_dialect"]
    for comparisons in (ours["comparisons"], theirs["comparisons"]):
        for comparison in comparisons:  # type: ignore[attr-defined]
            for level in comparison["comparison_levels"]:
                del level["sql_condition"]
    assert [key for key in ours if ours[key] != theirs[key]] == []
    assert ours.keys() == theirs.keys()


@pytest.mark.parametrize(
    ("missing", "java", "sentence"), [("pyspark", 17, r"requirements/spark\.txt"), ("", 11, "needs Java 17 or newer")]
)
def test_what_is_missing_is_said_before_anything_begins(
    missing: str, java: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else object())
    monkeypatch.setattr(extra, "_java", lambda: java)

    with pytest.raises(CommandTrouble, match=sentence):
        match_book.book(argparse.Namespace(backend=SPARK))


@pytest.mark.parametrize(
    ("says", "version"),
    [('openjdk version "17.0.15" 2025-04-15', 17), ('java version "1.8.0_402"', 1), ("no such thing", 0)],
)
def test_which_java_there_is(says: str, version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    java.chmod(0o700)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    assert extra._java() == version

    shutil.rmtree(java.parent)
    assert extra._java() == 0


def test_a_run_that_is_over_leaves_nothing_of_spark(tmp_path: Path, settings: LazySettings) -> None:
    settings.PLEIN_BOOKS = tmp_path
    file = file_of(uuid4())
    file.touch()
    left = file.with_suffix(".spark")
    (left / "spill").mkdir(parents=True)

    forget_file(type(uuid4())(file.stem))

    assert list(tmp_path.iterdir()) == []


def towns() -> dict[str, list[object]]:
    """Several towns beside one another: who lives in another one has the same names, and numbers of their own."""
    return columns_of((number + 1_000 * place, 0, parts) for place in range(TOWNS) for number, _circle, parts in town())


# Spark's bridge to Java leaves its sockets to whoever collects garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.nightly
@pytest.mark.timeout(1_800)
def test_the_same_pairs_weights_and_groups_come_of_both(tmp_path: Path) -> None:
    try:
        weigh = engine_on_spark().weigh_in(tmp_path / "spark")
    except NoExtra as missing:
        pytest.skip(f"Spark is not here: {missing}")
    found = []
    for by in (None, weigh):
        book = Book(BOOK, COLUMNS)
        book.add(towns())
        book.keys()
        book.compare(KNOWN, weigh=by)
        found.append(list(book.pairs()))
        book.close()
    here = {pair[:2]: pair[2:] for pair in found[0]}
    there = {pair[:2]: pair[2:] for pair in found[1]}

    assert len(here) > 1_000 and here.keys() == there.keys()
    for pair, told in here.items():
        for one, other in zip(told, there[pair], strict=True):
            assert other is None if one is None else other == pytest.approx(one, abs=1e-6)
    sure = [groups((one, other) for one, other, bits, *_rest in pairs if bits >= ENOUGH) for pairs in found]
    assert sure[0] == sure[1] and len(sure[0]) > 100
    assert not (tmp_path / "spark").exists()
