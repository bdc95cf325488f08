# SPDX-License-Identifier: AGPL-3.0-or-later
"""Malformed cards, tables and calendars: nothing crashes, hangs or grows. PLEIN_NIGHTLY=1 makes it ten thousand."""

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pytest

from plein.channels.cards import Card, Event
from plein.channels.connectors.calendar.icalendar import read_events
from plein.channels.connectors.contacts.tables import NotATable, guess, read_table
from plein.channels.connectors.contacts.vcard import read_cards
from plein.testing.memory import most_memory

COUNT = 10_000 if os.environ.get("PLEIN_NIGHTLY") else 150
FOLDER = Path(__file__).parent / "fixtures"
CALENDAR = b"""BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Ours\r\nX-LIC-LOCATION:Europe/Berlin\r\nBEGIN:STANDARD
TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a@b\r\nDTSTART;TZID=Ours:20260301T100000\r
DTEND;TZID=Ours:20260301T110000\r\nRRULE:FREQ=WEEKLY;COUNT=10\r\nEXDATE:20260308T090000Z\r\nSUMMARY:Overleg\\, kort
 en goed\r\nATTENDEE;CN="Bos, Ada";PARTSTAT=ACCEPTED:mailto:ada@bos.nl\r\nDURATION:PT1H\r\nBEGIN:VALARM\r\nEND:VALARM
END:VEVENT\r\nEND:VCALENDAR\r\n"""
TABLE = 'Naam;E-mail;"Tele\nfoon"\r\n"Bos; Ada";ada@bos.nl;06 12345678\r\nJosé;jose@bos.nl;"a ""b"""\r\n'
TOKENS = (
    b"\0", b"\r", b"\n\n", b"\n ", b"=", b"=\n", b'"', b"\\", b";", b",", b":", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3",
    b"BEGIN:VCARD\n", b"END:VCARD\n", b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"AGENT:\n", b";ENCODING=QUOTED-PRINTABLE",
    b";ENCODING=b", b";CHARSET=utf-7", b";CHARSET=\xff", b"DTSTART:99999999T999999Z\n", b"PK\x03\x04", b"9" * 30, b"^n",
)  # fmt: skip


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 2, 50, 2000))
            case 1:
                del data[at : at + chance.randint(1, 200)]
            case 2:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 3:
                data[at:at] = data[at : at + chance.randint(1, 400)] * chance.choice((1, 5))
            case _:
                del data[at + 50 :]
    return bytes(data)


def check_cards(data: bytes, path: Path) -> None:
    del path
    for one in read_cards(BytesIO(data)):
        assert "\0" not in repr(one)
        repr(one).encode()
        assert not isinstance(one, Card) or one.name


def check_events(data: bytes, path: Path) -> None:
    del path
    for one in read_events(BytesIO(data)):
        assert not isinstance(one, Event) or one.starts_at <= one.ends_at
        repr(one).encode()


def check_table(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    try:
        for row in read_table(path, guess(path)):
            assert any(row) and "\0" not in "".join(row)
            "".join(row).encode()
    except NotATable:
        pass


KINDS: dict[str, tuple[Callable[[bytes, Path], None], Callable[[], list[bytes]]]] = {
    "cards": (check_cards, lambda: [path.read_bytes() for path in sorted(FOLDER.glob("*.vcf"))]),
    "calendars": (check_events, lambda: [CALENDAR]),
    "tables": (check_table, lambda: [TABLE.encode(code) for code in ("utf-8", "cp1252", "utf-16")]),
}


def read_mutants(kind: str, folder: Path) -> int:
    """Read COUNT mutants; returns the most memory that this process ever held, in KiB."""
    chance = random.Random(20261126)  # noqa: S311
    check, made = KINDS[kind]
    seeds = made()
    for _ in range(COUNT):
        data = mutated(chance, seeds)
        started = time.process_time()
        check(data, folder / "file")
        assert time.process_time() - started < 5
    return most_memory()


def _apart(kind: str, folder: Path) -> int:
    # In a process of its own: what other tests held in this one is no concern of readers.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        return apart.submit(read_mutants, kind, folder).result()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_malformed_is_read_or_reported_in_time(kind: str, tmp_path: Path) -> None:
    assert _apart(kind, tmp_path) < 512 * 1024


def hostile() -> Iterator[tuple[str, bytes]]:
    yield "cards", b"BEGIN:VCARD\n" * 50_000
    yield "cards", b"BEGIN:VCARD\nFN:a\n" + b"TEL:1\n" * 50_000 + b"END:VCARD\n"
    yield "cards", b"BEGIN:VCARD\nFN:" + b"a\n " * 300_000
    yield "cards", b'BEGIN:VCARD\nTEL;TYPE="' + b";a" * 1_000_000 + b"\nEND:VCARD\n"
    yield "cards", b"BEGIN:VCARD\nN:" + b"\\;" * 1_000_000 + b"\nFN:a\nEND:VCARD\n"
    yield "cards", b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:=\n" + b"=41=\n" * 300_000
    yield "cards", b"x" * (20 << 20)
    yield "calendars", b"BEGIN:VEVENT\n" * 50_000
    yield "calendars", b"BEGIN:X\n" * 50_000 + b"END:X\n" * 50_000
    yield "calendars", b"BEGIN:VEVENT\nDTSTART:20260101\nEXDATE:" + b"20260101," * 300_000 + b"\nEND:VEVENT\n"
    yield "tables", b'a,"' + b"b" * (3 << 20)
    yield "tables", b"," * (3 << 20)


@pytest.mark.parametrize("number", range(12))
def test_what_was_made_to_do_harm_takes_no_time(number: int, tmp_path: Path) -> None:
    kind, data = list(hostile())[number]
    started = time.process_time()

    KINDS[kind][0](data, tmp_path / "file")

    assert time.process_time() - started < 5
