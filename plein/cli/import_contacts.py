# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import contacts PATH`: brings an address book in; the same command again goes on where it stopped."""

import argparse
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plein.channels.connectors.contacts.tables import NotATable
from plein.channels.models import ImportState
from plein.cli.contact_choices import add_arguments, book_of, user_of, wishes_of
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.leases import AtWork, Superseded
from plein.identity.queries.duplicates import to_decide
from plein.imports.actions import pause_import, resume_import, start_import
from plein.imports.ahead import MOST, Ahead
from plein.imports.effects import OUTCOMES, Effect
from plein.imports.leftovers import write_left_out
from plein.imports.models import ContactImport, LeftOut
from plein.imports.queries import unfinished_of
from plein.imports.runner import Runner
from plein.trust.circles import UnknownCircle
from plein.trust.models import User
from plein.trust.seats import entered

HELP = "bring in an address book: vCard, CSV, TSV, XLSX, ODS or JSON"
INTERRUPTED = 130
#: Of how many entries a dry run tells what becomes of them.
TOLD = 50


__all__ = ["HELP", "add_arguments", "run"]


def run(arguments: argparse.Namespace) -> int:
    path = arguments.path.absolute()
    if not path.is_file():
        raise CommandTrouble(f"There is no file at {arguments.path}.")
    user = user_of(arguments.email)
    with _told_in_words():
        if arguments.dry_run:
            return _look_ahead(user, path, arguments)
        return _bring_in(user, path, arguments)


@contextmanager
def _told_in_words() -> Iterator[None]:
    try:
        yield
    except UnknownCircle as error:
        wanted = "everyone, me, a team of yours, or people:EMAIL,EMAIL"
        raise CommandTrouble(f"--circle wants {wanted}; {error} is none of these.") from error
    except (NotATable, AtWork) as error:
        raise CommandTrouble(str(error)) from error
    except Superseded as error:
        raise CommandTrouble("Another process goes on with this import now.") from error
    except LookupError as error:
        raise CommandTrouble(f"--encoding wants the name of a character set: {error}.") from error


def _look_ahead(user: User, path: Path, arguments: argparse.Namespace) -> int:
    with entered(user, door="cli") as actor:
        ahead = Ahead(user, actor.workspace_id, book_of(path, actor, arguments), wishes_of(arguments))
    effects = [one for some in ahead.effects() for one in some]
    counted = Counter(one.what for one in effects)
    result = {"entries": len(effects), **{name: counted[name] for name in OUTCOMES}}
    if len(effects) >= MOST:
        say(f"Looked at the first {MOST} entries.")
    told = [_told(one) for one in effects[:TOLD]]
    if arguments.json:
        hand_over({**result, "entries": told})
    else:
        for effect in effects[:TOLD]:
            tell(_line(effect))
        tell(", ".join(f"{count} {name}" for name, count in result.items()))
    return 0


def _told(effect: Effect) -> dict[str, Any]:
    changes = [{"field": name, "from": old, "to": new} for name, old, new in effect.changes]
    return {
        "entry": effect.entry.number,
        "name": effect.name,
        "becomes": effect.what,
        "changes": changes,
        "reasons": effect.told,
    }


def _line(effect: Effect) -> str:
    changes = [f"{name}: {old or '-'} > {new}" for name, old, new in effect.changes]
    return f"{effect.entry.number:>6}  {effect.what:<9} {effect.name}  {'; '.join([*changes, *effect.told])}".rstrip()


def _figures(planned: ContactImport) -> dict[str, Any]:
    return {"entries": planned.position, **{name: int(planned.counts.get(name, 0)) for name in (*OUTCOMES, "ties")}}


def _bring_in(user: User, path: Path, arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with entered(user, door="cli") as actor:
        planned = unfinished_of(path, actor.seat_id)
        if planned is not None:
            say("Going on where the last run stopped, with the choices it was begun with.")
            planned = resume_import(actor=actor, contact_import=planned)
        else:
            planned = start_import(actor=actor, book=book_of(path, actor, arguments), wishes=wishes_of(arguments))
        workspace = actor.workspace_id
    runner = Runner(user, workspace, planned.id, on_progress=_Progress())
    try:
        done = runner.run()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with entered(user, workspace, door="cli") as actor:
            pause_import(actor=actor, contact_import=planned)
        say("Paused: nothing is lost. The same command goes on from here.")
        return INTERRUPTED
    left = _left_out(user, workspace, done, arguments.errors)
    if done.state == ImportState.FAILED:
        raise CommandTrouble(done.problem)
    result = {"operation": str(done.operation_id or ""), **_figures(done), "left_out": left}
    with entered(user, workspace, door="cli"):
        result["to_decide"] = to_decide([done.id]).get(done.id, 0)
    result["seconds"] = round(time.monotonic() - began, 2)
    if arguments.json:
        hand_over(result)
    else:
        for name, value in result.items():
            tell(f"{name}: {value}")
    return 0


class _Progress:
    """Says now and then how far it is."""

    said = 0.0

    def __call__(self, planned: ContactImport) -> None:
        if time.monotonic() - self.said >= 1:
            self.said = time.monotonic()
            say(f"{planned.position} entries")


def _left_out(user: User, workspace: int, done: ContactImport, path: Path | None) -> int:
    """How many entries were left out, or parts of them; written to a file that can be mended and brought in."""
    with entered(user, workspace, door="cli") as actor:
        count = LeftOut.objects.filter(contact_import=done).count()
        if path is not None and count:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                write_left_out(done, actor.seat_id, file)
    return count
