# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import`: what can be brought in from outside."""

import argparse

from plein.cli import import_archive, import_calendar, import_contacts, import_documents, import_mail

HELP = "bring in mail, an address book, a calendar, the archive of a network, or invoices and bank statements"
needs_database = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    commands = (
        ("mail", import_mail),
        ("contacts", import_contacts),
        ("calendar", import_calendar),
        ("archive", import_archive),
        ("documents", import_documents),
    )
    for name, command in commands:
        one = kinds.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(one)
        one.set_defaults(bring=command.run)


def run(arguments: argparse.Namespace) -> int:
    return int(arguments.bring(arguments))
