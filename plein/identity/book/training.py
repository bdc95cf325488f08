# SPDX-License-Identifier: AGPL-3.0-or-later
"""Learns from a book itself, without anybody saying who is one, what each level weighs."""

from collections.abc import Iterable, Mapping
from typing import Any

from splink import Linker, block_on

from plein.identity.book.engine import Book
from plein.identity.book.settings import Numbers, Plan
from plein.identity.comparing import FLOOR

#: So many random pairs show how alike two people are who are two; the seed makes it the same every time.
RANDOM_PAIRS, SEED = 2_000_000, 7


def train(book: Book, known: Numbers | None = None) -> Numbers:
    """The numbers of a book. What was seen nowhere keeps what was known of it, or next to nothing.

    How many are there twice is counted by rules that hardly ever err; how often strangers are alike in a random sample;
    how often one person's two records are, by expectation and maximisation over two ways of gathering pairs.
    """
    book.keys()
    plan, linker = book.plan, book.linker()
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in plan.certain], recall=plan.recall
    )
    prior = linker._settings_obj._probability_two_random_records_match
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None)
    for rule in plan.learning:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule), record_sample_proportion=1)
    return Numbers(
        m=_learned(plan, linker, "m_probability", known.m if known else {}),
        u=_learned(plan, linker, "u_probability", known.u if known else {}),
        expected=prior * book.people(),
    )


def _learned(
    plan: Plan, linker: Linker, what: str, known: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    model: dict[str, Any] = linker.misc.save_model_to_json()
    compared = {one["output_column_name"]: one["comparison_levels"] for one in model["comparisons"]}
    found = {}
    for field in plan.fields:
        levels = zip(field.levels, _seen(compared[field.key]), strict=True)
        told = {one.key: told.get(what) or known.get(field.key, {}).get(one.key) or FLOOR for one, told in levels}
        whole = sum(told.values())
        found[field.key] = {level: round(float(value) / whole, 9) for level, value in told.items()}
    return found


def _seen(levels: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in levels if not one.get("is_null_level")]


def usual(book: Book) -> dict[str, float]:
    """How often two people bear the same name, by the whole of it and by each half."""
    shared = {}
    for key, column in (("full", "full_name"), ("family", "last_core"), ("given", "fn")):
        found = book.connection.execute(
            f"SELECT sum(n * (n - 1)) / nullif(sum(n) * (sum(n) - 1), 0) FROM"
            f" (SELECT count(*) AS n FROM book WHERE {column} IS NOT NULL AND circle = 0 GROUP BY {column})"
        ).fetchall()
        shared[key] = round(float(found[0][0] or FLOOR), 9)
    return shared
