# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares a whole book with Splink, in a file of DuckDB, step by step: each step is there wholly or not at all.

Whatever is counted (how many bear a name, how many have a key) is counted among people whom everyone here sees; of
others only what their own circle has counts besides. So nobody can tell from a pair who else there is.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log2
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from plein.identity.book.columns import COLUMNS
from plein.identity.book.settings import BOOK, Numbers, Plan, creator, key_name
from plein.identity.comparing import FLOOR, Field

#: Pairs below this are nobody's business: more likely two than one by far.
WORTH = 0.0
#: At most so much memory is asked for, and so many threads.
MEMORY, THREADS = "2500MB", 2
#: From fewer people nothing can be learned.
LEAST = 1_000
#: How many pairs are gathered at once when they are handed over.
AT_ONCE = 10_000


class Held(Exception):
    """Another process has the file."""


class Book:
    """People to compare, and what came of it, in one file that outlives the process."""

    def __init__(self, plan: Plan, columns: Mapping[str, str], path: Path | None = None) -> None:
        self.plan, self.columns = plan, columns
        self.connection = duckdb.connect(":memory:" if path is None else str(path))
        self._do(f"SET threads={THREADS}")
        self._do(f"SET memory_limit='{MEMORY}'")
        self._do("SET preserve_insertion_order=false")
        self._do("SET enable_progress_bar=false")
        wanted = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self._do(f"CREATE TABLE IF NOT EXISTS faces (unique_id BIGINT, person BIGINT, circle INTEGER, {wanted})")
        self._do("CREATE TABLE IF NOT EXISTS known (person BIGINT, id VARCHAR, circle INTEGER, marks VARCHAR)")
        self._do("CREATE TABLE IF NOT EXISTS steps (name VARCHAR)")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def _do(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(sql, values).fetchall()
        return found

    def is_done(self, step: str) -> bool:
        """Whether a step was taken."""
        return bool(self._do("SELECT 1 FROM steps WHERE name = ?", [step]))

    def add(self, rows: Mapping[str, Sequence[Any]]) -> None:
        """Some people more, by column; `circle` is 0 for whom everyone here sees."""
        self.connection.register("brought", pa.table(dict(rows)))
        names = ", ".join(rows)
        self._do(f"INSERT INTO faces ({names}) SELECT {names} FROM brought")
        self.connection.unregister("brought")

    def bring(self, rows: Mapping[str, Sequence[Any]], known: Mapping[str, Sequence[Any]]) -> None:
        """Some people more with whom they are, or none of them: `known` has person, id, circle and marks."""
        self.connection.execute("BEGIN")
        self.add(rows)
        self.connection.register("told", pa.table(dict(known)))
        self._do("INSERT INTO known SELECT person, id, circle, marks FROM told")
        self.connection.unregister("told")
        self.connection.execute("COMMIT")

    def last(self) -> tuple[int, str]:
        """How many were brought, and the id of the last one."""
        found = self._do("SELECT count(*), max(id) FROM known")[0]
        return int(found[0]), found[1] or ""

    def finish(self, step: str) -> None:
        """Say that a step of somebody else is done."""
        self._do("INSERT INTO steps VALUES (?)", [step])

    def known(self) -> list[tuple[str, int, str]]:
        """Id, circle and marks of each, by number."""
        return [
            (one, circle, marks)
            for one, circle, marks in self._do("SELECT id, circle, marks FROM known ORDER BY person")
        ]

    def prior(self, numbers: Numbers) -> float:
        """What was known of a pair before it was compared, in bits."""
        chance = min(numbers.expected / max(self.people(), 1), 0.5)
        return log2(chance / (1 - chance))

    def people(self) -> int:
        """How many there are whom everyone sees."""
        return int(self._do("SELECT count(DISTINCT person) FROM faces WHERE circle = 0")[0][0])

    def keys(self) -> None:
        """What brings people side by side: a key that many have is left out."""
        if self.is_done("keys"):
            return
        made = ", ".join(f"{_key(key)} AS {key_name(place)}" for place, key in enumerate(self.plan.keys))
        own = "".join(f", {sql} AS {name}" for name, sql in self.plan.made.items())
        self._do(f"CREATE OR REPLACE TABLE keyed AS SELECT *, {made} FROM (SELECT *{own} FROM faces)")
        kept = ", ".join(self._usable(key_name(place)) for place in range(len(self.plan.keys)))
        names = ", ".join([*self.columns, *self.plan.made])
        self._do(f"CREATE OR REPLACE TABLE book AS SELECT unique_id, person, circle, {names}, {kept} FROM keyed")
        self._do("DROP TABLE keyed")
        self._do("INSERT INTO steps VALUES ('keys')")

    def _usable(self, key: str) -> str:
        """A key where more than one has it and not too many; of a circle, not too many of that circle either."""
        most = self.plan.most_alike
        usable = (
            f"{key} IN (SELECT {key} FROM keyed GROUP BY {key}"
            f" HAVING count(*) > 1 AND count(*) FILTER (circle = 0) <= {most})"
        )
        if self._do("SELECT 1 FROM faces WHERE circle <> 0 LIMIT 1"):
            usable += (
                f" AND (circle = 0 OR (circle, {key}) NOT IN (SELECT (circle, {key}) FROM keyed"
                f" WHERE circle <> 0 AND {key} IS NOT NULL GROUP BY circle, {key} HAVING count(*) > {most}))"
            )
        return f"CASE WHEN {usable} THEN {key} END AS {key}"

    def linker(self, numbers: Numbers | None = None) -> Linker:
        """Splink at this book."""
        self.commonness(numbers)
        api = DuckDBAPI(connection=self.connection)
        made = Linker(api.register("book"), creator(self.plan, numbers, people=self.people()), log_level=logging.ERROR)
        for column in self.plan.columns:
            made.table_management.register_term_frequency_lookup(api.register(f"often_{column}"), column)
        return made

    def commonness(self, numbers: Numbers | None) -> None:
        """How common each value is, of every column that is weighed by it."""
        for column in self.plan.columns:
            self._often(column, numbers)

    def _often(self, column: str, numbers: Numbers | None) -> None:
        """How common each value is, among those whom everyone sees and so many elsewhere."""
        field, level = self.plan.usual.get(column, ("", ""))
        usual = max(numbers.u[field][level], FLOOR) if numbers and field else 0.0
        many = self.plan.elsewhere if usual else 0
        self._do(
            f"CREATE OR REPLACE TABLE often_{column} AS SELECT {column}, (greatest(count(*) FILTER (circle = 0), 1)"
            f" + {many * usual}::DOUBLE) / (SELECT greatest(count({column}), 1) + {many} FROM book WHERE circle = 0)"
            f" AS tf_{column} FROM book WHERE {column} IS NOT NULL GROUP BY 1"
        )

    def compare(self, numbers: Numbers, worth: float = WORTH, weigh: "Weigh | None" = None) -> None:
        """Weigh the pairs, and keep those that are worth it: of two people their most alike faces."""
        if self.is_done("compare"):
            return
        weighed = (weigh or weigh_here)(self, numbers, worth)
        added = {
            name for (name,) in self._do("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [weighed])
        }
        bits = ", ".join(
            f"p.mw_{one.key}"
            + (f" + coalesce(p.{extra}, 0)" if (extra := f"mw_tf_adj_{one.key}") in added else "")
            + f" AS bits_{one.key}"
            for one in self.plan.fields
        )
        both = ", ".join(
            f"{side}.{name} AS {name}_{side}" for side in "lr" for name in ("person", *self.columns, *self.plan.made)
        )
        levels = ", ".join(f"{_level(one)} AS level_{one.key}, bits_{one.key}" for one in self.plan.fields)
        self._do(
            "CREATE OR REPLACE TABLE pairs AS SELECT * EXCLUDE nth FROM (SELECT least(person_l, person_r) AS one,"
            f" greatest(person_l, person_r) AS other, bits, {levels}, row_number() OVER (PARTITION BY"
            " least(person_l, person_r), greatest(person_l, person_r) ORDER BY bits DESC, face_l, face_r) AS nth FROM"
            f" (SELECT match_weight AS bits, unique_id_l AS face_l, unique_id_r AS face_r, {bits}, {both}"
            f" FROM {weighed} p JOIN book l ON l.unique_id = p.unique_id_l JOIN book r ON r.unique_id = p.unique_id_r)"
            f" WHERE person_l <> person_r) WHERE nth = 1 AND NOT coalesce({self.plan.unless}, false)"
        )
        self._do(f"DROP TABLE {weighed}")
        self._do("INSERT INTO steps VALUES ('compare')")

    def pairs(self, at_least: float = WORTH, start: int = 0) -> Iterator[tuple[Any, ...]]:
        """The pairs, the surest first: both people, the bits, then the level and the bits of each field."""
        found = self.connection.execute(
            "SELECT * FROM pairs WHERE bits >= ? ORDER BY bits DESC, one, other OFFSET ?", [at_least, start]
        )
        while rows := found.fetchmany(AT_ONCE):
            yield from rows

    def count(self, at_least: float = WORTH) -> int:
        """How many pairs there are."""
        return int(self._do("SELECT count(*) FROM pairs WHERE bits >= ?", [at_least])[0][0])


#: What weighs the pairs of a book that are worth it, and says in which table of the book they stand.
Weigh = Callable[[Book, Numbers, float], str]


def weigh_here(book: Book, numbers: Numbers, worth: float) -> str:
    """Weigh with DuckDB, where the book is."""
    return str(book.linker(numbers).inference.predict(threshold_match_weight=worth).physical_name)


def _key(key: tuple[str, ...]) -> str:
    there = " AND ".join(f"{column} IS NOT NULL" for column in key)
    return f"CASE WHEN {there} THEN " + " || '|' || ".join(key) + " END"


def _level(field: Field) -> str:
    """Which level of a field two people are on, by its place; nothing where one of them has no such thing."""
    levels = " ".join(f"WHEN {level.sql} THEN {place}" for place, level in enumerate(field.levels))
    return f"CASE WHEN {field.missing} THEN NULL {levels} END"


def opened(path: Path) -> Book:
    """The book of people in a file, as far as it came. Raises Held while another process has it."""
    try:
        return Book(BOOK, COLUMNS, path)
    except duckdb.IOException as trouble:
        raise Held from trouble
