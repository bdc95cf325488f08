# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/operate/asvs.csv answers each requirement of ASVS 5.0 that can apply, by tests that are there or by a reason."""

import ast
import csv
from collections import Counter
from functools import cache

from plein.testing.figures import Judge
from plein.tests.sources import ROOT

TABLE = ROOT / "docs" / "operate" / "asvs.csv"
ANSWERS = {"test", "by construction", "not applicable", "operator", "open"}
COUNTED = {"test", "by construction", "not applicable"}
#: How many requirements of levels 1 and 2 the sections of ASVS 5.0.0 have; chapter 17 (WebRTC) does not apply.
LEVELS = {"1": 70, "2": 176}
CHAPTERS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
}
LEAST_AUTOMATED = 80
LONGEST_ABOUT = 60


@cache
def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def defined_in(path: str) -> frozenset[str]:
    """The tests that a file defines; a test that is skipped always is none."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not any("mark.skip" in ast.unparse(one) or "xfail" in ast.unparse(one) for one in node.decorator_list)
    )


def is_automated(row: dict[str, str]) -> bool:
    """Whether a test fails when the requirement is no longer met; `operator` and `open` need a person."""
    return row["answer"] in COUNTED and bool(row["tests"])


def test_every_requirement_is_answered_once(judge: Judge) -> None:
    numbers = [row["requirement"] for row in rows()]
    whole = sum(LEVELS.values())
    answered = {row["requirement"] for row in rows() if row["answer"] in ANSWERS and (row["tests"] or row["reason"])}
    judge(
        "ASVS 5.0 level 2: answered",
        goal=f"{whole} of {whole}",
        measured=f"{len(answered)} of {whole}",
        is_good=len(answered) == whole,
    )

    assert len(numbers) == len(set(numbers)) == len(answered) == whole
    assert Counter(row["level"] for row in rows()) == LEVELS
    assert Counter(int(number.partition(".")[0]) for number in numbers) == CHAPTERS
    assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])


def test_four_of_five_are_automated(judge: Judge) -> None:
    automated = sum(map(is_automated, rows()))
    share = 100 * automated / len(rows())
    kinds = Counter(row["answer"] for row in rows())
    judge(
        "ASVS 5.0 level 2: automated",
        goal=f">= {LEAST_AUTOMATED} %",
        measured=f"{share:.1f} % ({automated}, {kinds['operator']} operator, {kinds['open']} open)",
        is_good=share >= LEAST_AUTOMATED,
    )

    assert share >= LEAST_AUTOMATED


def test_each_answer_has_what_it_needs() -> None:
    for row in rows():
        answer, tests, reason = row["answer"], row["tests"], row["reason"]
        assert answer in ANSWERS, row
        assert tests if answer in COUNTED else reason, row
        assert reason or answer == "test", row
        assert 0 < len(row["about"]) <= LONGEST_ABOUT and not row["about"].startswith("Verify"), row


def test_the_page_says_what_is_open() -> None:
    page = (ROOT / "docs" / "operate" / "security.md").read_text()
    told = page.partition("\nOpen today: ")[2].partition(".\n")[0].split(", ")

    assert told == [row["requirement"] for row in rows() if row["answer"] == "open"]


def test_every_test_that_is_named_is_there() -> None:
    wrong = []
    for row in rows():
        named = row["tests"].split()
        assert len(named) == len(set(named)), row
        for one in named:
            path, _colons, test = one.partition("::")
            if not (ROOT / path).is_file() or test not in defined_in(path):
                wrong.append((row["requirement"], one))

    assert wrong == []
