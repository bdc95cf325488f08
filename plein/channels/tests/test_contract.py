# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every connector: the same account gives the same things, whole or in pieces, in whatever order."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plein.channels.base import Entry, Follow, Message
from plein.channels.connecting import checked
from plein.channels.connectors.bluesky.tests.fake import FakeBluesky
from plein.channels.connectors.dav.tests import fake as fake_dav
from plein.channels.connectors.icalfeed.tests import samples
from plein.channels.connectors.known import CONNECTORS
from plein.channels.connectors.mastodon.tests.fake import HOST, FakeMastodon
from plein.channels.connectors.matrix.tests.fake import URL as MATRIX
from plein.channels.connectors.matrix.tests.fake import FakeMatrix
from plein.channels.live import Connector, Heard, Net, Visit
from plein.channels.net import OutsideNet
from plein.testing.imap import Box, Post, imap_server
from plein.testing.peers import Answer, Request
from plein.testing.recorded import Recorded, heard, heard_in_pieces

ENTRY = (
    "<entry><id>tag:nets.example,2026:{0}</id><title>Net {0}</title><updated>2026-03-{0:02}T09:00:00Z</updated></entry>"
)
MAIL = (
    "From: henk@dijk.example\r\nDate: Mon, 2 Mar 2026 09:{0:02}:00 +0000\r\n"
    "Message-ID: <{0}@dijk.example>\r\n\r\nText\r\n"
)
#: Bluesky is read back to this day, or else for so many days from today.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

type Account = tuple[Net, dict[str, Any]]


def _shuffled(values: Any, chance: random.Random) -> list[Any]:
    """The same in another order, and one of them twice."""
    found = list(values)
    chance.shuffle(found)
    return [*found, found[0]]


@contextmanager
def _imap(chance: random.Random) -> Iterator[Account]:
    boxes = {"INBOX": Box(), "Sent": Box("\\Sent")}
    for number in _shuffled(range(12), chance):
        boxes["INBOX" if number % 3 else "Sent"].add(MAIL.format(number).encode())
    with imap_server(Post(boxes=boxes)) as port, OutsideNet(may_be_inside=True) as net:
        told = {"host": "127.0.0.1", "port": port, "security": "none", "user_name": "alice", "password": "secret"}
        yield net, told


@contextmanager
def _feed(chance: random.Random) -> Iterator[Account]:
    entries = "".join(ENTRY.format(number) for number in _shuffled(range(1, 13), chance))
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Nets</title>{entries}</feed>'.encode()

    def behaviour(_request: Request) -> Answer:
        return Answer(body, headers={"Content-Type": "application/atom+xml"})

    yield Recorded(behaviour), {"url": "https://nets.example/feed"}


@contextmanager
def _mastodon(chance: random.Random) -> Iterator[Account]:
    fake = FakeMastodon()
    fake.home, fake.notifications = _shuffled(fake.home[:50], chance), _shuffled(fake.notifications[:12], chance)
    fake.followers = fake.followers[:15]
    yield Recorded(fake), {"server": HOST, "token": "token", "home": True}


@contextmanager
def _bluesky(chance: random.Random) -> Iterator[Account]:
    fake = FakeBluesky()
    fake.home, fake.notifications = _shuffled(fake.home[:50], chance), _shuffled(fake.notifications[:12], chance)
    fake.followers = fake.followers[:15]
    yield Recorded(fake), {"account": "us.example", "password": "app-word", "home": True}


@contextmanager
def _icalfeed(chance: random.Random) -> Iterator[Account]:
    events = (samples.one(f"training-{number}", f"Training {number}") for number in _shuffled(range(12), chance))
    body = samples.calendar(*events)
    yield Recorded(lambda _request: Answer(body)), {"address": "https://club.example/all.ics"}


@contextmanager
def _dav(chance: random.Random) -> Iterator[Account]:
    server = fake_dav.FakeDav()
    for number in dict.fromkeys(_shuffled(range(12), chance)):
        server.put(f"{fake_dav.BOOK}{number}.vcf", fake_dav.card(f"Person {number}", f"u{number}"))
    yield Recorded(server), {"server": "dav.example", "user_name": "us", "password": "app-word"}


@contextmanager
def _matrix(chance: random.Random) -> Iterator[Account]:
    fake = FakeMatrix()
    fake.stream = fake.stream[:30]
    chance.shuffle(fake.stream)
    yield Recorded(fake), {"server": MATRIX, "token": "token"}


ACCOUNTS: dict[str, Callable[[random.Random], AbstractContextManager[Account]]] = {
    "imap": _imap, "feed": _feed, "icalfeed": _icalfeed, "dav": _dav, "mastodon": _mastodon,
    "bluesky": _bluesky, "matrix": _matrix,
}  # fmt: skip


def names(found: list[Heard]) -> list[str]:
    return [one.external_id for one in found if isinstance(one, Message | Follow | Entry)]


def visit_to(connector: Connector, account: Account, spool: Path) -> Visit:
    since = LONG_AGO if connector.key in ("bluesky", "matrix") else None
    return Visit(checked(connector, account[1]), account[0], spool, since=since)


def test_every_connector_has_an_account_here_and_a_key_of_its_own() -> None:
    assert sorted(one.key for one in CONNECTORS) == sorted(ACCOUNTS)


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: one.key)
def test_the_same_account_gives_the_same_however_it_is_heard(connector: Connector, tmp_path: Path) -> None:
    with ACCOUNTS[connector.key](random.Random(1)) as account:  # noqa: S311
        visit = visit_to(connector, account, tmp_path)
        whole, again = names(heard(connector, visit)), names(heard(connector, visit))
        pieces = names(heard_in_pieces(connector, visit, 7))
    with ACCOUNTS[connector.key](random.Random(2)) as other:  # noqa: S311
        shuffled = names(heard(connector, visit_to(connector, other, tmp_path)))

    assert len(set(whole)) >= 12
    assert again == pieces == whole
    assert set(shuffled) == set(whole)


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda one: one.key)
def test_after_the_last_thing_there_is_nothing(connector: Connector, tmp_path: Path) -> None:
    with ACCOUNTS[connector.key](random.Random(3)) as account:  # noqa: S311
        visit = visit_to(connector, account, tmp_path)
        last = [cursor for cursor, _one in connector.fetch(visit)][-1]
        assert heard(connector, replace(visit, cursor=last)) == []
