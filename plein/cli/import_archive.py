# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import archive PATH`: brings in what a network let somebody download of their own account."""

import argparse

from plein.channels.connectors.archives import KINDS
from plein.cli.import_mail import Turn, add_choices, carry_through, user_named
from plein.cli.speech import CommandTrouble

HELP = "bring in what a network let somebody download: conversations, posts, connections"
FIGURES = ("messages", "imported", "duplicates", "unreadable", "threads", "people", "ties", "proposals")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_choices(parser)
    parser.add_argument(
        "--kind", dest="network", choices=KINDS, default="", help="of which network it is; default: found out"
    )
    parser.add_argument(
        "--owner",
        action="append",
        default=[],
        metavar="NAME|ADDRESS|NUMBER",
        help="what its owner is called in it; default: what the archive says; may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    path = arguments.path.absolute()
    if not path.exists():
        raise CommandTrouble(f"There is nothing at {arguments.path}.")
    turn = Turn(user_named(arguments.email), arguments.json, arguments.network, figures=FIGURES)
    return carry_through(turn, path, arguments, tuple(one.strip() for one in arguments.owner if one.strip()))
