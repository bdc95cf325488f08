# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein restore`: fills an empty Plein from a backup, and proves that it is the same.

Everything lands beside what is there, is compared, and takes its place at the very end: when it is stopped halfway,
the empty Plein is as empty as it was, and the same command begins anew.
"""

import argparse
import contextlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from plein.cli import preparation
from plein.cli.administering import administrator
from plein.cli.backup import passphrase_in
from plein.cli.erasures import read_list, replay_aside
from plein.cli.restored import hold_mail, log_restored
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.erasure.ledger import Line
from plein.operate import dump, keyring, roles
from plein.operate.archive import Damaged, Reader
from plein.operate.cluster import cluster_of
from plein.operate.places import external_database, places

HELP = "fill an empty Plein from a backup"
RESTORING = "plein_restoring"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a file that `plein backup` wrote")
    parser.add_argument("--admin-url", default="", help="for a PostgreSQL of your own: who may make a database")
    parser.add_argument("--erasures", type=Path, metavar="LIST", help="who was erased since: erasures.jsonl")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the secret.key of the Plein that made the backup")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the passphrase it was encrypted with")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    begin = time.monotonic()
    given = _given_keys(arguments.key)
    lines = read_list(arguments.erasures.absolute()) if arguments.erasures else None
    try:
        with contextlib.ExitStack() as stack:
            backup = stack.enter_context(_opened(arguments, given))
            if not external_database():
                cluster = stack.enter_context(cluster_of(places(), say).in_use())
                preparation.furnish(cluster, say)
            address = stack.enter_context(administrator(arguments.admin_url))
            _require_room(backup)
            _require_empty(address)
            files, erased = _restore(address, backup, lines)
            log_restored(backup.manifest.made_at, erased)
            held = hold_mail()
            if arguments.key:
                keyring.take_over(arguments.key)
    except (Damaged, dump.DumpTrouble) as trouble:
        raise CommandTrouble(f"{trouble} Nothing was changed here.") from trouble
    facts = {
        "made_at": backup.manifest.made_at,
        "made_by": backup.manifest.plein,
        "rows": sum(rows for rows, _hash in backup.manifest.tables.values()),
        "tables": len(backup.manifest.tables),
        "files": files,
        "equal": True,
        "mail_held": held,
        "erased": erased,
        "seconds": round(time.monotonic() - begin, 1),
    }
    if arguments.json:
        hand_over(facts)
    else:
        tell(f"Restored as it was at {facts['made_at']}: {facts['rows']:,} rows and {files:,} files, all equal.")
        _advise(arguments, backup, lines is not None, facts)
    return 0


def _advise(arguments: argparse.Namespace, backup: Reader, has_list: bool, facts: dict[str, Any]) -> None:
    """What is left to do."""
    if not has_list:
        say("If people were erased since then: begin anew with --erasures LIST, before anybody signs in.")
    else:
        say(f"{facts['erased']} people were erased again.")
    if facts["mail_held"]:
        say(f"{facts['mail_held']} mails that were still waiting are held back: their writers decide.")
    if arguments.key:
        say("Its keys are the keys of this Plein now.")
    elif not backup.is_sealed:
        say("Put the secret.key of that Plein in place of this one's, or enter stored passwords again.")


def _given_keys(path: Path | None) -> list[str]:
    """The keys of the Plein that made the backup; what they hashed is known here from now on: erasures, addresses."""
    given = keyring.secrets_in(path) if path else []
    settings.SECRET_KEY_FALLBACKS = [*given, *settings.SECRET_KEY_FALLBACKS]
    return given


def _opened(arguments: argparse.Namespace, given: list[str]) -> Reader:
    """The backup, opened with the keys that are given or here."""
    asked = arguments.passphrase_file
    return Reader(
        arguments.file.absolute(),
        keys=[*given, *keyring.secrets_of_ring()],
        passphrase=lambda: passphrase_in(asked) if asked else "",
    )


def _require_room(backup: Reader) -> None:
    free = shutil.disk_usage(places().home).free
    if free < backup.room_needed * 2:
        raise CommandTrouble(f"There is not enough room: {free >> 20} MB free. Make room and type the same again.")


def _require_empty(address: dump.Address) -> None:
    """Only a Plein that nobody uses may be filled."""
    with address.connect() as connection:
        row = connection.execute("SELECT to_regclass('public.trust_user') IS NOT NULL").fetchone()
        if not (row and row[0]):
            return
        users = connection.execute("SELECT count(*) FROM public.trust_user").fetchone()
        if users and users[0]:
            where = places().home
            raise CommandTrouble(
                f"{where} has {users[0]} users. Restore into an empty Plein: choose another PLEIN_HOME."
            )


def _restore(address: dump.Address, backup: Reader, lines: list[Line] | None) -> tuple[int, int]:
    waiting = places().home / "files.restoring"
    shutil.rmtree(waiting, ignore_errors=True)
    try:
        _make_aside(address)
        _fill(address, backup)
        say("Putting the files back")
        waiting.mkdir(mode=0o700)
        files = sum(1 for _path in backup.take_files(waiting))
        # Beside what is in use, so that nobody signs in before it is done.
        erased = replay_aside(RESTORING, waiting, lines) if lines else 0
        _take_place(address, waiting)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
        with contextlib.suppress(psycopg.Error):
            _drop(address, RESTORING)
    if not preparation.is_prepared():
        preparation.migrate(say)
    return files, erased


def _make_aside(address: dump.Address) -> None:
    _drop(address, RESTORING)
    with address.connect("postgres") as admin:
        roles.make_database(admin, RESTORING)
    with address.connect(RESTORING) as inside:
        roles.furnish_database(inside)


def _drop(address: dump.Address, name: str) -> None:
    with address.connect("postgres") as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _fill(address: dump.Address, backup: Reader) -> None:
    dumped = places().run / f"restoring.{os.getpid()}.dump"
    try:
        backup.take_database(dumped)
        say("Reading the database")
        dump.load(address, RESTORING, dumped, jobs=max(1, os.cpu_count() or 1))
    finally:
        dumped.unlink(missing_ok=True)
    say("Comparing every row")
    with address.connect(RESTORING) as connection:
        found = dump.prints(connection)
        connection.execute("ANALYZE")
    wanted = backup.manifest.tables
    different = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if different:
        raise Damaged(f"What was restored differs from what was backed up in: {', '.join(different)}.")


def _take_place(address: dump.Address, waiting: Path) -> None:
    """The restored database and files take the place of the empty ones."""
    files = places().files
    shutil.rmtree(files, ignore_errors=True)
    waiting.rename(files)
    _drop(address, address.database)
    with address.connect("postgres") as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(RESTORING), sql.Identifier(address.database)
            )
        )
