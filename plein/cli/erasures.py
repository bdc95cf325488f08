# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing again, in a database that was restored but is nobody's yet, who was erased since the backup was made."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import translation

from plein.cli import preparation
from plein.cli.erase import administrators
from plein.cli.speech import CommandTrouble, say
from plein.erasure import ledger
from plein.erasure.actions import replay
from plein.erasure.ledger import Line, Unreadable
from plein.operate.places import places
from plein.trust.seats import entered


def read_list(file: Path) -> list[Line]:
    """The lines of a list that this Plein can replay; raises CommandTrouble before anything is changed."""
    try:
        lines = ledger.read(file)
    except Unreadable as trouble:
        raise CommandTrouble(f"{trouble} Nothing was changed here.") from trouble
    if ledger.unknown_keys(lines):
        raise CommandTrouble(
            f"{file} was written with another key. Put the secret.key of that Plein at {places().secret_key} first. "
            "Nothing was changed here."
        )
    return lines


def replay_aside(database: str, files: Path, lines: Sequence[Line]) -> int:
    """Erase in a database and a folder of files that stand beside those in use; how many people were there."""
    say("Erasing again who was erased since")
    with _working_in(database, files):
        if not preparation.is_prepared():
            preparation.migrate(say)
        count = 0
        for seat in administrators():
            with translation.override(seat.user.language), entered(seat.user, seat.workspace_id, door="cli") as actor:
                count += replay(actor=actor, lines=lines)
        return count


@contextlib.contextmanager
def _working_in(database: str, files: Path) -> Iterator[None]:
    """Everything inside works with that database and those files."""
    before, kept = settings.PLEIN_FILES, {alias: connections.settings[alias]["NAME"] for alias in ("default", "owner")}
    try:
        _point_at(dict.fromkeys(kept, database))
        settings.PLEIN_FILES = files
        yield
    finally:
        settings.PLEIN_FILES = before
        _point_at(kept)


def _point_at(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].close_pool()  # type: ignore[attr-defined]  # every PostgreSQL connection has a pool to close
        connections.settings[alias]["NAME"] = name
