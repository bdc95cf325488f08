# SPDX-License-Identifier: AGPL-3.0-or-later
"""FEBRL 1-4: made-up people with known truth, on which record linkage is compared the world over.

The engine, the way of learning and the form of the settings are those of the product; the fields are those of FEBRL.
The data are not part of Plein: they lie in `SHARED`/data (default `../shared`).
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.csv as csv
import pyarrow.parquet as parquet

from plein.identity.book.engine import Book
from plein.identity.book.settings import Plan
from plein.identity.book.training import train
from plein.identity.comparing import Field, Level

DATA = Path(os.environ.get("SHARED", "../shared")) / "data" / "matching" / "febrl"
SETS = ("febrl1", "febrl2", "febrl3", "febrl4")
#: From how many bits a pair counts as one person; the same for all four.
ENOUGH = 3.0
COLUMNS = {
    "given_name": "given", "surname": "family", "street_number": "number", "address_1": "street",
    "address_2": "street2", "suburb": "suburb", "postcode": "postcode", "state": "state",
    "date_of_birth": "born", "soc_sec_id": "social",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """What was found of one set."""

    name: str
    people: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Both in one figure."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def _missing(*columns: str) -> str:
    return " OR ".join(f"{one}_{side} IS NULL" for one in columns for side in "lr")


def _slips(column: str, *distances: int) -> Field:
    same = Level("same", f"{column}_l = {column}_r")
    near = [Level(f"slip{one}", f"damerau_levenshtein({column}_l, {column}_r) <= {one}") for one in distances]
    return Field(column, (same, *near, Level("other", "true")), _missing(column))


def _alike(column: str, *levels: float) -> Field:
    same = Level("same", f"{column}_l = {column}_r")
    near = [Level(f"alike{one}", f"jaro_winkler_similarity({column}_l, {column}_r) >= {one}") for one in levels]
    return Field(column, (same, *near, Level("other", "true")), _missing(column))


PLAN = Plan(
    fields=(
        _alike("given", 0.9, 0.8),
        _alike("family", 0.9, 0.8),
        Field(
            "turned",
            (Level("turned", "given_l = family_r AND family_l = given_r"), Level("other", "true")),
            _missing("given", "family"),
        ),
        _slips("born", 1, 2),
        _slips("social", 1, 2),
        _slips("postcode", 1, 2),
        _alike("suburb", 0.9),
        _alike("street", 0.9),
        _alike("street2", 0.9),
        _slips("number", 1),
        _slips("state", 1),
    ),
    weighed_by={(one, "same"): one for one in ("given", "family", "suburb", "postcode", "street", "street2")},
    keys=(
        ("social",),
        ("born", "family"),
        ("born", "given"),
        ("born", "postcode"),
        ("family", "given"),
        ("sorted_name",),
        ("family", "postcode"),
        ("given", "postcode"),
        ("family", "street"),
        ("given", "street"),
        ("number", "street"),
        ("born", "suburb"),
        ("street2", "suburb"),
        ("half_social", "start"),
        ("end_social", "start"),
    ),
    certain=(("social", "born"), ("born", "family", "given"), ("social", "family")),
    recall=0.85,
    learning=(("social",), ("born",)),
    made={
        "sorted_name": "least(given, family) || ' ' || greatest(given, family)",
        "half_social": "left(social, 4)",
        "end_social": "right(social, 4)",
        "start": "left(coalesce(family, given), 2)",
    },
)


def is_there() -> bool:
    """Whether the data lie where they are looked for."""
    return all((DATA / f"{name}_links.csv").is_file() for name in SETS)


def _columns(table: Any, start: int) -> dict[str, Any]:
    rows: dict[str, Any] = {"unique_id": list(range(start, start + table.num_rows))}
    rows["person"], rows["circle"] = rows["unique_id"], [0] * table.num_rows
    for name, ours in COLUMNS.items():
        rows[ours] = [(value or "").strip() or None for value in table[name].to_pylist()]
    return rows


def score(name: str) -> Score:
    """Learn from a set without looking at its truth, weigh its pairs, and only then compare with the truth."""
    files = ["febrl4a", "febrl4b"] if name == "febrl4" else [name]
    book = Book(PLAN, dict.fromkeys(COLUMNS.values(), "VARCHAR"))
    ids: list[str] = []
    source: list[str] = []
    for one in files:
        table = parquet.read_table(DATA / f"{one}.parquet")
        book.add(_columns(table, len(ids)))
        ids += table["rec_id"].to_pylist()
        source += [one] * table.num_rows
    numbers = train(book)
    book.compare(numbers, ENOUGH)
    found = {frozenset((ids[a], ids[b])) for a, b, *_rest in book.pairs(ENOUGH) if _may(source, a, b)}
    book.close()
    links = csv.read_csv(DATA / f"{name}_links.csv")
    truth = {frozenset(pair) for pair in zip(links["0"].to_pylist(), links["1"].to_pylist(), strict=True)}
    right = len(found & truth)
    return Score(name, len(ids), right / max(len(found), 1), right / len(truth))


def _may(source: list[str], one: int, other: int) -> bool:
    """Of two lists, only who stands in the one with who stands in the other."""
    return source[one] != source[other] if len(set(source)) > 1 else True
