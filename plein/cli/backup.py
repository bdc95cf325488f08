# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein backup`: the database and every attachment in one file, while people work."""

import argparse
import threading
import time
from importlib.metadata import version
from pathlib import Path

import psycopg

from plein.cli.administering import administrator
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.audit import audit_apart
from plein.core.ids import now
from plein.operate import archive, dump, keyring
from plein.operate.places import places

HELP = "write everything into one file, while people work"
needs_database = True
LEAST_PASSPHRASE = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="where to write it; it must not exist yet")
    parser.add_argument("--admin-url", default="", help="for a PostgreSQL of your own: who may read every row")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="encrypt with what stands in this file")
    parser.add_argument("--unencrypted", action="store_true", help="for a disk that is encrypted itself")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    target: Path = arguments.file.absolute()
    if target.exists():
        raise CommandTrouble(f"{target} is there already; choose another name, so that no backup is lost.")
    if not target.parent.is_dir():
        raise CommandTrouble(f"There is no folder {target.parent}.")
    begin = time.monotonic()
    lock = _lock(arguments)
    with administrator(arguments.admin_url) as address:
        manifest = write(address, target, **lock)
    facts = {
        "file": str(target),
        "bytes": target.stat().st_size,
        "rows": sum(rows for rows, _hash in manifest.tables.values()),
        "tables": len(manifest.tables),
        "files": manifest.files,
        "encrypted": "passphrase" if "passphrase" in lock else "key" if lock else "no",
        "seconds": round(time.monotonic() - begin, 1),
    }
    audit_apart("backup", door="cli", kind="log", files=manifest.files)
    if arguments.json:
        hand_over(facts)
        return 0
    tell(f"{target}: {facts['rows']:,} rows and {manifest.files:,} files in {facts['seconds']} seconds")
    if lock.get("secret") and not keyring.elsewhere():
        say(f"Keep a copy of {places().secret_key} in another safe place: without it nobody opens this backup.")
    return 0


def _lock(arguments: argparse.Namespace) -> dict[str, str]:
    """What the backup is encrypted with."""
    if arguments.unencrypted:
        return {}
    if arguments.passphrase_file:
        return {"passphrase": passphrase_in(arguments.passphrase_file)}
    return {"secret": keyring.secrets_of_ring()[0]}


def passphrase_in(path: Path) -> str:
    """The passphrase in a file: its first line."""
    said = path.read_text().partition("\n")[0].strip()
    if len(said) < LEAST_PASSPHRASE:
        raise CommandTrouble(f"The passphrase in {path} is too short: {LEAST_PASSPHRASE} characters at least.")
    return said


def write(address: dump.Address, target: Path, *, secret: str = "", passphrase: str = "") -> archive.Manifest:
    """The backup itself: one moment of the database, then every file that it knows of."""
    with dump.snapshot(address) as (held, name):
        manifest = archive.Manifest(version("plein"), now().isoformat(), str(held.info.server_version))
        counting = _Counting(held)
        with archive.Writer(target, manifest, secret=secret, passphrase=passphrase) as writer:
            say("Writing the database")
            counting.start()
            with dump.dumping(address, name) as stream:
                writer.add_database(stream)
            manifest.tables = counting.result()
            # After the database: a file stands on the disk before any row names it.
            say("Writing the files")
            for label, path in archive.files_below(places().files):
                _add(writer, label, path)
    return manifest


def _add(writer: archive.Writer, label: str, path: Path) -> None:
    try:
        digest = writer.add_file(label, path)
    except FileNotFoundError:
        return
    if len(path.name) == len(digest) and path.name != digest:
        raise CommandTrouble(
            f"The file {path} is damaged on this disk: it is not what was stored. Nothing was written."
        )


class _Counting(threading.Thread):
    """Prints of every table, made from the same snapshot while it is being written."""

    def __init__(self, held: psycopg.Connection) -> None:
        super().__init__(daemon=True)
        self.held = held
        self.found: dump.Prints = {}
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            self.found = dump.prints(self.held)
        except BaseException as trouble:
            self.trouble = trouble

    def result(self) -> dump.Prints:
        self.join()
        if self.trouble is not None:
            raise self.trouble
        return self.found
