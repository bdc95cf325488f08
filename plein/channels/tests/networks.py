# SPDX-License-Identifier: AGPL-3.0-or-later
"""The networks that connectors speak with, each as a small server of recorded answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from plein.channels.connectors.bluesky import connector as bluesky
from plein.channels.connectors.bluesky.tests.fake import FakeBluesky
from plein.channels.connectors.dav import connector as dav
from plein.channels.connectors.dav.tests import fake as fake_dav
from plein.channels.connectors.feed import connector as feed
from plein.channels.connectors.feed.tests import test_feed
from plein.channels.connectors.icalfeed import connector as icalfeed
from plein.channels.connectors.icalfeed.tests import samples
from plein.channels.connectors.mastodon import connector as mastodon
from plein.channels.connectors.mastodon.tests.fake import FakeMastodon
from plein.channels.connectors.matrix import connector as matrix
from plein.channels.connectors.matrix.tests.fake import FakeMatrix
from plein.channels.live import Connector
from plein.testing.peers import Answer, Behaviour, Request

FEEDS = sorted(path for path in test_feed.FIXTURES.iterdir() if path.suffix != ".md")


@dataclass(frozen=True)
class Network:
    """A connector, what it needs to know of a server at an address, and how that server behaves."""

    connector: Connector
    settings: Callable[[str], BaseModel]
    behaviour: Callable[[], Behaviour]


def _feeds(paths: list[Path]) -> Behaviour:
    return lambda _request: Answer(paths[0].read_bytes())


def _mastodon() -> Behaviour:
    fake = FakeMastodon()
    fake.home, fake.notifications, fake.followers = fake.home[:60], fake.notifications[:45], fake.followers[:50]
    return fake


def _bluesky() -> Behaviour:
    fake = FakeBluesky()
    fake.home, fake.followers = fake.home[:120], fake.followers[:120]

    def behaviour(request: Request) -> Answer:
        return fake(request)

    return behaviour


def _of_mastodon(url: str) -> BaseModel:
    more: dict[str, Any] = {"home": True, "lists": ("friends",), "hashtags": ("nets",)}
    return mastodon.Settings(server=url, token=SecretStr("token"), **more)


def _of_bluesky(url: str) -> BaseModel:
    return bluesky.Settings(account="us.example", password=SecretStr("app-word"), server=url, home=True)


def _calendar() -> Behaviour:
    body = samples.calendar(samples.OSLO, *(samples.one(f"t{number}", f"Training {number}") for number in range(40)))
    return lambda _request: Answer(body)


def _of_icalfeed(url: str) -> BaseModel:
    return icalfeed.Settings(address=SecretStr(f"{url}/all.ics"))


def _dav() -> Behaviour:
    server = fake_dav.FakeDav()
    for number in range(60):
        server.put(f"{fake_dav.BOOK}{number}.vcf", fake_dav.card(f"Person {number}", f"u{number}"))
        server.put(f"{fake_dav.AGENDA}{number}.ics", samples.calendar(samples.one(f"e{number}", "Event")).decode())
    return server


def _of_dav(url: str) -> BaseModel:
    return dav.Settings(server=url, user_name="us", password=SecretStr("app-word"))


def _of_feed(url: str) -> BaseModel:
    return feed.Settings(url=f"{url}/feed")


def _of_matrix(url: str) -> BaseModel:
    return matrix.Settings(server=url, token=SecretStr("token"))


NETWORKS = {
    "feed": Network(feed.FeedConnector(), _of_feed, lambda: _feeds(FEEDS[1:])),
    **{
        path.name: Network(feed.FeedConnector(), _of_feed, lambda path=path: _feeds([path]))  # type: ignore[misc]
        for path in FEEDS
    },
    "dav": Network(dav.DavConnector(), _of_dav, _dav),
    "icalfeed": Network(icalfeed.ICalFeedConnector(), _of_icalfeed, _calendar),
    "mastodon": Network(mastodon.MastodonConnector(), _of_mastodon, _mastodon),
    "matrix": Network(matrix.MatrixConnector(), _of_matrix, FakeMatrix),
    "bluesky": Network(bluesky.BlueskyConnector(), _of_bluesky, _bluesky),
}
