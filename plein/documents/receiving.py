# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that somebody sends through a door, read while they wait."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plein.documents.bringing import Brought, Wishes, bring_in
from plein.documents.files import Answer, Limits, read_files
from plein.trust.permissions import permit
from plein.trust.rates import UPLOADS, slow_down
from plein.trust.seats import Entrance

#: Somebody waits for the answer: what takes longer is for the command.
_QUICK = Limits(seconds=5.0)
_NAME = 300


def bring_sent(actor: Entrance, files: Sequence[Any], wishes: Wishes) -> list[Brought]:
    """Bring files in that were sent, in the operation of whoever calls; raises TooOften."""
    permit(actor, "import")
    slow_down("upload", actor.user.id, most=UPLOADS)
    with TemporaryDirectory() as folder:
        paths = [_kept(file, Path(folder) / str(place)) for place, file in enumerate(files)]
        names = [str(file.name)[:_NAME] for file in files]
        answers: list[Answer] = list(read_files(list(zip(paths, names, strict=True)), limits=_QUICK))
        return [
            bring_in(actor=actor, path=path, answer=answer, wishes=wishes, name=name)
            for path, answer, name in zip(paths, answers, names, strict=True)
        ]


def _kept(file: Any, path: Path) -> Path:
    with path.open("wb") as kept:
        for piece in file.chunks():
            kept.write(piece)
    return path
