# SPDX-License-Identifier: AGPL-3.0-or-later
"""Malformed archives by the hundreds: nothing crashes, hangs or grows. PLEIN_NIGHTLY=1 makes it ten thousand a kind."""

import os
import random
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from plein.channels.base import Follow, Message, Unreadable
from plein.channels.connectors.archives import Limits, NotAnArchive, Settings
from plein.channels.connectors.archives.frames import from_json, to_json
from plein.channels.connectors.archives.kinds import items_of, source_of
from plein.channels.connectors.archives.settings import KINDS
from plein.channels.connectors.archives.store import open_store
from plein.channels.connectors.archives.tests.samples import ARCHIVES, as_bytes, folder_of
from plein.testing.memory import most_memory

COUNT = 10_000 if os.environ.get("PLEIN_NIGHTLY") else 100
TOKENS = (
    b"\0", b"{", b"}", b"[", b"]", b'"', b"null", b"-1", b"1e999", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b",", b":",
    b"\n", b"<", b">", b"&a;", b"99999999999999999999", b'{"a":' , b"<!DOCTYPE", b"[2026-01-02 10:00] A: ", b"true",
)  # fmt: skip


def mutate(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        what = chance.randrange(5)
        if what == 0:
            changed[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 2, 50, 2000))
        elif what == 1:
            del changed[at : at + chance.randint(1, 60)]
        elif what == 2:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 3:
            changed[at:at] = changed[at : at + chance.randint(1, 200)] * chance.choice((1, 5))
        else:
            number = chance.choice((b"null", b"[]", b"{}", b'"x"', b"1", b"true"))
            start = changed.find(b":", at)
            changed[start + 1 : start + 1] = number + b"," * (chance.random() < 0.5)
    return bytes(changed)


def read_mutants(folder: Path) -> tuple[float, int]:
    """Read mutants of every kind. Returns the longest time of one, and the most memory held, in KiB."""
    chance = random.Random(20260301)  # noqa: S311
    longest = 0.0
    for number in range(COUNT * len(KINDS)):
        kind = KINDS[number % len(KINDS)]
        files = {name: as_bytes(content) for name, content in ARCHIVES[kind].items()}
        name = chance.choice(sorted(files))
        files[name] = mutate(chance, files[name])
        place = folder_of(files, folder / kind)
        begun = time.monotonic()
        try:
            with open_store(place, Limits()) as store:
                for item in items_of(source_of(store, Settings(kind=kind))):
                    assert isinstance(item, Message | Follow | Unreadable)
                    assert from_json(*to_json(item)) == item
        except NotAnArchive as refusal:
            assert str(refusal)
        longest = max(longest, time.monotonic() - begun)
    return longest, most_memory()


def test_malformed_archives_end_in_records_or_in_a_sentence(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        longest, memory = pool.submit(read_mutants, tmp_path).result()

    assert longest < 5
    assert memory < 512 * 1024
