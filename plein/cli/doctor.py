# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein doctor`: looks at everything Plein stands on and says, one line each, what is well and what is not."""

import argparse
import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from django.db import connections

from plein.cli import preparation
from plein.cli.speech import hand_over, say, tell
from plein.core.audit.verifying import chains, verify
from plein.core.isolation import protection
from plein.documents.files import program
from plein.operate import keyring, roles
from plein.operate.cluster import cluster_of
from plein.operate.places import external_database, places

HELP = "check everything Plein stands on"
LEAST_DISK, LEAST_MEMORY = 1 << 30, 700 << 20
#: So many lines at the end of each audit log are read: a second's work.
NEWEST = 10_000


type Check = tuple[str, Callable[[], str]]


class Ailing(Exception):
    """A check failed; the message says what and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--whole", action="store_true", help="read all of the audit log, not its newest lines only")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    findings = list(_findings(is_whole=arguments.whole))
    if arguments.json:
        hand_over({"findings": [{"check": name, "well": well, "says": text} for name, well, text in findings]})
    else:
        for name, well, text in findings:
            tell(f"{'ok   ' if well else 'WRONG'} {name}: {text}")
    return 0 if all(well for _, well, _ in findings) else 1


def _findings(*, is_whole: bool) -> Iterator[tuple[str, bool, str]]:
    log: Check = ("audit log", partial(_audit, newest=0 if is_whole else NEWEST))
    checks = (*DATABASE_CHECKS, log)
    yield from map(_examine, (("python", _python), ("folders", _folders), ("secret key", _key)))
    yield from map(_examine, (("disk", _disk), ("memory", _memory), ("letters", _letters)))
    if external_database():
        yield from map(_examine, checks)
        return
    try:
        cluster = cluster_of(places(), say)
        if not (cluster.data / "PG_VERSION").exists():
            yield "database", False, "not made yet; `plein run` makes it"
            return
        with cluster.in_use():
            yield from map(_examine, checks)
    except Exception as trouble:
        yield "database", False, str(trouble)


def _examine(check: Check) -> tuple[str, bool, str]:
    name, look = check
    try:
        return name, True, look()
    except Exception as trouble:
        return name, False, (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]


def _python() -> str:
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _folders() -> str:
    here = places()
    for folder in (here.home, here.files, here.log, here.run):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Ailing(f"{folder} cannot be written")
        if stat.S_IMODE(folder.stat().st_mode) & 0o077:
            raise Ailing(f"{folder} is open to others; chmod 700 {folder}")
    return f"{here.home}, private"


def _key() -> str:
    key = places().secret_key
    if keyring.elsewhere():
        return f"{len(keyring.ring())} kept elsewhere"
    if stat.S_IMODE(key.stat().st_mode) & 0o077:
        raise Ailing(f"{key} can be read by others; chmod 600 {key}")
    if keyring.is_rotating():
        raise Ailing("a rotation of keys did not end; type `plein keys rotate` again")
    return "present, readable by its owner only"


def _disk() -> str:
    free = shutil.disk_usage(places().home).free
    if free < LEAST_DISK:
        raise Ailing(f"{free >> 20} MB free; make room before it is full")
    return f"{free / (1 << 30):.1f} GB free"


def _memory() -> str:
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if total < LEAST_MEMORY:
        raise Ailing(f"{total >> 20} MB in all; Plein wants 1 GB")
    return f"{total / (1 << 30):.1f} GB, {free / (1 << 30):.1f} GB of it unused"


def _letters() -> str:
    """Whether letters in pictures can be recognised; who does without lacks nothing that was promised."""
    tesseract = program()
    if tesseract is None:
        return "in pictures and scans are not read; install tesseract-ocr and tesseract-ocr-nld to have them found"
    return f"in pictures and scans are read by {tesseract.path}, in {', '.join(tesseract.languages)}"


def _server() -> str:
    with preparation.connect("default") as connection:
        roles.check_server(connection)
        where = "external" if external_database() else "embedded"
        return f"PostgreSQL {connection.info.parameter_status('server_version')}, {where}"


def _role() -> str:
    with preparation.connect("default") as connection:
        roles.refuse_unsafe_role(connection)
        return f"{connection.info.user} can neither own nor bypass"


def _tables() -> str:
    if not preparation.is_prepared():
        raise Ailing("not up to date; run `plein database migrate`")
    return "up to date"


def _protection() -> str:
    if not protection.is_in_force(connections["owner"]):
        raise Ailing("not in force; run `plein database migrate`")
    return "in force"


def _size() -> str:
    with preparation.connect("default") as connection:
        row = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    return f"{row[0] if row else 'unknown'} in {settings.DATABASES['default']['NAME']}"


def _audit(*, newest: int) -> str:
    """Whether the end of every log fits, or all of it."""
    verdicts = [verify(workspace, newest=newest) for workspace in chains()]
    for one in verdicts:
        if one.misfit is not None:
            line = f"line {one.misfit.seq} of workspace {one.workspace_id}"
            raise Ailing(f"{line} does not fit; see `plein audit verify`")
    lines = sum(one.lines for one in verdicts)
    return f"{lines:,} lines fit" if not newest else f"its {lines:,} newest lines fit; --whole reads all of it"


DATABASE_CHECKS: tuple[Check, ...] = (
    ("database", _server),
    ("role", _role),
    ("tables", _tables),
    ("protection", _protection),
    ("size", _size),
)
