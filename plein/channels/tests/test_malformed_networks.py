# SPDX-License-Identifier: AGPL-3.0-or-later
"""What networks answer, spoiled: read or left out, without a crash or a hang. PLEIN_NIGHTLY=1 makes it ten thousand."""

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import pytest

from plein.channels.base import Address, Edited, Follow, Gone, Message
from plein.channels.connectors.answers import mapping, objects, parse
from plein.channels.connectors.bluesky import posts as bluesky
from plein.channels.connectors.feed import connector
from plein.channels.connectors.feed.parse import NoFeed, feed_of_page, read_feed
from plein.channels.connectors.mastodon import statuses as mastodon
from plein.channels.connectors.mastodon.server import Server
from plein.channels.connectors.matrix import events as matrix
from plein.channels.connectors.matrix.tests.fake import event, said
from plein.channels.live import Net
from plein.testing.memory import most_memory

COUNT = 10_000 if os.environ.get("PLEIN_NIGHTLY") else 60
FOLDER = Path(__file__).parents[1] / "connectors"
ME = Address("to", "", "us@here.example", "handle", "mastodon")
#: What stands where something else should.
ODD: tuple[Any, ...] = (
    None, True, -1, 10**400, 1e999, float("nan"), "", "\0", "\ud800", "x" * 100_000, [], {}, [[]], [None], {"a": None},
    "2026-99-99T99:99:99Z", "9999-12-31T23:59:59+14:00", "javascript:alert(1)", "https://[", "@", "<b " * 20_000,
    "&#x110000;", "\u202e\u2066", "http://a\nb",
)  # fmt: skip
TOKENS = (
    b"\0", b"\xff\xfe", b"<", b">", b"&a;", b"]]>", b"<![CDATA[", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b'"', b"{",
    b"}", b"[", b"<item>", b"</item>", b"<entry>", b"https://[", b"\xed\xa0\x80", b"<div " * 50, b"null", b",",
    b"\\ud800",
)  # fmt: skip
type Heard = list[Message | Edited | Gone | Follow | None]


def fixture(network: str, name: str) -> bytes:
    return (FOLDER / network / "tests" / "fixtures" / name).read_bytes()


def spoiled(chance: random.Random, data: bytes) -> Any:
    """JSON with something else in some of its places, or as bytes that are hardly JSON any more."""
    if chance.random() < 0.3:
        try:
            return parse(mutated(chance, data))
        except ValueError:
            return None
    whole = {"all": json.loads(data)}
    for _turn in range(chance.randint(1, 3)):
        place: Any = whole
        while True:
            if not place:
                break
            key = chance.choice(list(place) if isinstance(place, dict) else list(range(len(place))))
            if chance.random() < 0.2 or not isinstance(place[key], dict | list):
                place[key] = chance.choice(ODD)
                break
            place = place[key]
    return whole["all"]


def mutated(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _turn in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0:
                changed[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 2, 50, 2000))
            case 1:
                del changed[at : at + chance.randint(1, 200)]
            case 2:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                changed[at:at] = changed[at : at + chance.randint(1, 400)] * chance.choice((1, 5))
    return bytes(changed)


def hear_mastodon(chance: random.Random, seeds: list[bytes]) -> Heard:
    answer = spoiled(chance, chance.choice(seeds))
    server = Server("https://here.example", "token", cast(Net, None), _lookups=0)
    some = objects(answer) or [mapping(answer)]
    heard: Heard = [mastodon.message(one, server, "here.example", "home") for one in some]
    heard += [mastodon.message(mapping(one.get("status")), server, "here.example", "home") for one in some]
    return heard + [mastodon.follow(mapping(one.get("account")), ME, "here.example", one.get("id")) for one in some]


def hear_bluesky(chance: random.Random, seeds: list[bytes]) -> Heard:
    answer = mapping(spoiled(chance, chance.choice(seeds)))
    heard: Heard = [bluesky.message(mapping(answer.get("post")), "home", "us"), bluesky.message(answer, "home", "us")]
    return [*heard, bluesky.follow(answer, ME, answer.get("createdAt"))]


def hear_matrix(chance: random.Random, seeds: list[bytes]) -> Heard:
    room = matrix.Room("!a:far.example", "Nets", ("@b:far.example",))
    return [matrix.heard(mapping(spoiled(chance, chance.choice(seeds))), room, "here.example")]


def hear_feed(chance: random.Random, seeds: list[bytes]) -> Heard:
    data = mutated(chance, chance.choice(seeds))
    feed_of_page(data, "https://here.example/")
    try:
        found = read_feed(data, "https://here.example/feed")
    except NoFeed as refusal:
        assert str(refusal).endswith(".")
        return []
    named = connector._named(found, "https://here.example/feed")
    return [connector._message(name, one, found, "https://here.example/feed") for name, one in named.items()]


def bluesky_seeds() -> list[bytes]:
    """The fixtures, in which posts that were never sent get an address and an author."""
    made = [fixture("bluesky", "actor.bsky.json")]
    for name in ("note_with_mention_linked_text", "quote_and_image", "repost", "comment_inreplyto_id"):
        whole = json.loads(fixture("bluesky", f"{name}.bsky.json"))
        post = whole.get("post") or {"record": whole}
        post |= {"uri": "at://did:plc:a/app.bsky.feed.post/1", "author": {"handle": "a.example", "did": "did:plc:a"}}
        made += [json.dumps({**whole, "post": post}).encode()] * 3
    return made


def matrix_seeds() -> list[bytes]:
    replaced: dict[str, Any] = {
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$e1"},
        "m.new_content": {"body": "Anew"},
    }
    return [
        json.dumps(one).encode()
        for one in (said(1), said(2, **replaced), event(3, "m.room.redaction", {"redacts": "$e1"}),
                    said(4, format="org.matrix.custom.html", formatted_body="<mx-reply>a</mx-reply>b"))
    ]  # fmt: skip


NETWORKS: dict[str, tuple[Callable[[random.Random, list[bytes]], Heard], Callable[[], list[bytes]]]] = {
    "mastodon": (
        hear_mastodon,
        lambda: [
            fixture("mastodon", f"{name}.json")
            for name in ("public_timeline", "notifications", "conversations", "status_with_poll", "account_search")
        ],
    ),
    "bluesky": (hear_bluesky, bluesky_seeds),
    "matrix": (hear_matrix, matrix_seeds),
    "feed": (
        hear_feed,
        lambda: [path.read_bytes() for path in sorted((FOLDER / "feed/tests/fixtures").glob("*.[!m]*"))],
    ),
}


def texts_of(value: Any) -> Iterator[str]:
    """All texts in what was heard that say anything."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_of(one)


def hear_mutants(network: str) -> tuple[float, int, int]:
    """Hear COUNT mutants. Returns the longest time of one, the most memory in KiB, and how many messages came of it."""
    chance = random.Random(20261127)  # noqa: S311
    hear, made = NETWORKS[network]
    seeds, longest, many = made(), 0.0, 0
    for number in range(COUNT):
        begun = time.process_time()
        heard = [one for one in hear(chance, seeds) if one is not None]
        longest = max(longest, time.process_time() - begun)
        for text in texts_of([asdict(one) for one in heard]):
            # The database takes no zero and no half of a letter.
            assert "\0" not in text and text.encode(), (network, number)
        many += len(heard)
    return longest, most_memory(), many


@pytest.mark.parametrize("network", NETWORKS)
def test_what_a_network_answers_is_heard_or_left_out(network: str) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        longest, memory, many = pool.submit(hear_mutants, network).result()

    assert longest < 5
    assert memory < 512 * 1024
    assert many > COUNT / 20
