# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein database`: makes roles and extensions in a PostgreSQL of one's own, and migrates."""

import argparse
import contextlib
import secrets
from urllib.parse import urlsplit, urlunsplit

import psycopg

from plein.cli import preparation
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.operate import roles
from plein.operate.cluster import cluster_of
from plein.operate.places import APP, DATABASE, OWNER, external_database, places

HELP = "set up or migrate the database"
UNCHANGED = "PASSWORD"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    setup = actions.add_parser("setup", help="make roles, database and extensions on an external server, or mend them")
    setup.add_argument("--admin-url", help="the address as an administrator; default: DATABASE_URL")
    setup.add_argument("--name", default=DATABASE, help=f"the database to make; default: {DATABASE}")
    setup.add_argument("--new-passwords", action="store_true", help="give roles that exist already new passwords")
    setup.add_argument("--json", action="store_true", help="print the addresses as JSON")
    actions.add_parser("migrate", help="bring tables and protection up to date")


def run(arguments: argparse.Namespace) -> int:
    return setup(arguments) if arguments.action == "setup" else migrate()


def migrate() -> int:
    with contextlib.ExitStack() as stack:
        if not external_database():
            cluster = stack.enter_context(cluster_of(places(), say).in_use())
            preparation.furnish(cluster, say)
        preparation.migrate(say)
    return 0


def setup(arguments: argparse.Namespace) -> int:
    """Makes the roles and the database; prints the two addresses with which Plein connects."""
    admin_url = arguments.admin_url or external_database()
    if not admin_url:
        raise CommandTrouble("Say where the server is: DATABASE_URL or --admin-url, with an administrator's name.")
    with _administrator(admin_url) as admin:
        roles.check_server(admin)
        present = roles.existing_roles(admin)
        passwords = roles.Passwords(
            app=_password(APP, present, arguments.new_passwords),
            owner=_password(OWNER, present, arguments.new_passwords),
        )
        roles.make_roles(admin, passwords)
        roles.make_database(admin, arguments.name)
    with _administrator(_address(admin_url, database=arguments.name)) as inside:
        for name in roles.furnish_database(inside):
            say(f"Without the extension {name}, which this administrator may not make; Plein works without it.")
    addresses = {
        "DATABASE_URL": _address(admin_url, arguments.name, APP, passwords.app),
        "DATABASE_OWNER_URL": _address(admin_url, arguments.name, OWNER, passwords.owner),
    }
    _report(addresses, as_json=arguments.json, is_new=bool(passwords.app and passwords.owner))
    return 0


def _report(addresses: dict[str, str], *, as_json: bool, is_new: bool) -> None:
    if as_json:
        hand_over(addresses)
    else:
        for name, address in addresses.items():
            tell(f"{name}={address}")
    if not is_new:
        say(f"Passwords stayed as they were: put yours in place of {UNCHANGED}, or ask for --new-passwords.")


def _administrator(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise CommandTrouble(f"The server does not let the administrator in: {reason}") from error


def _password(role: str, present: set[str], renew: bool) -> str | None:
    return secrets.token_urlsafe(24) if renew or role not in present else None


def _address(url: str, database: str, role: str | None = None, password: str | None = None) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    netloc = f"{role}:{password or UNCHANGED}@{place}" if role else parts.netloc
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))
