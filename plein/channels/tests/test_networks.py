# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every network against damage: mutated answers crash nothing, and peers that misbehave lose and double nothing."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest

from plein.channels.base import Cursor, Entry, Follow, Message
from plein.channels.live import Heard, Trouble, Visit
from plein.channels.net import OutsideNet
from plein.channels.tests.networks import NETWORKS, Network
from plein.testing.memory import most_memory
from plein.testing.peers import MODES, Peer, running
from plein.testing.recorded import Recorded, heard, mutated

SINCE = datetime(2000, 1, 1, tzinfo=UTC)


def visit_to(network: Network, spool: Path) -> Visit:
    settings = network.settings("https://peer.example")
    return Visit(settings=settings, net=Recorded(network.behaviour()), spool=spool, since=SINCE)


def is_clean(one: Heard) -> bool:
    """Whether a database takes what was heard."""
    text = repr(one)
    if isinstance(one, Message):
        text = "".join((one.external_id, one.subject, one.text, one.html, one.url, one.place, repr(one.addresses)))
        assert one.external_id
        assert one.url == "" or one.url.startswith(("https://", "http://"))
    text.encode()
    return "\0" not in text


def damage(name: str, turns: int, spool: Path) -> int:
    """Visit a network that answers with damage so many times; the most memory that this process held, in KiB."""
    network = NETWORKS[name]
    behaviour = network.behaviour()
    for turn in range(turns):
        chance = random.Random(turn)  # noqa: S311
        visit = replace(visit_to(network, spool), net=Recorded(mutated(behaviour, chance)))
        started = time.process_time()
        try:
            for cursor, one in network.connector.fetch(visit):
                assert one is None or is_clean(one), f"{turn}: {one!r:.500}"
                cursor.encode()
        except Trouble as trouble:
            assert str(trouble).endswith("."), turn
        assert time.process_time() - started < 5, turn
    return most_memory()


@pytest.mark.parametrize("name", NETWORKS)
def test_damaged_answers_become_messages_or_a_sentence(name: str, tmp_path: Path) -> None:
    damage(name, 150 if name.endswith((".xml", ".json")) else 30, tmp_path)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "name",
    [
        "blog.atom.xml",
        "feed_with_note.rss.xml",
        "attachments.feed.json",
        "icalfeed",
        "dav",
        "mastodon",
        "bluesky",
        "matrix",
    ],
)
def test_ten_thousand_damaged_answers_take_little_time_and_memory(name: str, tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        assert apart.submit(damage, name, 10_000, tmp_path).result() < 512 * 1024


@pytest.mark.parametrize("name", NETWORKS)
def test_a_cursor_that_is_none_begins_anew(name: str, tmp_path: Path) -> None:
    network = NETWORKS[name]
    visit = visit_to(network, tmp_path)
    whole = [one.external_id for one in heard(network.connector, visit) if isinstance(one, Message | Entry)]

    for cursor in ("null", "[]", "x", '{"home": 3, "known": 5, "session": []}', "[" * 100_000):
        found = heard(network.connector, replace(visit, cursor=cursor))
        assert [one.external_id for one in found if isinstance(one, Message | Entry)] == whole


def moods(mode: str, seed: int) -> Iterator[str]:
    """The first request goes wrong, and then about one in seven for as long as it takes."""
    chance = random.Random(f"{mode}{seed}")  # noqa: S311
    yield mode
    while True:
        yield mode if chance.random() < 0.15 else ""


class Impatient(OutsideNet):
    """The real client, which waits less long and takes less."""

    def ask(self, method, url, *, headers=None, body=None, most_bytes=0, timeout=0.0):  # type: ignore[no-untyped-def]
        return super().ask(method, url, headers=headers, body=body, most_bytes=2_000_000, timeout=0.4)


def visits(network: Network, peer: Peer, spool: Path, wrong: Iterator[str]) -> list[Heard]:
    """Visit until one goes well to its end, each time from the last cursor: what was heard with each cursor is kept."""
    found: list[Heard] = []
    cursor: Cursor = ""
    for turn in count():
        assert turn < 400, "it never ends well"
        peer.moods = [next(wrong) for _number in range(200)]
        with Impatient(may_be_inside=True) as net:
            visit = Visit(settings=network.settings(peer.url), net=net, spool=spool, cursor=cursor, since=SINCE)
            try:
                for after, one in network.connector.fetch(visit):
                    found += [] if one is None else [one]
                    cursor = after
            except Trouble as trouble:
                assert not trouble.is_lasting, trouble
                continue
            return found
    return found


def survive(name: str, mode: str, seed: int, spool: Path) -> None:
    network = NETWORKS[name]
    with running(network.behaviour()) as peer:
        right = ids(visits(network, peer, spool, iter(lambda: "", None)))
        found = ids(visits(network, peer, spool, moods(mode, seed)))
    assert sorted(found) == sorted(right), "nothing is lost"
    assert len(set(right)) <= len(right) == len(found), "nothing comes twice"


def ids(found: list[Heard]) -> list[str]:
    return [one.external_id for one in found if isinstance(one, Message | Follow | Entry)]


PEERS = ("matrix", "blog.atom.xml", "icalfeed", "dav", "mastodon", "bluesky")


@pytest.mark.parametrize(
    ("name", "mode"), [("mastodon", "truncated"), ("bluesky", "garbage"), ("blog.atom.xml", "loop"), ("dav", "500")]
)
def test_a_peer_that_misbehaves_loses_and_doubles_nothing(name: str, mode: str, tmp_path: Path) -> None:
    survive(name, mode, 0, tmp_path)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("mode", MODES)
def test_every_misbehaviour_loses_and_doubles_nothing(name: str, mode: str, tmp_path: Path) -> None:
    survive(name, mode, 1, tmp_path)
