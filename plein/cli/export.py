# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein export`: a list, or a saved view of one, as a file, with the eyes of a user."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, get_args

from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, hand_over, say
from plein.lists.conditions import BadFilter
from plein.lists.export.actions import export_list
from plein.lists.export.streaming import Export, FileFormat, Look
from plein.lists.kinds import ListKind, kinds
from plein.lists.query import ViewQuery
from plein.trust.seats import entered

HELP = "write a list, or a view of one, into a file"
needs_database = True
STANDARD_OUTPUT = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("list", metavar="LIST", help="a kind: person, organization, moment, todo")
    parser.add_argument("file", metavar="FILE", help="where it is written; - for standard output")
    parser.add_argument("--user", required=True, metavar="EMAIL", help="with whose eyes")
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    parser.add_argument(
        "--filter", default="", metavar="QUESTIONS", help="as in the address of a list: place:is:Zwolle"
    )
    parser.add_argument("--search", default="", metavar="WORDS", help="as in the search field of a list")
    parser.add_argument("--columns", default="", metavar="KEYS", help="which columns, with commas between them")
    parser.add_argument("--sort", default="", metavar="KEY", help="by which column; -KEY turns the order round")
    parser.add_argument("--group", default="", metavar="KEY", help="by which column rows stand together")
    parser.add_argument("--format", choices=get_args(FileFormat.__value__), default="csv")
    parser.add_argument("--json", action="store_true", help="the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    made = _prepared(arguments)
    size = _write(made.pieces(), arguments.file)
    result = {"file": arguments.file, "rows": made.sent, "bytes": size, "seconds": round(time.monotonic() - began, 2)}
    if arguments.json and arguments.file != STANDARD_OUTPUT:
        hand_over(result)
    else:
        say(f"{made.sent} rows, {size} bytes, {result['seconds']} s")
    return 0


def _prepared(arguments: argparse.Namespace) -> Export:
    kind = _kind(arguments.list)
    asked = {"q": arguments.search, "columns": arguments.columns, "sort": arguments.sort, "group": arguments.group}
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    with entered(user, seat.workspace_id, door="cli") as actor:
        try:
            query = ViewQuery.read(kind, {"f": arguments.filter, **asked})
            return export_list(actor=actor, query=query, look=Look(arguments.format), door="cli", is_limited=False)
        except BadFilter as refusal:
            raise CommandTrouble(str(refusal)) from refusal


def _kind(name: str) -> ListKind:
    found = next((one for one in kinds() if name in (one.key, str(one.plural).lower())), None)
    if found is None:
        raise CommandTrouble(f"There is no list {name}: choose {', '.join(one.key for one in kinds())}.")
    return found


def _write(pieces: Iterator[bytes], name: str) -> int:
    """Write all of it, or nothing: a file that was there stays until the new one is whole."""
    if name == STANDARD_OUTPUT:
        return _pour(pieces, sys.stdout.buffer)
    target = Path(name)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            size = _pour(pieces, file)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return size


def _pour(pieces: Iterator[bytes], into: BinaryIO) -> int:
    return sum(into.write(piece) for piece in pieces)
