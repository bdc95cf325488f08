# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from math import log2
from pathlib import Path
from typing import Any

from plein.identity.book.clusters import Against, groups
from plein.identity.book.columns import COLUMNS, columns_of
from plein.identity.book.engine import Book
from plein.identity.book.settings import BOOK, Numbers
from plein.identity.book.tests.town import PEOPLE, TWICE, somebody, town, truth
from plein.identity.book.training import train, usual
from plein.identity.comparing import FIELDS, name_level, weights
from plein.identity.profiles import Parts

KNOWN = Numbers(weights().m, weights().u, weights().expected)
NAME = next(field for field in FIELDS if field.key == "name")


def compared(people: Iterable[tuple[int, int, Parts]], path: Path | None = None) -> Book:
    book = Book(BOOK, COLUMNS, path)
    book.add(columns_of(people))
    book.keys()
    book.compare(KNOWN)
    return book


def of_everyone(book: Book, most: int) -> list[tuple[Any, ...]]:
    return [pair for pair in book.pairs() if pair[0] < most and pair[1] < most]


def test_who_is_there_twice_is_found_and_who_is_not_is_left_alone() -> None:
    sure = list(compared(town()).pairs(10))
    found = groups((one, other) for one, other, *_rest in sure)

    right = sum(truth(one) == truth(other) for one, other, *_rest in sure)
    assert right / len(sure) > 0.98
    assert right / TWICE > 0.9
    assert len(found) > TWICE


def test_a_pair_says_of_each_field_on_which_level_it_is_as_one_new_person_would() -> None:
    everybody = {number: parts for number, _circle, parts in town()}

    for one, other, *rest in compared(everybody_rows(everybody)).pairs():
        level = rest[1]

        assert NAME.levels[level].key == name_level(everybody[one].names[0], everybody[other].names[0])


def everybody_rows(everybody: dict[int, Parts]) -> Iterable[tuple[int, int, Parts]]:
    return ((number, 0, parts) for number, parts in everybody.items())


def test_the_bits_of_all_fields_and_what_was_known_before_are_the_whole() -> None:
    book = compared(town())
    before = weights().expected / book.people()

    for _one, _other, bits, *rest in book.pairs():
        told = sum(value for value in rest[1::2] if value is not None)

        assert abs(bits - told - _log_odds(before)) < 0.01


def _log_odds(chance: float) -> float:
    return log2(chance / (1 - chance))


def test_somebody_hidden_changes_nothing_of_the_pairs_that_others_see() -> None:
    hidden = [(PEOPLE + TWICE + place, 7, somebody(place % 40)) for place in range(200)]

    with_them = of_everyone(compared([*town(), *hidden]), PEOPLE + TWICE)
    without = of_everyone(compared(town()), PEOPLE + TWICE)

    assert with_them == without


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "book.duckdb"
    first = compared(town(), path)
    told = list(first.pairs())
    first.close()

    again = Book(BOOK, COLUMNS, path)
    again.keys()
    again.compare(KNOWN)

    assert list(again.pairs()) == told
    assert again.is_done("keys") and again.is_done("compare")


def test_a_book_teaches_what_its_levels_weigh() -> None:
    book = Book(BOOK, COLUMNS)
    book.add(columns_of(town()))

    learned = train(book, KNOWN)

    assert learned.m["phone"]["same"] > 100 * learned.u["phone"]["same"]
    assert learned.m["name"]["full"] > learned.u["name"]["full"]
    assert 0 < learned.expected < 1
    assert usual(book)["full"] < usual(book)["family"]


def test_a_group_takes_nobody_who_cannot_be_one_of_them() -> None:
    born = Against(marks={1: {"birth": "1960"}, 3: {"birth": "1971"}})

    assert groups([(1, 2), (2, 3)], born) == {1: 1, 2: 1}
    assert groups([(1, 2), (2, 3)], Against(apart={(3, 1)})) == {1: 1, 2: 1}
    assert groups([(1, 2), (2, 3)]) == {1: 1, 2: 1, 3: 1}
    assert groups([(1, 2), (3, 4), (2, 3)], most=3) == {1: 1, 2: 1, 3: 3, 4: 3}
