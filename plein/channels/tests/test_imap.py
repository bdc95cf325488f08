# SPDX-License-Identifier: AGPL-3.0-or-later
import zipfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any

import pytest
from pydantic import SecretStr

from plein.channels.base import Message, Unreadable
from plein.channels.connectors.imap import connector as module
from plein.channels.connectors.imap import line
from plein.channels.connectors.imap.connector import Imap
from plein.channels.connectors.imap.sent import put_in_sent
from plein.channels.connectors.imap.settings import Settings
from plein.channels.connectors.mail.limits import Limits
from plein.channels.live import Trouble, Visit
from plein.channels.net import OutsideNet
from plein.testing.imap import Box, Post, imap_server


def mail(number: int) -> bytes:
    return (
        f"From: Henk <henk@dijk.example.org>\r\nTo: alice@plein.example\r\nSubject: Number {number}\r\n"
        f"Date: Mon, 2 Mar 2026 09:{number % 60:02d}:00 +0000\r\nMessage-ID: <{number}@dijk.example.org>\r\n\r\n"
        f"Text {number}\r\n"
    ).encode()


@pytest.fixture
def post() -> Post:
    boxes = {"INBOX": Box(), "Sent": Box("\\Sent"), "Junk": Box("\\Junk")}
    made = Post(boxes=boxes)
    for number in range(1, 6):
        boxes["INBOX"].add(mail(number))
    boxes["Sent"].add(mail(50))
    boxes["Junk"].add(mail(90))
    return made


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    with imap_server(post) as port:
        yield port


def visit(port: int, spool: Path, net: OutsideNet, cursor: str = "", **more: Any) -> Visit:
    told = {"host": "127.0.0.1", "port": port, "security": "none", "user_name": "alice", "password": "secret"}
    return Visit(Settings.model_validate(told | more), net, spool, cursor)


def heard(port: int, spool: Path, cursor: str = "", **more: Any) -> tuple[list[str], str]:
    """What is heard from a place on: the subjects, and the place after it."""
    subjects = []
    with closing(OutsideNet(may_be_inside=True)) as net:
        for place, item in Imap().fetch(visit(port, spool, net, cursor, **more)):
            cursor = place
            if isinstance(item, Message):
                subjects.append(item.external_id.partition("@")[0])
    return subjects, cursor


def test_all_folders_but_junk_are_heard_once(port: int, post: Post, tmp_path: Path) -> None:
    found, cursor = heard(port, tmp_path)
    assert found == ["1", "2", "3", "4", "5", "50"]

    post.deliver(mail(6))
    assert heard(port, tmp_path, cursor)[0] == ["6"]
    assert heard(port, tmp_path, heard(port, tmp_path, cursor)[1])[0] == []
    assert heard(port, tmp_path, folders=("Junk",))[0] == ["90"]


def test_stopping_after_any_message_loses_and_doubles_nothing(port: int, tmp_path: Path) -> None:
    with closing(OutsideNet(may_be_inside=True)) as net:
        whole = list(Imap().fetch(visit(port, tmp_path, net)))
    for place, (cursor, _item) in enumerate(whole):
        later = [item.external_id for _cursor, item in whole[place + 1 :] if isinstance(item, Message)]
        assert [f"{one}@dijk.example.org" for one in heard(port, tmp_path, cursor)[0]] == later


def test_a_line_that_breaks_halfway_goes_on_where_it_broke(
    port: int, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    post.drop_after = 3
    found, cursor = [], ""
    with closing(OutsideNet(may_be_inside=True)) as net, pytest.raises(Trouble) as trouble:
        for place, item in Imap().fetch(visit(port, tmp_path, net)):
            cursor = place
            found += [item.external_id] if isinstance(item, Message) else []
    assert not trouble.value.is_lasting
    assert len(found) == 2

    assert heard(port, tmp_path, cursor)[0] == ["3", "4", "5", "50"]


def test_numbers_that_became_others_are_read_anew(port: int, post: Post, tmp_path: Path) -> None:
    _found, cursor = heard(port, tmp_path)
    del post.boxes["INBOX"].messages[1]
    post.boxes["INBOX"].renumber(validity=2)

    assert heard(port, tmp_path, cursor)[0] == ["2", "3", "4", "5"]


def test_a_message_that_is_too_large_is_refused_in_words(
    port: int, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIMITS", Limits(message=1000))
    monkeypatch.setattr(line, "LIMITS", Limits(message=2000))
    post.deliver(mail(7) + b"x" * 1000)
    with closing(OutsideNet(may_be_inside=True)) as net:
        items = [item for _cursor, item in Imap().fetch(visit(port, tmp_path, net))]
    assert [type(one) for one in items if one is not None].count(Unreadable) == 1


def test_a_message_that_hangs_whoever_reads_it_is_refused_and_the_next_is_read(
    port: int, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIMITS", Limits(message=50_000_000, seconds_per_message=0.02))
    hanging = mail(8) + b"x" * 6_000_000
    post.deliver(hanging)
    post.deliver(mail(9))
    with closing(OutsideNet(may_be_inside=True)) as net:
        items = [item for _cursor, item in Imap().fetch(visit(port, tmp_path, net, folders=("INBOX",))) if item]

    refused = [one for one in items if isinstance(one, Unreadable)]
    assert [(one.folder, one.position, "seconds" in one.reason) for one in refused] == [("INBOX", 6, True)]
    assert (tmp_path / refused[0].sha256).read_bytes() == hanging
    last = items[-1]
    assert isinstance(last, Message) and (last.external_id, last.folder) == ("9@dijk.example.org", "INBOX")
    assert not list(tmp_path.glob("pieces-*"))


def test_what_looks_like_an_archive_or_a_folder_is_one_message(port: int, post: Post, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed := BytesIO(), "w") as archive:
        archive.writestr("a.eml", mail(70))
        archive.writestr("b.eml", mail(71))
    two = b"From a@x Mon Mar  2 09:00:00 2026\n" + mail(72) + b"\nFrom a@x Mon Mar  2 09:00:00 2026\n" + mail(73)
    post.boxes["Junk"].add(packed.getvalue())
    post.boxes["Junk"].add(two)
    with closing(OutsideNet(may_be_inside=True)) as net:
        items = [item for _cursor, item in Imap().fetch(visit(port, tmp_path, net, folders=("Junk",))) if item]
    assert [getattr(one, "position", None) for one in items] == [1, 2, 3]


def test_a_server_that_announces_more_than_it_told_is_left(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "LIMITS", Limits(message=100))
    with closing(OutsideNet(may_be_inside=True)) as net, pytest.raises(Trouble, match="broke off"):
        list(Imap().fetch(visit(port, tmp_path, net)))


def test_a_look_counts_and_a_wrong_password_is_lasting(port: int, tmp_path: Path) -> None:
    with closing(OutsideNet(may_be_inside=True)) as net:
        assert Imap().look(visit(port, tmp_path, net)).counts == {"INBOX": 5, "Sent": 1}
        with pytest.raises(Trouble) as trouble:
            Imap().look(visit(port, tmp_path, net, password=SecretStr("wrong")))
    assert trouble.value.is_lasting


def test_what_was_sent_is_put_into_the_folder_of_sent_mail_once(port: int, post: Post, tmp_path: Path) -> None:
    with closing(OutsideNet(may_be_inside=True)) as net:
        for _time in range(2):
            assert put_in_sent(visit(port, tmp_path, net), "60@dijk.example.org", mail(60)) == "Sent"
    assert list(post.boxes["Sent"].messages.values()) == [mail(50), mail(60)]
    del post.boxes["Sent"]
    with closing(OutsideNet(may_be_inside=True)) as net, pytest.raises(Trouble, match="no folder of sent mail"):
        put_in_sent(visit(port, tmp_path, net), "61@dijk.example.org", mail(61))


def test_waiting_ends_when_something_comes(port: int, post: Post, tmp_path: Path) -> None:
    _found, cursor = heard(port, tmp_path)
    with closing(OutsideNet(may_be_inside=True)) as net:
        assert not Imap().wait(visit(port, tmp_path, net, cursor), most_seconds=0.3)
        timer = Timer(0.3, lambda: post.deliver(mail(8)))
        timer.start()
        assert Imap().wait(visit(port, tmp_path, net, cursor), most_seconds=10)
        timer.join()


def test_what_comes_just_before_waiting_ends_it_at_once(port: int, post: Post, tmp_path: Path) -> None:
    _found, cursor = heard(port, tmp_path)
    post.late.append(mail(8))
    with closing(OutsideNet(may_be_inside=True)) as net:
        began = monotonic()
        assert Imap().wait(visit(port, tmp_path, net, cursor), most_seconds=60)
    assert monotonic() - began < 30


def test_nothing_inside_is_visited_unless_somebody_said_so(port: int, tmp_path: Path) -> None:
    with closing(OutsideNet()) as net, pytest.raises(Trouble):
        Imap().look(visit(port, tmp_path, net))
