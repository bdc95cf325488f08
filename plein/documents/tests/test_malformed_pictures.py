# SPDX-License-Identifier: AGPL-3.0-or-later
"""Malformed pictures are opened or refused in words: nothing crashes, hangs or grows. Nightly ten thousand of them."""

import os
import random
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from plein.documents.files.limits import Limits, Refused
from plein.documents.files.pictures import pictures_in
from plein.documents.tests.drawings import PICTURES
from plein.testing.memory import most_memory

COUNT = 10_000 if os.environ.get("PLEIN_NIGHTLY") else 60


def _mutate(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) if chance.random() < 0.5 else min(len(changed), 200))
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\0\0\xff\xff", b"\x7f\xff\xff\xff"))
            case 2:
                del changed[at : at + chance.randint(1, 60)]
            case _:
                changed[at:at] = changed[at : at + chance.randint(1, 200)] * chance.choice((1, 5, 100))
    return bytes(changed)


def open_mutants() -> tuple[float, int, int]:
    """Open mutants of every kind. Returns the longest time of one, the most memory in KiB, and how many opened."""
    chance = random.Random(20261127)  # noqa: S311
    longest, opened, seeds = 0.0, 0, [data for name, data in sorted(PICTURES.items()) if name != "scan.pdf"]
    for number in range(COUNT):
        data = _mutate(chance, seeds[number % len(seeds)])
        begun = time.monotonic()
        try:
            opened += all(picture.mode == "L" for picture in pictures_in(data, Limits()))
        except Refused as refusal:
            assert str(refusal).endswith(".")
        longest = max(longest, time.monotonic() - begun)
    return longest, most_memory(), opened


def test_malformed_pictures_are_opened_or_refused_in_words() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        longest, memory, opened = pool.submit(open_mutants).result()

    assert longest < 5
    assert memory < 512 * 1024
    assert COUNT / 10 < opened < COUNT
