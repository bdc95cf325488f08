# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recognises letters in pictures with tesseract, where it is installed: a program apart, within limits of its own."""

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from shutil import which

from PIL import Image

from plein.documents.files.limits import Limits

PROGRAM = "tesseract"
#: In which languages letters are looked for, as far as tesseract has them.
LANGUAGES = ("nld", "eng")
#: Below this tesseract guesses: the grain of a photo is no word.
SURE = 50.0
_ASKING_SECONDS = 10
#: How far it stands aside for whatever else the machine does.
_NICE = 10
_WORD, _COLUMNS = "5", 12

NO_PROGRAM = "This is a picture, or a scan, of which no letters were read: tesseract is not installed where Plein runs."
NOT_ALL = "This file takes long to read: of its pictures only the first were read for letters."
NOT_THIS = "This file has a picture that broke the program that reads letters. It was not read."


@dataclass(frozen=True, slots=True)
class Program:
    """The tesseract of this machine: where it is, and which of our languages it knows."""

    path: str
    languages: tuple[str, ...]


@cache
def program() -> Program | None:
    """Tesseract, when it is in the path and knows one of our languages."""
    path = which(PROGRAM)
    if path is None:
        return None
    try:
        asked = subprocess.run([path, "--list-langs"], capture_output=True, timeout=_ASKING_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    known = asked.stdout.decode(errors="replace").split()
    languages = tuple(one for one in LANGUAGES if one in known)
    return Program(path, languages) if languages else None


class Eyes:
    """Reads the letters of the pictures of one file, of so many and for so long; says what it could not do."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._pictures, self._left = limits, limits.pictures, limits.looking
        #: Why not all of it was read, or "".
        self.flaw = ""

    @property
    def are_open(self) -> bool:
        """Whether another picture can be read; when not, it is said why."""
        if program() is None:
            self.flaw = NO_PROGRAM
            return False
        if self._pictures <= 0 or self._left <= 0:
            self.flaw = NOT_ALL
            return False
        return True

    @property
    def are_blind(self) -> bool:
        """Whether there was a picture and nothing to read it with."""
        return self.flaw == NO_PROGRAM

    def letters_of(self, picture: Image.Image) -> str:
        """The lines that stand in a grey picture."""
        tesseract = program()
        if tesseract is None or not self.are_open:
            return ""
        begun = time.monotonic()
        told = _told(tesseract, picture, self._limits, self._left)
        self._pictures -= 1
        self._left -= time.monotonic() - begun
        if told is None:
            self.flaw = NOT_ALL if self._left <= 0 else NOT_THIS
        return _lines(told or "")


def _told(tesseract: Program, picture: Image.Image, limits: Limits, seconds: float) -> str | None:
    """What tesseract says of a picture, as a table; nothing when it took too long or broke."""
    drawn = BytesIO()
    # What a stranger sent was opened before, and drawn anew: tesseract never sees the file itself.
    picture.save(drawn, "PPM")
    command = [tesseract.path, "stdin", "stdout", "-l", "+".join(tesseract.languages), "tsv"]
    environment = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX", "TMPDIR") if name in os.environ}
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"OMP_THREAD_LIMIT": "1"},
    )
    try:
        # It waits for the picture; one that ended already has nothing to be limited.
        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (limits.memory, limits.memory))
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        said, _ = process.communicate(drawn.getvalue(), timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        process.wait()
    return None if process.returncode else said.decode(errors="replace")


def _lines(told: str) -> str:
    """The words that it is sure of, line by line, with an empty line between paragraphs."""
    text: list[str] = []
    before: Sequence[str] = ()
    for row in told.splitlines():
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD or not _is_sure(cells[10], cells[11]):
            continue
        place = cells[1:5]
        if before and place != before:
            text.append("\n" if place[:3] == before[:3] else "\n\n")
        elif before:
            text.append(" ")
        text.append(cells[11].strip())
        before = place
    return "".join(text)


def _is_sure(confidence: str, word: str) -> bool:
    try:
        return float(confidence) >= SURE and any(sign.isalnum() for sign in word)
    except ValueError:
        return False
