# SPDX-License-Identifier: AGPL-3.0-or-later
import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from plein.channels.base import Header, Message, Unreadable
from plein.channels.connectors.mail import (
    Limits,
    NotAMailbox,
    ReaderFailed,
    RefusedArchive,
    connector,
    read_messages,
    scan_headers,
)
from plein.channels.connectors.mail.stores import read_store
from plein.channels.connectors.mail.tests.samples import FOLDER, mail, mbox, numbered, write_maildir
from plein.channels.connectors.mail.tests.test_stores import FILES, ZEROS, tar_of, write, zip_of


def stores(folder: Path) -> list[Path]:
    write_maildir(folder / "maildir")
    archive = write(folder / "a.tar.gz", tar_of(FILES))
    packed = write(folder / "b.zip", zip_of({"diep/c.tar.xz": tar_of(FILES, "w:xz"), **FILES}))
    return [*sorted(FOLDER.iterdir()), FOLDER, folder / "maildir", archive, packed, folder]


def test_each_store_reads_the_same_twice_and_in_pieces(tmp_path: Path) -> None:
    for path in stores(tmp_path / "in"):
        once = list(read_store(path))

        assert once == list(read_store(path))
        for stop, raw in enumerate(once):
            if stop % 7 in (0, 3) or stop == len(once) - 1:
                assert list(read_store(path, raw.cursor)) == once[stop + 1 :]


def test_a_fixture_read_twice_has_the_same_ids(tmp_path: Path) -> None:
    once = list(read_messages(FOLDER, spool=tmp_path))

    assert once == list(read_messages(FOLDER, spool=tmp_path))
    assert len({item.external_id for _, item in once if isinstance(item, Message)}) == len(once) == 9


def test_a_connector_says_its_kind_and_its_settings() -> None:
    assert connector.KIND == "mail"
    assert connector.Settings().model_dump()["policy"] == "answered"
    assert callable(connector.read)


def test_stopping_after_any_message_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "x.mbox", mbox(*numbered(5)))
    cursor, ids = None, []
    while True:
        step = next(iter(read_messages(path, spool=tmp_path / "spool", cursor=cursor)), None)
        if step is None:
            break
        cursor, item = step
        assert isinstance(item, Message)
        ids.append(item.external_id)

    assert ids == [f"n{n}@x.example" for n in range(5)]


def test_the_scan_sees_the_same_mail_as_the_reading(tmp_path: Path) -> None:
    full = [item for _, item in read_messages(FOLDER, spool=tmp_path)]
    light = [item for _, item in scan_headers(FOLDER)]

    assert len(full) == len(light)
    for one, other in zip(full, light, strict=True):
        assert isinstance(one, Message) and isinstance(other, Header)
        assert (one.addresses, one.sent_at, one.nature, one.list_id) == (
            other.addresses,
            other.sent_at,
            other.nature,
            other.list_id,
        )


def test_a_message_that_takes_too_long_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    slow = mail("x" * 30_000_000 + "\n", Message_ID="<slow@x.example>")
    path = write(tmp_path / "x.mbox", mbox(mail(), slow, mail(Message_ID="<m3@x.example>")))

    items = [item for _, item in read_messages(path, spool=tmp_path / "spool", limits=Limits(seconds_per_message=0.01))]

    assert [type(item) for item in items] == [Message, Unreadable, Message]
    assert isinstance(items[1], Unreadable)
    assert "more than 0.01 seconds" in items[1].reason
    assert (tmp_path / "spool" / items[1].sha256).read_bytes() == slow


def children() -> set[int]:
    listing = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    return {int(pid) for pid in listing.stdout.split() if is_reader(int(pid))}


def is_reader(pid: int) -> bool:
    try:
        return b"connectors.mail.child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_child_that_is_killed_costs_no_message(tmp_path: Path) -> None:
    path = write(tmp_path / "x.mbox", mbox(*(mail("y\n" * 20_000, Message_ID=f"<k{n}@x.example>") for n in range(200))))
    before = children()
    items: list[Message | Unreadable] = []
    for _, item in read_messages(path, spool=tmp_path / "spool"):
        items.append(item)
        if len(items) in (1, 2, 80):
            for pid in children() - before:
                os.kill(pid, signal.SIGKILL)

    assert [item.external_id for item in items if isinstance(item, Message)] == [f"k{n}@x.example" for n in range(200)]


def test_when_every_child_is_killed_reading_stops_in_words(tmp_path: Path) -> None:
    path = write(tmp_path / "x.mbox", mbox(*numbered(5)))
    before, stop = children(), threading.Event()

    def kill_all() -> None:
        while not stop.is_set():
            for pid in children() - before:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_all)
    killer.start()
    try:
        with pytest.raises(ReaderFailed, match="stopped twice at the same place"):
            list(read_messages(path, spool=tmp_path / "spool"))
    finally:
        stop.set()
        killer.join()


def test_too_little_memory_is_the_message_s_problem_only(tmp_path: Path) -> None:
    big = mail(
        "--g\nContent-Type: application/zip; name=z\n\n" + "z" * 60_000_000 + "\n--g--\n",
        Content_Type="multipart/mixed; boundary=g",
    )
    path = write(tmp_path / "x.mbox", mbox(mail(), big, mail(Message_ID="<m3@x.example>")))

    items = [item for _, item in read_messages(path, spool=tmp_path / "spool", limits=Limits(memory=300 * 1024 * 1024))]

    assert [type(item) for item in items] in ([Message, Unreadable, Message], [Message, Message, Message])


def test_refusals_reach_the_parent_as_sentences(tmp_path: Path) -> None:
    with pytest.raises(NotAMailbox, match="JPEG"):
        list(read_messages(write(tmp_path / "x.jpg", b"\xff\xd8\xff"), spool=tmp_path / "spool"))
    with pytest.raises(RefusedArchive, match="unpacks to"):
        list(read_messages(write(tmp_path / "x.zip", zip_of({"x.eml": ZEROS})), spool=tmp_path / "spool"))


def test_an_abandoned_reading_leaves_no_process_behind(tmp_path: Path) -> None:
    path = write(tmp_path / "x.mbox", mbox(*numbered(500)))
    before = children()
    reading = read_messages(path, spool=tmp_path / "spool")
    next(reading)
    reading.close()  # type: ignore[attr-defined]

    assert children() - before == set()
