# SPDX-License-Identifier: AGPL-3.0-or-later
"""Weighs the pairs of a book with Splink on Spark, on this machine: the same settings, and the same pairs come back.

The book goes to Spark as Parquet and so do the pairs come back; keys, faces, groups and the queue stay with DuckDB. All
that Spark writes lies in one folder, which is gone afterwards.
"""

import logging
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf
from splink import Linker
from splink.backends.spark import SparkAPI, similarity_jar_location

from plein.identity.book.engine import THREADS, Book, Weigh
from plein.identity.book.extra import SPARK
from plein.identity.book.settings import Numbers, creator, said_in
from plein.operate.places import private_folder

#: What Spark's own process may have beside ours.
MEMORY = "2g"
#: In so many parts the book is weighed; Spark's own 200 are for many machines.
PARTS = 4 * THREADS
_LIKENESSES = ("jaro_winkler_similarity", "damerau_levenshtein")


def weigh_in(folder: Path) -> Weigh:
    """What weighs a book on Spark, with everything that it writes in a folder of its own."""
    return partial(_weigh, folder)


def _weigh(folder: Path, book: Book, numbers: Numbers, worth: float) -> str:
    forget(folder)
    private_folder(folder)
    try:
        book.commonness(numbers)
        tables = ("book", *(f"often_{column}" for column in book.plan.columns))
        for table in tables:
            book.connection.execute(f"COPY {table} TO {_quoted(folder / f'{table}.parquet')} (FORMAT parquet)")
        session = _session(folder)
        try:
            _weigh_there(session, folder, book, numbers, worth)
        finally:
            session.stop()
        files = _quoted(folder / "weighed" / "*.parquet")
        book.connection.execute(f"CREATE OR REPLACE TABLE weighed AS SELECT * FROM read_parquet({files})")
    finally:
        forget(folder)
    return "weighed"


def forget(folder: Path) -> None:
    """Let go of what Spark left when it was killed."""
    shutil.rmtree(folder, ignore_errors=True)


def _weigh_there(session: Any, folder: Path, book: Book, numbers: Numbers, worth: float) -> None:
    api = SparkAPI(spark_session=session, num_partitions_on_repartition=PARTS)  # type: ignore[no-untyped-call]
    for likeness in _LIKENESSES:
        session.udf.register(
            said_in(SPARK, f"{likeness}(").rstrip("("), arrow_udf(_asked_of_duckdb(likeness), "double")
        )
    people = api.register(session.read.parquet(str(folder / "book.parquet")))
    settings = creator(book.plan, numbers, people=book.people(), dialect=SPARK)
    linker = Linker(people, settings, log_level=logging.ERROR)
    for column in book.plan.columns:
        often = api.register(session.read.parquet(str(folder / f"often_{column}.parquet")))
        linker.table_management.register_term_frequency_lookup(often, column)
    weighed = linker.inference.predict(threshold_match_weight=worth)
    weighed.as_spark_dataframe().write.parquet(str(folder / "weighed"))


def _asked_of_duckdb(likeness: str) -> Callable[[Any, Any], Any]:
    """How alike words are, by the very function that DuckDB has: two who reckon differ by a bit, and then by a pair."""

    def asked(left: pa.Array, right: pa.Array) -> pa.Array:
        words = duckdb.default_connection().from_arrow(pa.table({"one": left, "other": right}))
        found = words.project(f"{likeness}(one, other)::DOUBLE AS alike").to_arrow_table()
        return found.column("alike").combine_chunks()

    return asked


def _session(folder: Path) -> Any:
    """Spark on this machine, heard by nobody else; what it keeps meanwhile it keeps in the folder."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{THREADS}]").appName("plein")
    for name, value in {
        "spark.authenticate": "true",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": MEMORY,
        "spark.jars": similarity_jar_location(),
        "spark.local.dir": str(folder / "spill"),
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(PARTS),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setCheckpointDir(str(folder / "steps"))
    return session


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
