# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole database as a stream of bytes and back again, with a fingerprint of every table to compare them by."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from plein.operate.cluster import installed_programs

#: Light to make and to read; what is in a Plein shrinks to a fifth of its size.
COMPRESSION = "gzip:1"
TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1
"""
type Prints = dict[str, list[int]]


class DumpTrouble(Exception):
    """PostgreSQL could not write or read a backup; the message says why in one sentence."""


@dataclass(frozen=True)
class Address:
    """Where a database is, as somebody who may see every row of it."""

    host: str
    port: int
    database: str
    user: str
    password: str = ""

    @classmethod
    def of(cls, connection: psycopg.Connection, password: str = "") -> "Address":
        """The address that a connection was made with."""
        facts = connection.info
        return cls(facts.host, facts.port, facts.dbname, facts.user, password)

    def connect(self, database: str = "") -> psycopg.Connection:
        """A connection that commits by itself; to another database of the same server when told so."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            dbname=database or self.database,
            user=self.user,
            password=self.password or None,
            autocommit=True,
            connect_timeout=10,
        )

    def words(self, database: str = "") -> list[str]:
        """The address in the words of PostgreSQL's programs."""
        return [f"--host={self.host}", f"--port={self.port}", f"--username={self.user}", "--no-password",
                f"--dbname={database or self.database}"]  # fmt: skip

    def environment(self) -> dict[str, str]:
        """The environment of PostgreSQL's programs: a password never stands among the words."""
        return os.environ | ({"PGPASSWORD": self.password} if self.password else {})


def sees_everything(connection: psycopg.Connection) -> bool:
    """Whether row security leaves this role out, so that a copy made by it is whole."""
    row = connection.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


@contextlib.contextmanager
def snapshot(address: Address) -> Iterator[tuple[psycopg.Connection, str]]:
    """The database as it is now, held still for as long as the block lasts while everybody works on."""
    with address.connect() as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        if row is None:
            raise DumpTrouble("The database gave no snapshot.")
        yield connection, row[0]
        connection.execute("ROLLBACK")


def prints(connection: psycopg.Connection) -> Prints:
    """Of every table: how many rows, and a sum over the hash of each, in which their order plays no part."""
    # What a row looks like as text must not depend on who looks.
    for setting in ("TimeZone = 'UTC'", "DateStyle = 'ISO'", "extra_float_digits = 1", "bytea_output = 'hex'"):
        connection.execute(f"SET {setting}")
    found: Prints = {}
    for (name,) in connection.execute(TABLES).fetchall():
        row = connection.execute(
            sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} t").format(
                sql.Identifier("public", name)
            )
        ).fetchone()
        if row is not None:
            found[name] = [row[0], int(row[1])]
    return found


@contextlib.contextmanager
def dumping(address: Address, held: str) -> Iterator[IO[bytes]]:
    """The bytes of a snapshot; raises DumpTrouble when PostgreSQL could not write all of them."""
    words = [str(installed_programs() / "pg_dump"), *address.words(), f"--snapshot={held}", "--format=custom",
             f"--compress={COMPRESSION}", "--encoding=UTF8"]  # fmt: skip
    running = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=address.environment()
    )
    if running.stdout is None or running.stderr is None:
        raise DumpTrouble("PostgreSQL did not start to write.")
    try:
        yield running.stdout
    except BaseException:
        running.kill()
        running.communicate()
        raise
    said = running.stderr.read().decode(errors="replace")
    running.stdout.close()
    running.stderr.close()
    if running.wait() != 0:
        raise DumpTrouble(f"PostgreSQL could not write the backup: {_last_line(said)}")


def load(address: Address, database: str, dump: Path, jobs: int) -> None:
    """Fill an empty database from the bytes of `dumping`; raises DumpTrouble."""
    done = subprocess.run(
        [installed_programs() / "pg_restore", *address.words(database), "--exit-on-error", f"--jobs={jobs}", dump],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=address.environment(),
    )
    if done.returncode != 0:
        raise DumpTrouble(f"PostgreSQL could not read the backup: {_last_line(done.stderr)}")


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if "error" in line] or said.strip().splitlines()
    return lines[0].split("error: ")[-1] if lines else "it gave no reason."
