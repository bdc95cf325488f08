# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody chooses for `plein import contacts`, by what they typed, did before, or as the file looks."""

import argparse
from dataclasses import replace
from pathlib import Path

from plein.channels.connectors.contacts.tables import DELIMITERS, NAMES, Dialect
from plein.cli.people import audience_named, user_named
from plein.cli.speech import CommandTrouble, say
from plein.imports.actions import Wishes, remembered
from plein.imports.entries import Book, look_at
from plein.imports.mapping import TARGETS, BadMapping, Column
from plein.imports.models import OWN_KEY, Jobs, MatchKey, Mode
from plein.imports.queries import earlier_of
from plein.trust.actions import ensure_first_workspace
from plein.trust.models import User
from plein.trust.seats import Entrance


def _match(text: str) -> str:
    if text not in MatchKey.values and not text.startswith(OWN_KEY):
        raise argparse.ArgumentTypeError(f"choose one of {', '.join(MatchKey.values)}, or c.KEY")
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument(
        "--as", dest="email", metavar="EMAIL", help="the user who brings it in; default: the first owner"
    )
    parser.add_argument(
        "--circle",
        default="",
        metavar="WHO",
        help="which colleagues see whoever is new: everyone, me, the name of a team, or people:EMAIL,EMAIL; "
        "default: whom the user adds things for",
    )
    parser.add_argument(
        "--match",
        type=_match,
        default=MatchKey.SEEMS.value,
        metavar="KEY",
        help="by what somebody is known: seems (who it seems to be, the default), email, phone, nothing, or c.KEY for "
        "a field of your own",
    )
    parser.add_argument("--mode", choices=Mode.values, default=Mode.BOTH.value, help="add, change, or both (default)")
    parser.add_argument(
        "--jobs",
        choices=Jobs.values,
        default=Jobs.ASK.value,
        help="of whom we know at another organization: ask later (default), works here instead (change), or too (add)",
    )
    parser.add_argument("--tag", action="append", default=[], metavar="NAME", help="for all of them; may be repeated")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help=f"what a column holds, where that is guessed wrong: {', '.join(TARGETS)}, with :home or :work behind it, "
        "c.KEY for a field of your own, or nothing to leave it out; may be repeated",
    )
    parser.add_argument("--encoding", default="", metavar="NAME", help="of a text file; default: as it looks")
    parser.add_argument("--delimiter", default="", metavar="SIGN", help="of a text file; default: as it looks")
    parser.add_argument("--errors", type=Path, metavar="FILE", help="where a CSV of what was left out is written")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would become of each entry")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def user_of(email: str | None) -> User:
    """Who brings it in."""
    if email is None:
        _workspace, email, _link = ensure_first_workspace()
    return user_named(email)


def book_of(path: Path, actor: Entrance, arguments: argparse.Namespace) -> Book:
    """How the file is written and what its columns hold: as the user says, as they did before, or as it looks."""
    book = look_at(path)
    if book.dialect is None:
        say("An address book of cards.")
        return book
    if arguments.delimiter and arguments.delimiter not in DELIMITERS:
        raise CommandTrouble("--delimiter wants one of , ; | or a tab.")
    dialect = Dialect(arguments.encoding or book.dialect.encoding, arguments.delimiter or book.dialect.delimiter)
    book = look_at(path, dialect) if dialect != book.dialect else book
    book = remembered(book, earlier_of(book.head, actor.seat_id))
    columns = list(book.columns)
    for text in arguments.map:
        heading, equals, target = text.partition("=")
        if not equals or heading not in book.head:
            raise CommandTrouble(f"--map wants COLUMN=FIELD; columns are {', '.join(book.head)}.")
        try:
            columns[book.head.index(heading)] = Column.read(target)
        except BadMapping as trouble:
            raise CommandTrouble(f"There is no field {trouble}. Fields are {', '.join(TARGETS)}, c.KEY.") from trouble
    say(f"A table: {dialect.encoding}, {NAMES[dialect.delimiter]}.")
    for heading, column in zip(book.head, columns, strict=True):
        say(f"  {heading}: {str(column) or 'left out'}")
    return replace(book, columns=tuple(columns))


def wishes_of(arguments: argparse.Namespace) -> Wishes:
    """What is to become of it; raises UnknownCircle."""
    return Wishes(
        audience_named(arguments.circle), arguments.match, arguments.mode, tuple(arguments.tag), arguments.jobs
    )
