# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein consents import FILE`: brings in a list of what people decided, as the pages do."""

import argparse
import time
from pathlib import Path

from django.core.exceptions import PermissionDenied

from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.consent.actions import Outcome, import_consents, matched_in
from plein.consent.lines import Wishes, guess_columns
from plein.consent.queries import purposes
from plein.consent.refusals import Refused
from plein.consent.vocabulary import DECISIONS
from plein.core.sheets import NotRead, Sheet, read_sheet
from plein.trust.models import Workspace
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, entered

HELP = "bring in a list of who said yes or no"
needs_database = True
FIGURES = ("recorded", "present", "waiting", "never", "left_out")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    bring = kinds.add_parser("import", help=HELP, description=HELP)
    bring.add_argument("file", type=Path, metavar="FILE", help="a CSV, or an XLSX of which the first sheet is read")
    bring.add_argument("--user", required=True, metavar="EMAIL", help="who brings it in")
    bring.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    bring.add_argument("--purpose", default="", metavar="KEY", help="for what, where the list does not say: newsletter")
    bring.add_argument(
        "--state", choices=[str(one) for one in DECISIONS], default="given", help="where the list does not say"
    )
    bring.add_argument("--for-all", action="store_true", help="it counts for all addresses of a person")
    bring.add_argument(
        "--unmatched", choices=("wait", "never", "leave"), default="wait", help="lines about nobody known"
    )
    bring.add_argument("--dry-run", action="store_true", help="only tell what would come of it")
    bring.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    try:
        sheet = read_sheet(arguments.file.read_bytes())
    except OSError as trouble:
        raise CommandTrouble(f"There is nothing to read at {arguments.file}.") from trouble
    except NotRead as trouble:
        raise CommandTrouble(str(trouble)) from trouble
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    try:
        with entered(user, seat.workspace_id, door="cli") as actor:
            permit(actor, "import")
            outcome = _brought_in(actor, sheet, arguments)
    except PermissionDenied as refusal:
        raise CommandTrouble(f"{user.email} may not bring lists in.") from refusal
    except Refused as refusal:
        raise CommandTrouble(str(refusal)) from refusal
    for line, words in outcome.bad:
        say(f"line {line}: {words}")
    figures = {name: getattr(outcome, name) for name in FIGURES} | {"bad": len(outcome.bad)}
    if arguments.json:
        seconds = round(time.monotonic() - began, 2)
        hand_over({"operation": outcome.operation_id, **figures, "seconds": seconds})
    else:
        tell(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in figures.items()))
    return 0


def _brought_in(actor: Entrance, sheet: Sheet, arguments: argparse.Namespace) -> Outcome:
    known = {one.key: one for one in purposes()}
    columns = guess_columns(sheet.head)
    if "purpose" not in columns and arguments.purpose not in known:
        raise CommandTrouble(f"--purpose wants one of {', '.join(known)}.")
    if not columns.keys() & {"email", "phone", "id"}:
        raise CommandTrouble("No column tells who it is: call one email, phone or id.")
    wishes = Wishes(
        columns=columns,
        purpose=known[arguments.purpose].id if arguments.purpose in known else None,
        state=arguments.state,
        for_all=arguments.for_all,
        unmatched=arguments.unmatched,
        country=Workspace.objects.get(id=actor.workspace_id).country,
    )
    if arguments.dry_run:
        matched = matched_in(sheet.rows, wishes)
        return Outcome(recorded=len(matched.found), left_out=len(matched.unknown), bad=matched.bad)
    return import_consents(actor=actor, rows=sheet.rows, wishes=wishes)
