# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import contacts PATH`: brings an address book in; the same command again goes on where it stopped."""

import argparse
import csv
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import batched, islice
from pathlib import Path
from typing import Any

from plein.channels.connectors.contacts.tables import NotATable
from plein.channels.models import ImportState
from plein.cli.contact_choices import add_arguments, book_of, user_of, wishes_of
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.isolation import in_operation
from plein.core.leases import AtWork, Superseded
from plein.imports.actions import pause_import, resume_import, start_import
from plein.imports.effects import CHANGED, DOUBTFUL, NEW, REFUSED, SAME, SKIPPED, Effect
from plein.imports.entries import entries_of
from plein.imports.models import ContactImport, LeftOut
from plein.imports.queries import unfinished_of
from plein.imports.runner import AT_ONCE, Runner, write_some
from plein.lists.export.cells import safe
from plein.trust.circles import UnknownCircle
from plein.trust.models import User
from plein.trust.seats import entered

HELP = "bring in an address book: vCard, CSV, TSV, XLSX or ODS"
INTERRUPTED = 130
#: What a dry run looks at, and of how many entries it tells what becomes of them.
MOST_LOOKED_AT, TOLD = 20_000, 50
OUTCOMES = (NEW, CHANGED, SAME, DOUBTFUL, SKIPPED, REFUSED)


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


class _OnlyLooking(Exception):
    """Ends a dry run: nothing that was written stays."""


def _look_ahead(user: User, path: Path, arguments: argparse.Namespace) -> int:
    effects: list[Effect] = []
    result: dict[str, Any] = {}
    with suppress(_OnlyLooking), entered(user, door="cli") as actor:
        book = book_of(path, actor, arguments)
        planned = start_import(actor=actor, book=book, wishes=wishes_of(arguments))
        with in_operation(planned.operation_id):
            entries = islice(entries_of(book), MOST_LOOKED_AT)
            for some in batched(entries, AT_ONCE):
                effects += write_some(actor, planned, some, keeps_photos=False)
        result = _figures(planned)
        raise _OnlyLooking
    if len(effects) >= MOST_LOOKED_AT:
        say(f"Looked at the first {MOST_LOOKED_AT} entries.")
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
        "reasons": effect.reasons,
    }


def _line(effect: Effect) -> str:
    changes = [f"{name}: {old or '-'} > {new}" for name, old, new in effect.changes]
    return (
        f"{effect.entry.number:>6}  {effect.what:<9} {effect.name}  {'; '.join([*changes, *effect.reasons])}".rstrip()
    )


def _figures(planned: ContactImport) -> dict[str, Any]:
    return {"entries": planned.position, **{name: int(planned.counts.get(name, 0)) for name in OUTCOMES}}


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
    with entered(user, workspace, door="cli"):
        rows = LeftOut.objects.filter(contact_import=done).order_by("number")
        count = rows.count()
        if path is not None and count:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                head: Sequence[str] = done.head or ["name"]
                writer.writerow([safe(one) for one in [*head, "line", "why"]])
                for one in rows.iterator():
                    cells = (list(one.cells) + [""] * len(head))[: len(head)]
                    writer.writerow([safe(str(cell)) for cell in [*cells, one.number, one.reason]])
    return count
