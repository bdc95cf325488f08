# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files are read in a process with limits: what they say is found, what they try ends in a sentence."""

import ast
import os
import random
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from shutil import which

import pytest

from plein.documents import files
from plein.documents.files import Limits, read_files
from plein.documents.files.child import read_one
from plein.documents.reader_words import told
from plein.documents.tests.samples import FILES, WORD, packed
from plein.testing.memory import most_memory

NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))
COUNT = 10_000 if NIGHTLY else 150
TOKENS = (
    b"\0", b"<", b">", b"&a;", b"</w:t>", b"<!DOCTYPE a [", b"\xff\xfe", b"PK\x03\x04", b"PK\x05\x06", b"obj", 
    b"stream", b"999999999999", b"-1", b"<<", b">>",
    b"/Length 99999999", b"\xed\xa0\x80", b"startxref", b"%PDF-", b"\r\n",
)  # fmt: skip
HOSTILE = {
    "entities.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
    "outside.docx": packed(
        word__document_dot_xml='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ),
    "bomb.docx": packed(word__document_dot_xml="<a>" + "b" * 80_000_000 + "</a>"),
    "deep.xml": b"<?xml version='1.0'?>" + b"<a>" * 100_000,
    "members.odt": packed(**{f"m{number}": "" for number in range(6_000)}),
    "half.pdf": FILES["offerte.pdf"][:200],
    "half.docx": FILES["brief.docx"][:200],
    "archive.zip": packed(a_dot_txt="hekwerk"),
    "photo.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
}


def kept(folder: Path, named: dict[str, bytes]) -> list[tuple[Path, str]]:
    """Files under numbers, as Plein keeps them."""
    made = []
    for number, (name, data) in enumerate(named.items()):
        (folder / str(number)).write_bytes(data)
        made.append((folder / str(number), name))
    return made


def test_every_kind_of_file_tells_its_words(tmp_path: Path) -> None:
    answers = dict(zip(FILES, read_files(kept(tmp_path, FILES)), strict=True))

    assert {name for name, one in answers.items() if one.state != "read" or WORD not in one.text} == set()
    assert answers["brief.docx"].text == "Beste Henk,\nhet hekwerk"
    assert answers["lijst.xlsx"].text == "hekwerk 40 meter"
    assert answers["brief.odt"].text == "Offerte\neen hekwerk"
    assert "weg" not in answers["pagina.html"].text


def test_what_means_harm_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    begun = time.monotonic()
    answers = list(read_files(kept(tmp_path, HOSTILE | {"tekst.txt": FILES["tekst.txt"]})))

    # That a picture is damaged shows only who reads letters in pictures.
    picture = "refused" if which("tesseract") else "empty"
    assert [one.state for one in answers] == ["refused"] * 7 + ["empty", picture, "read"]
    assert not any("root:" in one.text + one.reason for one in answers)
    assert all(one.reason == told(one.reason) and one.reason.endswith(".") for one in answers[:-1])
    assert time.monotonic() - begun < 20


def test_a_file_that_hangs_or_swells_ends_alone(tmp_path: Path) -> None:
    """The process is what ends: a limit of next to nothing shows it with an honest file."""
    large = b"<html>" + b"<p>hekwerk</p>" * 400_000
    waiting = kept(tmp_path, {"a.html": large, "b.txt": b"hekwerk", "c.html": large})
    answers = list(read_files(waiting, limits=Limits(seconds=0.05)))
    assert [one.state for one in answers] == ["refused", "read", "refused"]
    assert answers[0].reason == "Reading this file takes too long: it was given up."

    starved = list(read_files(kept(tmp_path, {"a.txt": b"hek " * 8_000_000}), limits=Limits(memory=48 << 20)))
    assert [one.reason for one in starved] == ["This file needs more memory than reading may use."]


def _mutate(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        what = chance.randrange(4)
        if what == 0:
            changed[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 2, 50, 2000))
        elif what == 1:
            del changed[at : at + chance.randint(1, 60)]
        elif what == 2:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        else:
            changed[at:at] = changed[at : at + chance.randint(1, 200)] * chance.choice((1, 5))
    return bytes(changed)


def _unpacked(chance: random.Random, name: str) -> bytes:
    """A mutant; of a packed file sometimes what is in it, packed well again."""
    data = FILES[name]
    if data[:2] != b"PK" or chance.random() < 0.4:
        return _mutate(chance, data)
    part = "content_dot_xml" if name.endswith(("odt", "ods")) else "word__document_dot_xml"
    inner = b"<a xmlns:w='w' xmlns:text='t'><w:p><w:t>hekwerk</w:t></w:p><text:p>hekwerk</text:p></a>"
    return packed(**{part: _mutate(chance, inner)})


def read_mutants(folder: Path) -> tuple[float, int, int]:
    """Read mutants of every kind. Returns the longest time of one, the most memory in KiB, and how many were read."""
    chance = random.Random(20261127)  # noqa: S311
    longest, read, names = 0.0, 0, sorted(FILES)
    for number in range(COUNT):
        name = names[number % len(names)]
        path = folder / "mutant"
        path.write_bytes(_unpacked(chance, name))
        begun = time.monotonic()
        answer = read_one(str(path), name, Limits(pictures=0))
        longest = max(longest, time.monotonic() - begun)
        assert answer["state"] in ("read", "empty", "refused") and (answer.get("text") or answer.get("reason", "x"))
        # Nothing surprised the reader: what is wrong with a file has a sentence of its own.
        assert "could not be understood" not in answer.get("reason", ""), (number, name, answer)
        read += answer["state"] == "read"
    return longest, most_memory(), read


def test_malformed_files_end_in_words_or_in_a_sentence(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        longest, memory, read = pool.submit(read_mutants, tmp_path).result()

    assert longest < 5
    assert memory < 512 * 1024
    assert read > COUNT / 10


def _said(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return [text for text in found if text.startswith(("This ", "A file", "Reading this")) and text.endswith(".")]


def test_every_sentence_of_the_reader_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [text for path in Path(files.__file__).parent.glob("*.py") for text in _said(path)]
    assert len(said) > 12
    monkeypatch.setattr("plein.documents.reader_words.gettext", lambda text: f"nl {text}")
    assert [text for text in said if not told(text).startswith("nl ")] == []
