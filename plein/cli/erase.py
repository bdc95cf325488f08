# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein erase SUBJECT`: takes a person out of everything there is, for good."""

import argparse
from collections.abc import Iterator
from uuid import UUID

from django.utils import translation

from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.consent.models import Subject
from plein.erasure import ledger
from plein.erasure.actions import erase_subject, erased_before, finish_erasure, subject_of
from plein.erasure.models import Erasure
from plein.erasure.refusals import Refused
from plein.trust.models import Role
from plein.trust.queries import SeatLine, every_seat
from plein.trust.seats import entered

HELP = "take a person out of everything there is, for good"
needs_database = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="SUBJECT", help="the id of the data subject, or of the person")
    parser.add_argument(
        "--never-contact",
        action="store_true",
        help="keep keyed hashes of the addresses, so that nothing goes there again",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    try:
        wanted = UUID(arguments.subject)
    except ValueError as trouble:
        raise CommandTrouble(f"{arguments.subject[:200]} is not the id of a person.") from trouble
    for seat in administrators():
        with translation.override(seat.user.language):
            if (done := _erased(seat, wanted, arguments.never_contact or None)) is not None:
                _tell(arguments, done)
                return 0
    raise CommandTrouble("There is nobody with this id.")


def administrators() -> Iterator[SeatLine]:
    """An owner or administrator of each workspace, who may sign in."""
    seats = [seat for seat in every_seat() if seat.is_active and seat.user.is_active]
    seats.sort(key=lambda seat: (seat.workspace_id, seat.role != Role.OWNER))
    found: set[int] = set()
    for seat in seats:
        if seat.role in (Role.OWNER, Role.ADMINISTRATOR) and seat.workspace_id not in found:
            found.add(seat.workspace_id)
            yield seat


def _erased(seat: SeatLine, wanted: UUID, never: bool | None) -> Erasure | None:
    """The erasure in this workspace, or nothing when the person is not of it. The files go when the rows are gone."""
    try:
        with entered(seat.user, seat.workspace_id, door="cli") as actor:
            subject = subject_of(actor=actor, relation_id=wanted) or wanted
            erasure = erase_subject(actor=actor, subject_id=subject, never_contact=never)
    except Subject.DoesNotExist:
        with entered(seat.user, seat.workspace_id, door="cli") as actor:
            before = erased_before(actor=actor, person_id=wanted)
        if before is None:
            return None
        erasure = before
    except Refused as refusal:
        raise CommandTrouble(str(refusal)) from refusal
    with entered(seat.user, seat.workspace_id, door="cli") as actor:
        return finish_erasure(actor=actor, erasure=erasure)


def _tell(arguments: argparse.Namespace, erasure: Erasure) -> None:
    if arguments.json:
        hand_over({"subject": erasure.subject_id, "erased_at": erasure.asked_at, "done_at": erasure.done_at,
                   "list": str(ledger.path())})  # fmt: skip
        return
    tell(f"{erasure.subject_id} is erased.")
    say(f"Keep a copy of {ledger.path()} apart from the backups: an older one is restored with it.")
