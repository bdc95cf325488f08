# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein token`: a key to the REST door for one user; it is shown once."""

import argparse
from datetime import timedelta

from plein.cli.people import seat_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.trust.actions import PROVEN_AT_MOST, make_token
from plein.trust.models import ApiToken

HELP = "make a token for the REST API"
needs_database = True
DAYS, MOST_DAYS = 365, 3650


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument(
        "--scope",
        choices=[scope for scope, _words in ApiToken.SCOPES],
        required=True,
        help="read; write: read and write; admin: read, and manage users and settings; all",
    )
    parser.add_argument("--days", type=int, default=DAYS, metavar="N", help=f"how long it is good; default {DAYS}")
    parser.add_argument(
        "--proven",
        action="store_true",
        help=f"also what asks for a proof: rights, erasing, large files; {PROVEN_AT_MOST.days} days at most",
    )
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the one they came to first")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    if not 1 <= arguments.days <= MOST_DAYS:
        raise CommandTrouble(f"--days wants a number from 1 to {MOST_DAYS}.")
    if arguments.proven and arguments.days > PROVEN_AT_MOST.days:
        raise CommandTrouble(f"With --proven, --days is {PROVEN_AT_MOST.days} at most.")
    seat = seat_named(arguments.email, arguments.workspace)
    token = make_token(
        user=seat.user,
        workspace=seat.workspace_id,
        scope=arguments.scope,
        lifetime=timedelta(days=arguments.days),
        is_proven=arguments.proven,
    )
    if arguments.json:
        hand_over({"token": token})
    else:
        say(f"This token of {seat.user.email} is good for {arguments.days} days and is not shown again:")
        tell(token)
    return 0
