# SPDX-License-Identifier: AGPL-3.0-or-later
"""Malformed mail by the hundreds: nothing crashes, hangs or grows. PLEIN_NIGHTLY=1 makes it ten thousand."""

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from plein.channels.base import Message, Unreadable
from plein.channels.connectors.mail import Limits, NotAMailbox, read_messages
from plein.channels.connectors.mail.child import read_one
from plein.channels.connectors.mail.raw import Raw
from plein.channels.connectors.mail.stores import read_store
from plein.channels.connectors.mail.tests.samples import FOLDER, mail, mbox, numbered
from plein.channels.connectors.mail.tests.test_stores import FILES, tar_of, write, zip_of
from plein.testing.memory import most_memory

COUNT = 10_000 if os.environ.get("PLEIN_NIGHTLY") else 400
SEEDS = [path.read_bytes() for path in sorted(FOLDER.iterdir())]
TOKENS = (
    b"\0", b"\r", b"\n\n", b"--", b"=?", b"?=", b"<", b">", b'"', b"(", b"\\", b";", b",", b":", b"@", b"\xff\xfe",
    b"=",
    b"Content-Type: multipart/mixed; boundary=deel\n", b"From a@b Mon Mar  2 10:00:00 2026\n", b"=?utf-8?B?/w==?=",
    b"BEGIN:VEVENT\n", b"charset=utf-16", b"Content-Transfer-Encoding: base64\n", b"\xed\xa0\x80", b"\xc3",
    b"begin 644 x\n",
)  # fmt: skip


def mutate(chance: random.Random) -> bytes:
    data = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data) + 1)
        what = chance.randrange(5)
        if what == 0:
            data[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 2, 50, 2000))
        elif what == 1:
            del data[at : at + chance.randint(1, 200)]
        elif what == 2:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 3:
            data[at:at] = data[at : at + chance.randint(1, 400)] * chance.choice((1, 5))
        else:
            del data[at + 50 :]
    return bytes(data)


def _read_mutants(spool: Path) -> int:
    """Read COUNT mutants. Returns the most memory that this process ever held, in KiB."""
    chance = random.Random(20260301)  # noqa: S311
    for _ in range(COUNT):
        data = mutate(chance)
        started = time.process_time()
        item = read_one(Raw("x", "x", 0, data, len(data), "[]"), spool, Limits(), headers_only=False)

        assert time.process_time() - started < 5
        assert isinstance(item, Message), f"{item} in {data!r}"
        assert "\0" not in item.text + item.html + item.subject
        # A lone surrogate would raise here, as it would in the database.
        "".join((item.text, item.html, item.subject, *(a.name for a in item.addresses))).encode()
    return most_memory()


def test_mutated_mail_is_read_or_reported_in_time(tmp_path: Path) -> None:
    # In a process of its own: what other tests held in this one is no concern of mail.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        assert apart.submit(_read_mutants, tmp_path).result() < 512 * 1024


def _nested(depth: int) -> bytes:
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return b"From: a@b.example\n" + head + b"\nkern\n"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nested multiparts": lambda: _nested(5_000),
    "the same boundary again": lambda: (
        b"From: a@b.example\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20_000
    ),
    "many parts": lambda: mail("--b\n\nx\n" * 200_000, Content_Type="multipart/mixed; boundary=b"),
    "unclosed brackets": lambda: mail(To="(" * 300_000),
    "unclosed quotes": lambda: mail(To='"\\' * 300_000),
    "angle brackets": lambda: mail(To="<" * 300_000 + ">" * 300_000),
    "encoded words without an end": lambda: mail(Subject="=?utf-8?q?" * 60_000),
    "one header of 5 MB": lambda: mail(X_Nonsense="y " * 2_500_000),
    "a million header names": lambda: b"".join(b"N%d: x\n" % n for n in range(500_000)) + b"\nx",
    "parameters": lambda: mail(Content_Type="text/plain" + "; a*1*=%41" * 50_000),
    "html of brackets": lambda: mail("<" * 3_000_000, Content_Type="text/html"),
    "html of open tags": lambda: mail("<blockquote><div " * 200_000, Content_Type="text/html"),
    "html of open comments": lambda: mail("<!-- " * 500_000, Content_Type="text/html"),
    "html of open scripts": lambda: mail("<script " * 100_000 + "<style>" * 100_000, Content_Type="text/html"),
    "quote marks": lambda: mail("> " * 1_000_000),
    "attributions": lambda: mail("On Mon 2 a\n" * 90_000),
    "to lines": lambda: mail("To: x\n" * 90_000 + "Subject: x\n"),
    "from lines": lambda: mail("From: x\nx: y\n" * 50_000),
    "dashes": lambda: mail("-----" * 100_000 + "\n-- \n" * 100_000),
    "a calendar without an end": lambda: mail(
        "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 50_000, Content_Type="text/calendar"
    ),
    "a long line of base64": lambda: mail("QUJD" * 2_000_000 + "!", Content_Transfer_Encoding="base64"),
    "references": lambda: mail(References="<a@b> <" * 200_000),
    "a subject of reply marks": lambda: mail(Subject="Re: " * 200_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_costs_little(tmp_path: Path, name: str) -> None:
    data = HOSTILE[name]()
    started = time.process_time()

    item = read_one(Raw("x", "x", 0, data, len(data), "[]"), tmp_path, Limits(), headers_only=False)

    assert not isinstance(item, Unreadable), item.reason
    assert time.process_time() - started < 5


def damaged_stores(folder: Path, seed: int, count: int) -> Iterator[Path]:
    chance = random.Random(seed)  # noqa: S311
    stores = [mbox(*numbered(5)), zip_of(FILES), tar_of(FILES), tar_of(FILES, "w:xz"), tar_of(FILES, "w")]
    for _ in range(count):
        data = bytearray(chance.choice(stores))
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        yield write(folder / "store", bytes(data[: chance.randint(1, len(data))]))


def test_damaged_stores_are_read_or_refused_in_words(tmp_path: Path) -> None:
    for path in damaged_stores(tmp_path, 7, COUNT):
        started = time.process_time()
        try:
            assert list(read_store(path)), path.read_bytes()
        except NotAMailbox as refusal:
            assert str(refusal).endswith(".")
        assert time.process_time() - started < 5


def test_damaged_stores_do_not_stop_the_reading_process(tmp_path: Path) -> None:
    for path in damaged_stores(tmp_path, 8, 10):
        try:
            assert list(read_messages(path, spool=tmp_path / "spool"))
        except NotAMailbox as refusal:
            assert str(refusal).endswith(".")
