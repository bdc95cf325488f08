# SPDX-License-Identifier: AGPL-3.0-or-later
"""Malformed invoices and statements by the hundreds end in records or in a sentence; nightly ten thousand of each."""

import os
import random
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from plein.documents.files.documents import documents_in
from plein.documents.files.limits import Limits, Refused
from plein.documents.files.records import Invoice, Statement
from plein.documents.tests.test_invoices import CII
from plein.documents.tests.test_statements import GERMAN
from plein.testing.memory import most_memory

FIXTURES = Path(__file__).parent / "fixtures"
COUNT = 10_000 if os.environ.get("PLEIN_NIGHTLY") else 40
TOKENS = (
    b"<", b">", b"&a;", b"</cbc:ID>", b":61:", b":20:", b":86:", b"999999999999999999999999999999999", b"-", b"1e9",
    b"NaN", b"\0", b"\xff\xfe", b"<!DOCTYPE a>", b"<a>", b"?20", b"/NAME/", b",", b".", b"0", b"\n", b"2026-02-31",
)  # fmt: skip


def _mutate(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        what = chance.randrange(4)
        if what == 0:
            changed[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 2, 50, 2000))
        elif what == 1:
            del changed[at : at + chance.randint(1, 60)]
        elif what == 2:
            # A word in place of a word keeps the document well-formed.
            start = changed.find(b">", at)
            changed[start + 1 : changed.find(b"<", start)] = chance.choice(TOKENS[7:11])
        else:
            changed[at:at] = changed[at : at + chance.randint(1, 200)] * chance.choice((1, 5))
    return bytes(changed)


def read_mutants() -> tuple[float, int, int]:
    """Read mutants of every format. Returns the longest time, the most memory in KiB, and how many were documents."""
    chance = random.Random(20261128)  # noqa: S311
    names = ("nlcius.xml", "camt053.xml", "rabobank.sta", "febelfin.cod")
    formats = [((FIXTURES / name).read_bytes(), name) for name in names] + [(CII, "cii.xml"), (GERMAN, "konto.sta")]
    longest, read = 0.0, 0
    for number in range(COUNT * len(formats)):
        data, name = formats[number % len(formats)]
        begun = time.monotonic()
        try:
            found = documents_in(_mutate(chance, data), name, Limits())
        except Refused as refusal:
            assert str(refusal).endswith(".")
            continue
        finally:
            longest = max(longest, time.monotonic() - begun)
        assert all(isinstance(one, Invoice | Statement) for one in found)
        read += bool(found)
    return longest, most_memory(), read


def test_malformed_documents_end_in_records_or_in_a_sentence() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        longest, memory, read = pool.submit(read_mutants).result()

    assert longest < 5
    assert memory < 512 * 1024
    assert read > COUNT
