# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of every command: reads the words, brings up what the command needs, turns trouble into a sentence."""

import argparse
import contextlib
import errno
import gc
import importlib
import os
import sys
from types import ModuleType

import django
import psycopg
from django.apps import apps
from django.db import DatabaseError, InterfaceError, OperationalError

from plein.cli.speech import CommandTrouble, say
from plein.operate.cluster import ClusterTrouble, cluster_of
from plein.operate.places import UnusablePlace, external_database, places
from plein.operate.roles import UnfitServer, UnsafeRole
from plein.operate.supervisor import AlreadyRunning

#: Every command and its module, in the order of `plein --help`. A module has HELP, add_arguments(parser) and
#: run(arguments) -> exit code; with `needs_database = True` the database is up, migrated and protected when it runs.
COMMANDS = {
    "run": "plein.cli.run",
    "web": "plein.cli.web",
    "worker": "plein.cli.worker",
    "user": "plein.cli.user",
    "token": "plein.cli.token",
    "assistant": "plein.cli.assistant",
    "import": "plein.cli.imports",
    "connect": "plein.cli.connect",
    "fetch": "plein.cli.fetch",
    "hooks": "plein.cli.hooks",
    "consents": "plein.cli.consents",
    "network": "plein.cli.network",
    "listening": "plein.cli.listening",
    "match": "plein.cli.match",
    "recognise": "plein.cli.recognise",
    "models": "plein.cli.models",
    "export": "plein.cli.export",
    "example": "plein.cli.example",
    "generate": "plein.cli.generate",
    "undo": "plein.cli.undo",
    "erase": "plein.cli.erase",
    "audit": "plein.cli.audit",
    "keys": "plein.cli.keys",
    "backup": "plein.cli.backup",
    "restore": "plein.cli.restore",
    "database": "plein.cli.database",
    "doctor": "plein.cli.doctor",
}
#: Commands that can do without the tables: Django is set up for them when what is asked needs the database.
WITHOUT_TABLES = {"recognise"}
EXPECTED = (CommandTrouble, UnusablePlace, ClusterTrouble, UnsafeRole, UnfitServer, AlreadyRunning)
INTERRUPTED = 130


def _load(name: str) -> ModuleType:
    # By name, because a command's tables exist only after Django's set-up.
    return importlib.import_module(COMMANDS[name])


def _named(words: list[str]) -> list[str]:
    return [word for word in words if word in COMMANDS][:1]


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plein", description="Runs, fills, checks and mends a Plein.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in _named(words) or COMMANDS:
        module = _load(name)
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(module=module)
    return parser


def _set_up() -> None:
    """Django's own set-up; what it makes stays, so nobody looks for garbage in it: that is a tenth of a start."""
    if apps.ready:
        return
    gc.disable()
    try:
        django.setup()
    finally:
        gc.enable()
    gc.freeze()


def _needs_database(arguments: argparse.Namespace) -> bool:
    """Whether a command needs the database, or does for what is asked of it."""
    needs = getattr(arguments.module, "needs_database", False)
    return bool(needs(arguments) if callable(needs) else needs)


def _carry_out(words: list[str]) -> int:
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    with contextlib.ExitStack() as stack:
        # Before the settings, which ask where the embedded database is.
        cluster = None if external_database() else cluster_of(places(), say)
        if not WITHOUT_TABLES.issuperset(_named(words) or COMMANDS):
            _set_up()
        arguments = _parser(words).parse_args(words)
        if _needs_database(arguments):
            _set_up()
            if cluster:
                stack.enter_context(cluster.in_use())
            preparation = importlib.import_module("plein.cli.preparation")
            preparation.prepare(cluster, say)
        code: int = arguments.module.run(arguments)
        return code


def _disk_is_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, psycopg.errors.DiskFull):
            return True
        error = error.__cause__ or error.__context__
    return False


def _sentence(error: BaseException) -> str | None:
    if isinstance(error, EXPECTED):
        return str(error)
    if _disk_is_full(error):
        return "The disk is full: nothing is lost and nothing is half done; make room and type the same command again."
    if isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError):
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        return f"The database does not answer: {reason}"
    if isinstance(error, DatabaseError):
        return None
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'The system'}: {error.strerror}."
    return None


def main(words: list[str] | None = None) -> int:
    """Carries out one command and returns its exit code."""
    try:
        return _carry_out(sys.argv[1:] if words is None else words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        say(sentence)
        return 1


if __name__ == "__main__":
    sys.exit(main())
