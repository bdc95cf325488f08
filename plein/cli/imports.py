# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import`: what can be brought in from outside."""

import argparse

from plein.cli import import_mail

HELP = "bring in mail"
needs_database = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    mail = kinds.add_parser("mail", help=import_mail.HELP, description=import_mail.HELP)
    import_mail.add_arguments(mail)


def run(arguments: argparse.Namespace) -> int:
    return import_mail.run(arguments)
