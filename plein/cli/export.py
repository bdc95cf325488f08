# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein export`: a list, or a saved view of one, as a file, with the eyes of a user.

Lists become tables; people and organizations also cards of an address book, and appointments a calendar.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, hand_over, say
from plein.dav.exports import AGENDA, CALENDAR, CARD, MOMENTS, TABLES, NotThatFile, shape_of
from plein.lists.conditions import BadFilter
from plein.lists.export.actions import export_list
from plein.lists.export.streaming import Export, Look, Shape
from plein.lists.kinds import ListKind, kind_of, kinds
from plein.lists.models import SavedView
from plein.lists.query import ViewQuery
from plein.trust.seats import Entrance, entered

HELP = "write a list, or a view of one, into a file"
needs_database = True
STANDARD_OUTPUT = "-"
#: Another word for the same file.
ICAL = "ical"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("list", metavar="VIEW", help="people, organizations, moments, todos, calendar, or a saved view")
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default=STANDARD_OUTPUT,
        help="where it is written; - for standard output, as it is without",
    )
    parser.add_argument(
        "--view", default="", metavar="NAME", help="only what this saved view of that list shows, by its name or id"
    )
    parser.add_argument("--user", required=True, metavar="EMAIL", help="with whose eyes")
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    parser.add_argument(
        "--filter", default="", metavar="QUESTIONS", help="as in the address of a list: place:is:Zwolle"
    )
    parser.add_argument("--search", default="", metavar="WORDS", help="as in the search field of a list")
    parser.add_argument("--columns", default="", metavar="KEYS", help="which columns, with commas between them")
    parser.add_argument("--sort", default="", metavar="KEY", help="by which column; --sort=-KEY turns the order round")
    parser.add_argument("--group", default="", metavar="KEY", help="by which column rows stand together")
    parser.add_argument(
        "--format",
        choices=(*TABLES, CARD, CALENDAR, ICAL),
        help="default: csv, and of the calendar ics; vcard for people and organizations",
    )
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
        kind, saved = _chosen(arguments.list, arguments.view)
        shape = _shape(actor, arguments, kind)
        # What is typed takes the place of what the view says; a kind alone shows all of it.
        asked = QueryDict(saved.query).dict() if saved else {"f": ""}
        try:
            query = ViewQuery.read(kind, asked | {name: text for name, text in given.items() if text})
            return export_list(
                actor=actor,
                query=query,
                look=Look(wanted) if (wanted := _format(arguments)) in TABLES else Look(),  # type: ignore[arg-type]
                door="cli",
                view_id=saved.id if saved else None,
                shape=shape,
                is_limited=False,
            )
        except BadFilter as refusal:
            raise CommandTrouble(str(refusal)) from refusal
        except PermissionDenied as refusal:
            raise CommandTrouble(f"{user.email} may not take lists along.") from refusal


def _chosen(name: str, view: str) -> tuple[ListKind, SavedView | None]:
    """A kind of list, or a saved view of one that the user may use."""
    kind = _kind_named(MOMENTS if name == AGENDA else name)
    if kind is None:
        if view:
            raise CommandTrouble(f"--view narrows a list, and {name} is none. Lists are {_known()}, {AGENDA}.")
        saved = _view_named(name)
        if saved is None:
            raise CommandTrouble(f"There is no list or view {name}. Lists are {_known()}.")
        return kind_of(saved.kind), saved
    if not view:
        return kind, None
    saved = _view_named(view, kind)
    if saved is None:
        raise CommandTrouble(f"There is no view {view} of {str(kind.plural).lower()} that the user may use.")
    return kind, saved


def _kind_named(name: str) -> ListKind | None:
    return next((kind for kind in kinds() if name in (kind.key, f"{kind.key}s", str(kind.plural).lower())), None)


def _known() -> str:
    return ", ".join(one.key for one in kinds())


def _view_named(name: str, kind: ListKind | None = None) -> SavedView | None:
    """A saved view that the user may use: by its name or by its id."""
    known = SavedView.objects.filter(kind=kind.key) if kind else SavedView.objects.all()
    views = list(known.filter(name__iexact=name).order_by("id")[:2])
    if not views and (view_id := _uuid(name)) is not None:
        views = list(known.filter(id=view_id))
    if len(views) > 1:
        raise CommandTrouble(f"Several views are called {name}: give the id from the address of the one you mean.")
    return views[0] if views else None


def _shape(actor: Entrance, arguments: argparse.Namespace, kind: ListKind) -> Shape | None:
    """What the file is when it is no table: cards, a calendar of a view, or the user's own agenda."""
    is_agenda = arguments.list == AGENDA
    try:
        return shape_of(actor, kind, _format(arguments), is_agenda=is_agenda, has_view=bool(arguments.view))
    except NotThatFile as refusal:
        raise CommandTrouble(str(refusal)) from refusal


def _format(arguments: argparse.Namespace) -> str:
    """The kind of file that was asked for: of the calendar a calendar, else a table."""
    wanted = arguments.format or (CALENDAR if arguments.list == AGENDA else TABLES[0])
    return CALENDAR if wanted == ICAL else str(wanted)


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
