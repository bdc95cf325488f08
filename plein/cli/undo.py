# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein undo OPERATION`: turns back what an operation did, as the user who did it."""

import argparse
from uuid import UUID

from plein.cli.people import user_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.models import Operation
from plein.core.operations import UNDO_DAYS, CannotUndo
from plein.trust.actions import turn_back
from plein.trust.models import Role, User
from plein.trust.queries import SeatLine, every_seat
from plein.trust.seats import entered

HELP = "turn an operation back"
needs_database = True
REFUSALS = {
    "undone": "This operation was turned back already.",
    "expired": f"This operation is more than {UNDO_DAYS} days ago, so it can no longer be turned back.",
    "erased": "This was about somebody who asked to be forgotten: nothing of it is kept.",
    "answered": "They have read this answer: what it did is changed on the page about them.",
    "forgotten": "Its password is forgotten, so it does not come back: connect the account again.",
    "owner": "Turning this back would leave the workspace without an owner.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("operation", metavar="OPERATION", help="its id, as other commands and /api/v1/operations say")
    parser.add_argument("--as", dest="email", default="", metavar="EMAIL", help="default: the user who did it")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    try:
        wanted = UUID(arguments.operation)
    except ValueError as trouble:
        raise CommandTrouble(f"{arguments.operation[:200]} is not the id of an operation.") from trouble
    seat = _seat(wanted, user_named(arguments.email) if arguments.email else None)
    try:
        with entered(seat.user, seat.workspace_id, door="cli"):
            result = turn_back(wanted)
    except CannotUndo as refused:
        words = f"There is nothing of this operation that {seat.user.email} may see."
        raise CommandTrouble(REFUSALS.get(refused.reason, words)) from refused
    if arguments.json:
        hand_over({"turned_back": result.turned_back, "left_alone": result.left_alone})
        return 0
    tell(f"{result.turned_back} rows are as they were before.")
    if result.left_alone:
        say(f"{result.left_alone} rows were changed since, and are left alone.")
    return 0


def _seat(wanted: UUID, chosen: User | None) -> SeatLine:
    """The seat that turns it back: the chosen one, else whose operation it was, else an owner's."""
    seats = [seat for seat in every_seat() if seat.is_active and seat.user.is_active]
    seats.sort(key=lambda seat: seat.role != Role.OWNER)
    first = {seat.workspace_id: seat for seat in reversed(seats)}
    for workspace, seat in first.items():
        with entered(seat.user, workspace, door="cli"):
            operation = Operation.objects.filter(id=wanted).first()
        if operation is not None:
            of_it = [one for one in seats if one.workspace_id == workspace]
            if chosen is not None:
                of_it = [one for one in of_it if one.user == chosen]
                if not of_it:
                    raise CommandTrouble(f"{chosen.email} has no seat in the workspace of this operation.")
                return of_it[0]
            return next((one for one in of_it if one.seat_id == operation.seat_id), seat)
    raise CommandTrouble("There is no operation with this id.")
