# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import calendar PATH`: brings an iCalendar file in; the same command again changes only what it says anew."""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import batched
from pathlib import Path
from uuid import UUID

from plein.channels.connectors.icalfeed.parse import NoCalendar, Written
from plein.cli.contact_choices import user_of
from plein.cli.people import audience_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.isolation import in_operation
from plein.core.operations import begin
from plein.dav.bringing import OUTCOMES, Bringer, Brought
from plein.dav.looking import look_at_calendar, read_file
from plein.trust.circles import UnknownCircle
from plein.trust.models import User
from plein.trust.seats import entered

HELP = "bring in a calendar: iCalendar (.ics), as Google, Outlook and telephones write it"
#: Appointments that are written together, what a dry run looks at, and of how many is told what became of them.
AT_ONCE, MOST_LOOKED_AT, TOLD = 100, 2_000, 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder with .ics files")
    parser.add_argument(
        "--as", dest="email", metavar="EMAIL", help="the user who brings it in; default: the first owner"
    )
    parser.add_argument(
        "--circle",
        default="",
        metavar="WHO",
        help="which colleagues see what is new: everyone, me, the name of a team, or people:EMAIL,EMAIL; "
        "default: whom the user adds things for",
    )
    parser.add_argument("--dry-run", action="store_true", help="only tell what would become of each appointment")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    found = list(_found(arguments.path.absolute()))
    user = user_of(arguments.email)
    try:
        brought, operation = _look(user, found, arguments) if arguments.dry_run else _bring(user, found, arguments)
    except UnknownCircle as error:
        wanted = "everyone, me, a team of yours, or people:EMAIL,EMAIL"
        raise CommandTrouble(f"--circle wants {wanted}; {error} is none of these.") from error
    counts = Counter(one.becomes for one in brought)
    figures = {"appointments": len(brought), **{name: counts[name] for name in OUTCOMES}}
    shown = [one for one in brought if one.reason or arguments.dry_run][:TOLD]
    if arguments.json:
        told = [asdict(one) | {"moment_id": str(one.moment_id or "")} for one in shown]
        hand_over({"operation": str(operation or ""), **figures, "told": told})
        return 0
    for one in shown:
        tell("  ".join(filter(None, (one.becomes, one.starts, one.title, one.reason))))
    tell(", ".join(f"{count} {name}" for name, count in figures.items()))
    return 0


def _found(path: Path) -> Iterator[Written]:
    files = [path] if path.is_file() else sorted(path.rglob("*.ics")) if path.is_dir() else []
    if not files:
        raise CommandTrouble(f"There is no calendar at {path}.")
    for file in files:
        try:
            yield from read_file(file.read_bytes())
        except NoCalendar as trouble:
            if path.is_file():
                raise CommandTrouble(str(trouble)) from trouble
            say(f"{file.name}: {trouble}")


def _look(user: User, found: list[Written], arguments: argparse.Namespace) -> tuple[list[Brought], None]:
    if len(found) > MOST_LOOKED_AT:
        say(f"Looked at the first {MOST_LOOKED_AT} appointments.")
    with entered(user, door="cli") as actor:
        circle = audience_named(arguments.circle)
        return look_at_calendar(actor=actor, some=found[:MOST_LOOKED_AT], circle=circle), None


def _bring(user: User, found: list[Written], arguments: argparse.Namespace) -> tuple[list[Brought], UUID]:
    with entered(user, door="cli") as actor:
        workspace, circle = actor.workspace_id, audience_named(arguments.circle)
        opened = begin("import_calendar", appointments=len(found)).id
    brought: list[Brought] = []
    for some in batched(found, AT_ONCE):
        with entered(user, workspace, door="cli") as actor, in_operation(opened):
            brought += Bringer(actor, circle).bring(some)
        say(f"{len(brought)} of {len(found)} appointments")
    return brought, opened
