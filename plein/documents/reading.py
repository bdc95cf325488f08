# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the files that wait, a few at a time: one transaction finds them, none is open while they are read, and another
one keeps their words. Whoever is stopped goes on where files still wait; nothing is done twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from plein.core import blobs
from plein.documents.actions import ReadFile, keep_words
from plein.documents.files import Answer, program, read_files
from plein.documents.queries import END, START, WaitingFile, waiting_files
from plein.trust.models import User
from plein.trust.seats import entered

#: Files that are found, read and kept together.
AT_ONCE = 25
_GONE = Answer("refused", reason="The bytes of this file are not here. Bring a backup of the files back.")


@dataclass
class FileReader:
    """One turn, as a colleague: over the files they may see, of the moments between two."""

    user: User
    workspace: int
    should_stop: Callable[[], bool] = lambda: False

    def run(self, *, after: UUID = START, until: UUID = END) -> int:
        """Read what waits; returns how many files."""
        done, past, sees = 0, START, program() is not None
        while not self.should_stop():
            with entered(self.user, self.workspace, door="worker"):
                found = waiting_files(after=after, until=until, past=past, limit=AT_ONCE, sees=sees)
                places = [blobs.path_of(one.sha256) for one in found]
            if not found:
                break
            read = _read(found, places)
            with entered(self.user, self.workspace, door="worker") as actor:
                keep_words(actor=actor, files=read)
            past = found[-1].id
            done += len(found)
        return done


def _read(files: Sequence[WaitingFile], places: Sequence[Path]) -> list[ReadFile]:
    here = [place.is_file() for place in places]
    wanted = [(place, file.name) for file, place, is_here in zip(files, places, here, strict=True) if is_here]
    answers = iter(list(read_files(wanted)))
    return [ReadFile(file, next(answers) if is_here else _GONE) for file, is_here in zip(files, here, strict=True)]
