# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein export`: a list, or a saved view of one, as a file, with the eyes of a user."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, get_args
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, hand_over, say
from plein.lists.conditions import BadFilter
from plein.lists.export.actions import export_list
from plein.lists.export.streaming import Export, FileFormat, Look
from plein.lists.kinds import ListKind, kind_of, kinds
from plein.lists.models import SavedView
from plein.lists.query import ViewQuery
from plein.trust.seats import entered

HELP = "write a list, or a view of one, into a file"
needs_database = True
STANDARD_OUTPUT = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("list", metavar="VIEW", help="person, organization, moment, todo, or a saved view")
    parser.add_argument("file", metavar="FILE", help="where it is written; - for standard output")
    parser.add_argument("--user", required=True, metavar="EMAIL", help="with whose eyes")
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    parser.add_argument(
        "--filter", default="", metavar="QUESTIONS", help="as in the address of a list: place:is:Zwolle"
    )
    parser.add_argument("--search", default="", metavar="WORDS", help="as in the search field of a list")
    parser.add_argument("--columns", default="", metavar="KEYS", help="which columns, with commas between them")
    parser.add_argument("--sort", default="", metavar="KEY", help="by which column; --sort=-KEY turns the order round")
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
    given = {"f": arguments.filter, "q": arguments.search, "columns": arguments.columns}
    given |= {"sort": arguments.sort, "group": arguments.group}
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    with entered(user, seat.workspace_id, door="cli") as actor:
        kind, saved = _named(arguments.list)
        # What is typed takes the place of what the view says; a kind alone shows all of it.
        asked = QueryDict(saved.query).dict() if saved else {"f": ""}
        try:
            query = ViewQuery.read(kind, asked | {name: text for name, text in given.items() if text})
            return export_list(
                actor=actor,
                query=query,
                look=Look(arguments.format),
                door="cli",
                view_id=saved.id if saved else None,
                is_limited=False,
            )
        except BadFilter as refusal:
            raise CommandTrouble(str(refusal)) from refusal
        except PermissionDenied as refusal:
            raise CommandTrouble(f"{user.email} may not take lists along.") from refusal


def _named(name: str) -> tuple[ListKind, SavedView | None]:
    """A kind of list, or a saved view that the user may use: by its name or by its id."""
    for kind in kinds():
        if name in (kind.key, str(kind.plural).lower()):
            return kind, None
    views = list(SavedView.objects.filter(name__iexact=name).order_by("id")[:2])
    if not views and (view_id := _uuid(name)) is not None:
        views = list(SavedView.objects.filter(id=view_id))
    if len(views) > 1:
        raise CommandTrouble(f"Several views are called {name}: give the id from the address of the one you mean.")
    if not views:
        known = ", ".join(one.key for one in kinds())
        raise CommandTrouble(f"There is no list or view {name}. Lists are {known}.")
    return kind_of(views[0].kind), views[0]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
