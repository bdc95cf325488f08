# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import mail PATH`: brings in a store of mail; the same command again goes on where it stopped."""

import argparse
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plein.channels.actions import CannotImport, Wishes, pause_import, plan_import, resume_import
from plein.channels.connectors.mail.connector import Settings
from plein.channels.connectors.mail.roles import NotRoles
from plein.channels.models import MAIL, ImportState, MailImport, Policy
from plein.cli.people import audience_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.isolation import no_workspace
from plein.moments.actions import begin_import
from plein.moments.archives.runner import worker_for
from plein.moments.intake.lease import AtWork, is_abandoned
from plein.moments.intake.runner import Runner
from plein.moments.intake.shelf import clear, roles_of
from plein.moments.intake.trouble import carry_out, is_database_gone
from plein.moments.models import Gives
from plein.trust.actions import ensure_first_workspace
from plein.trust.circles import UnknownCircle, circle_for_new
from plein.trust.models import User
from plein.trust.seats import NoSeat, entered

HELP = "bring in an mbox, a Maildir, an .eml, a folder of those or an archive of them"
INTERRUPTED = 130
UNFINISHED = (ImportState.RUNNING, ImportState.PAUSED, ImportState.FAILED)
FIGURES = ("messages", "imported", "duplicates", "unreadable", "threads", "people", "organizations")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_choices(parser)
    parser.add_argument(
        "--ours", action="append", default=[], metavar="DOMAIN|ADDRESS", help="our side; may be repeated"
    )
    parser.add_argument("--roles", type=Path, metavar="FILE", help="a CSV with address, name and job title")


def add_choices(parser: argparse.ArgumentParser) -> None:
    """What is chosen of everything that is brought in."""
    parser.add_argument("path", type=Path, metavar="PATH")
    parser.add_argument(
        "--policy",
        choices=Policy.values,
        default=Policy.ANSWERED.value,
        help="which addresses become people: those our side wrote to or answered (default), everyone, nobody",
    )
    parser.add_argument(
        "--as", dest="email", metavar="EMAIL", help="the user who brings it in; default: the first owner"
    )
    parser.add_argument(
        "--circle",
        default="",
        metavar="WHO",
        help="which colleagues, from the first mail on: everyone, me, the name of a team, or people:EMAIL,EMAIL; "
        "default: whom the user adds things for",
    )
    parser.add_argument(
        "--gives",
        choices=Gives.values,
        default=Gives.EVERYTHING.value,
        help="what they get of this mail: nothing, the envelope, also the subject, or everything (default)",
    )
    parser.add_argument("--dry-run", action="store_true", help="only tell what is in it")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    path = arguments.path.absolute()
    if not path.exists():
        raise CommandTrouble(f"There is nothing at {arguments.path}.")
    if arguments.roles and not arguments.roles.is_file():
        raise CommandTrouble(f"There is no file {arguments.roles}.")
    ours = _ours(arguments.ours)
    turn = Turn(user_named(arguments.email), arguments.json)
    return carry_through(turn, path, arguments, ours, arguments.roles.absolute() if arguments.roles else None)


def carry_through(
    turn: "Turn", path: Path, arguments: argparse.Namespace, ours: tuple[str, ...], roles: Path | None = None
) -> int:
    """Look, choose and write, or go on where the last run stopped."""
    began = time.monotonic()
    try:
        turn.find(path, roles, arguments.circle, ours)
        if turn.scan() and arguments.dry_run:
            return turn.tell_preview()
        turn.start(Wishes(arguments.policy, ours or turn.guessed, turn.circle), arguments.gives)
        turn.write()
    except UnknownCircle as error:
        wanted = "everyone, me, a team of yours, or people:EMAIL,EMAIL"
        raise CommandTrouble(f"--circle wants {wanted}; {error} is none of these.") from error
    except (CannotImport, AtWork, NotRoles) as error:
        raise CommandTrouble(str(error)) from error
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        turn.pause()
        say("Paused: nothing is lost. The same command goes on from here.")
        return INTERRUPTED
    return turn.tell_result(time.monotonic() - began)


def _ours(given: list[str]) -> tuple[str, ...]:
    try:
        return Settings(ours=tuple(given)).ours
    except ValueError as error:
        raise CommandTrouble(f"--ours wants a domain or an address, and got {', '.join(given)}.") from error


def user_named(email: str | None) -> User:
    """The user who brings it in; without a name the first owner."""
    if email is None:
        _workspace, email, _link = ensure_first_workspace()
    with no_workspace("import mail"):
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise CommandTrouble(f"There is no user {email}.")
    try:
        with entered(user, door="cli"):
            return user
    except NoSeat as error:
        raise CommandTrouble(f"{email} has no seat in any workspace.") from error


@dataclass
class Turn:
    """One run of the command."""

    user: User
    as_json: bool
    source: str = MAIL
    planned: MailImport = field(init=False)
    runner: Runner = field(init=False)
    figures: tuple[str, ...] = FIGURES
    guessed: tuple[str, ...] = ()
    circle: str = ""
    _said: float = 0.0

    def find(self, path: Path, roles: Path | None, circle: str, ours: tuple[str, ...]) -> None:
        """Go on with what was not finished, or begin anew."""
        with entered(self.user, door="cli") as actor:
            self.circle = audience_named(circle)
            circle_for_new(self.circle)
            same = MailImport.objects.filter(seat_id=actor.seat_id, path=str(path))
            for looked_at in same.filter(state=ImportState.SCANNING, is_upload=False):
                if is_abandoned(looked_at):
                    # Its process was killed before anything was written.
                    looked_at.delete()
            begun = same.filter(state__in=UNFINISHED, operation_id__isnull=False)
            last = begun.order_by("-created_at").first()
            if last is not None:
                say("Going on where the last run stopped, with the choices it was begun with.")
                last = resume_import(actor=actor, mail_import=last, in_background=False)
            else:
                roles_of(str(roles or ""), ours)
                last = plan_import(actor=actor, path=path, roles=roles, source=self.source, in_background=False)
                MailImport.objects.filter(id=last.id).update(ours=list(ours))
            self.planned = last
            workspace = actor.workspace_id
        self.runner = worker_for(self.user, workspace, self.planned.id, door="cli", on_progress=self._progress)

    def scan(self) -> bool:
        """Look what is in it, unless that was done; whether nothing has been written yet."""
        if self.planned.state == ImportState.SCANNING:
            self._carry_out(scan_only=True)
        self.guessed = tuple(self.planned.ours)
        return self.planned.state == ImportState.PREVIEW

    def start(self, wishes: Wishes, gives: str) -> None:
        """Begin to write, unless that was begun already."""
        if self.planned.state == ImportState.PREVIEW:
            say(f"Our side: {', '.join(wishes.ours) or 'unknown'}")
            with entered(self.user, door="cli") as actor:
                self.planned = begin_import(
                    actor=actor, mail_import=self.planned, wishes=wishes, gives=gives, in_background=False
                )

    def write(self) -> None:
        """Write all of it."""
        self._carry_out(scan_only=False)
        if self.planned.state != ImportState.DONE:
            say(f"The import is {self.planned.get_state_display()} now.")

    def pause(self) -> None:
        """Let it rest, whatever it was doing."""
        with entered(self.user, door="cli") as actor:
            current = MailImport.objects.get(id=self.planned.id)
            if current.state == ImportState.RUNNING:
                pause_import(actor=actor, mail_import=current)
            elif current.operation_id is None:
                # Nothing is written: the next run looks anew.
                current.delete()
                clear(self.planned)
            MailImport.objects.filter(id=current.id).update(lease_until=None, holder="")

    def tell_preview(self) -> int:
        """What is in it, and what each policy would make of it."""
        preview = self.planned.preview
        with entered(self.user, door="cli"):
            MailImport.objects.filter(id=self.planned.id).delete()
        clear(self.planned)
        if self.as_json:
            hand_over(preview)
        else:
            for name, value in preview.items():
                tell(f"{name}: {value}")
        return 0

    def tell_result(self, seconds: float) -> int:
        """What came of it."""
        counts = self.planned.counts
        result: dict[str, Any] = {"operation": str(self.planned.operation_id or "")}
        result |= {name: int(counts.get(name, 0)) for name in self.figures} | {"seconds": round(seconds, 2)}
        if self.as_json:
            hand_over(result)
        else:
            for name, value in result.items():
                tell(f"{name}: {value}")
        return 0 if self.planned.state == ImportState.DONE else 1

    def _carry_out(self, *, scan_only: bool) -> None:
        try:
            carry_out(self.runner, scan_only=scan_only)
        except Exception as error:
            if is_database_gone(error):
                reason = str(error).strip().splitlines()[:1]
                raise CommandTrouble(
                    f"The database went away ({''.join(reason)}). Nothing is lost: the same command goes on from here."
                ) from error
            raise
        with entered(self.user, door="cli"):
            self.planned = MailImport.objects.get(id=self.planned.id)
        if self.planned.state == ImportState.FAILED:
            raise CommandTrouble(self.planned.problem)

    def _progress(self, planned: MailImport) -> None:
        if time.monotonic() - self._said < 1:
            return
        self._said = time.monotonic()
        counts, total = planned.counts, planned.preview.get("messages") or 0
        if counts.get("stage") == "messages":
            say(f"{counts['messages']} of {total} messages, {counts.get('duplicates', 0)} of them copies")
        elif counts.get("stage") == "people":
            say(f"{counts.get('people', 0)} people, {counts.get('organizations', 0)} organizations")
        else:
            say(f"Looking: {counts.get('messages', 0)} messages")
