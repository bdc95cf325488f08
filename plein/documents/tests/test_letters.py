# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters in pictures and scans are read where tesseract is; where it is not, that is said and made good later."""

import time
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest
from django.test import Client
from PIL import Image

from plein.core.finding import search
from plein.documents.files import Limits, program, read_files
from plein.documents.files.letters import NOT_ALL
from plein.documents.files.pictures import KINDS
from plein.documents.files.texts import kind_of
from plein.documents.models import FileText
from plein.documents.reading import FileReader
from plein.documents.tests.drawings import PICTURES, saved
from plein.documents.tests.samples import WORD
from plein.documents.tests.test_words_of_files import kept
from plein.moments.actions import IncomingFile, attach_files
from plein.moments.models import Attachment
from plein.testing.factories import make_moment, make_person
from plein.trust.models import User
from plein.trust.seats import entered

#: Answers whatever it is shown like tesseract does: a word it is sure of, and one it guesses.
FAKE = """#!/bin/sh
if [ "$1" = --list-langs ]; then printf 'List of available languages:\\nnld\\nosd\\n'; exit; fi
cat > "$(dirname "$0")/shown"
set -- 5 1 1 1 1 1 0 0 9 9
IFS='	'
printf '%s\\t96.1\\thekwerk\\n%s\\t12.0\\tgruis\\n' "$*" "$*"
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only folder where programs are looked for."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for needed in ("sh", "cat", "dirname"):
        (folder / needed).symlink_to(str(which(needed)))
    monkeypatch.setenv("PATH", str(folder))
    program.cache_clear()
    yield folder
    program.cache_clear()


def put(folder: Path, script: str) -> None:
    (folder / "tesseract").write_text(script)
    (folder / "tesseract").chmod(0o755)
    program.cache_clear()


@pytest.mark.skipif(which("tesseract") is None, reason="tesseract-ocr is not installed")
def test_letters_are_read_in_every_kind_of_picture(tmp_path: Path) -> None:
    answers = dict(zip(PICTURES, read_files(kept(tmp_path, PICTURES)), strict=True))

    assert {name: one.text for name, one in answers.items() if f"Offerte voor het {WORD}" not in one.text} == {}
    assert answers["fax.tiff"].text.startswith("Eerste blad")
    assert "Later" not in answers["brief.gif"].text
    assert {kind_of(data, "") for data in PICTURES.values()} == KINDS | {"application/pdf"}
    assert not any(one.reason or one.is_blind for one in answers.values())


def attached(user: User, name: str, data: bytes) -> tuple[int, Attachment]:
    with entered(user) as actor:
        moment = make_moment(make_person(), title="Bezoek", text="Gepraat.")
        attach_files(actor=actor, moment=moment, files=[IncomingFile(name, len(data), BytesIO(data))])
        return actor.workspace_id, Attachment.objects.get(moment=moment)


def test_a_picture_is_found_by_its_letters_as_soon_as_there_is_a_program(
    alice: User, programs: Path, signed_in: Callable[[User], Client]
) -> None:
    workspace, file = attached(alice, "scan.pdf", PICTURES["scan.pdf"])

    # Nothing is there to read it with: that is said, and asked once.
    assert [FileReader(alice, workspace).run() for _ in range(2)] == [1, 0]
    page = signed_in(alice).get(f"/files/{file.id}/words").text
    assert "no letters were read: tesseract is not installed" in page

    put(programs, FAKE)
    assert [FileReader(alice, workspace).run() for _ in range(2)] == [1, 0]
    with entered(alice):
        # What it only guesses is no word of the file.
        assert FileText.objects.get().text == WORD
        assert search(WORD).moments
    assert f">{WORD}</pre>" in signed_in(alice).get(f"/files/{file.id}/words").text
    # It never saw the file, but a picture drawn anew.
    assert (programs / "shown").read_bytes().startswith(b"P5\n")


def test_a_program_that_breaks_or_hangs_takes_nothing_else_along(tmp_path: Path, programs: Path) -> None:
    files = kept(tmp_path, {"a.png": PICTURES["brief.png"], "b.pdf": PICTURES["scan.pdf"], "c.txt": b"hekwerk"})

    put(programs, FAKE.replace("cat >", "exit 3; cat >"))
    broken = list(read_files(files))
    put(programs, FAKE.replace("cat >", "while true; do :; done; cat >"))
    begun = time.monotonic()
    slow = list(read_files(files, limits=Limits(looking=0.5)))

    assert [one.state for one in broken] == [one.state for one in slow] == ["empty", "empty", "read"]
    assert "broke the program" in broken[0].reason and slow[1].reason == NOT_ALL
    assert time.monotonic() - begun < 15
    put(programs, FAKE)
    assert [one.text for one in read_files(files, limits=Limits(pictures=0))] == ["", "", WORD]
    assert not any(one.is_blind for one in slow + broken)


def test_pictures_of_too_many_dots_are_refused(tmp_path: Path, programs: Path) -> None:
    put(programs, FAKE)
    head = PICTURES["brief.png"]
    vast = (
        head[:16]
        + (60_000).to_bytes(4) * 2
        + head[24:29]
        + zlib.crc32(head[12:16] + (60_000).to_bytes(4) * 2 + head[24:29]).to_bytes(4)
        + head[33:]
    )
    packed = saved("PNG", Image.new("1", (9_000, 9_000)))
    answers = list(
        read_files(
            kept(tmp_path, {"vast.png": vast, "packed.png": packed, "icon.png": saved("PNG", Image.new("L", (16, 16)))})
        )
    )

    assert [one.state for one in answers] == ["refused", "refused", "empty"]
    assert {one.reason for one in answers[:2]} == {"This picture has more dots than are read."}
