# SPDX-License-Identifier: AGPL-3.0-or-later
"""A feed with a hub: we ask it to tell us, agree when it asks, and look at once when it says that there is news."""

import hashlib
import hmac
import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from django.conf import settings
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from plein.api.tests.conftest import Calling, calling
from plein.channels.actions import HearingWishes, add_connection, heed_hub, note_hub, remove_connection
from plein.channels.models import Connection
from plein.channels.websub import TOLD_EVERY, Told, secret_for, token_for
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.moments.actions import begin_hearing
from plein.moments.hearing.queues import AGAIN, QUEUE
from plein.moments.models import Gives
from plein.moments.tasks.hearing import visit_connection
from plein.notifications.tests.at_work import waiting
from plein.testing.cast import Cast
from plein.testing.peers import Answer, Peer, Request, running
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db(transaction=True)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Nets</title><link rel="self" href="{0}/feed"/>'
    '<link rel="hub" href="{0}/hub"/><entry><id>tag:nets.example,2026:1</id><title>Net</title></entry></feed>'
)


class Aborts:
    """What a job asks whether it is to end, and where it waited."""

    job = SimpleNamespace(queue=QUEUE)

    @staticmethod
    def should_abort() -> bool:
        return False


def visited(user: User, connection: Connection) -> Connection:
    with entered(user) as actor:
        here = actor.workspace_id
    context: Any = Aborts()
    visit_connection.func(context, workspace=here, user=str(user.id), connection=str(connection.id))
    with entered(user):
        found: Connection = Connection.objects.get(id=connection.id)
        return found


def begun(user: User, peer: Peer) -> Connection:
    with entered(user) as actor:
        made = add_connection(
            actor=actor, connector="feed", name="Nets", settings={"url": f"{peer.url}/feed"}, is_inside=True
        )
        return begin_hearing(actor=actor, connection=made, wishes=HearingWishes("everyone"), gives=Gives.EVERYTHING)


def asked(client: Client, method: Callable[..., object], *args: object, **more: object) -> int:
    with no_workspace("test"):
        return method(*args, **more).status_code  # type: ignore[attr-defined,no-any-return]


def test_a_hub_is_asked_agreed_with_and_heeded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PLEIN_URL", "https://plein.example")
    forms: list[dict[str, list[str]]] = []

    def behaviour(request: Request) -> Answer:
        if request.path == "/hub":
            forms.append(parse_qs(request.body.decode()))
            return Answer(status=202)
        return Answer(ATOM.format(peer.url).encode(), headers={"Content-Type": "application/atom+xml"})

    with running(behaviour) as peer:
        connection = visited(cast.alice, begun(cast.alice, peer))
        visited(cast.alice, connection)
        topic, [form] = f"{peer.url}/feed", forms
        assert (form["hub.mode"], form["hub.topic"]) == (["subscribe"], [topic])
        path = re.sub("https://plein.example", "", form["hub.callback"][0])
        token = path.rpartition("/")[2]
        assert form["hub.secret"] == [secret_for(token)]

        client = Client()
        question = f"{path}?hub.mode=subscribe&hub.challenge=abc&hub.lease_seconds=864000&hub.topic="
        assert asked(client, client.get, question + quote("https://other.example/feed", safe="")) == 404
        with no_workspace("test"):
            answer = client.get(question + quote(topic, safe=""))
        assert (answer.status_code, answer.content, answer.headers["Content-Type"][:10]) == (200, b"abc", "text/plain")
        connection = visited(cast.alice, connection)
        assert datetime.fromisoformat(connection.preview["hub"]["until"]) > now() + timedelta(days=9)
        assert connection.next_try_at and connection.next_try_at > now() + TOLD_EVERY / 2

        def post(body: bytes, signature: str) -> int:
            more = {"content_type": "application/atom+xml", "headers": {"X-Hub-Signature": signature}}
            return asked(client, client.post, path, body, **more)

        with no_workspace("test"), database.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        forged = hmac.new(b"other", b"news", hashlib.sha256).hexdigest()
        assert post(b"news", "") == post(b"news", f"sha256={forged}") == 202
        assert waiting("moments.visit_connection") == []
        right = hmac.new(secret_for(token).encode(), b"news", hashlib.sha256).hexdigest()
        assert post(b"news", f"sha256={right}") == 202
        assert [one["connection"] for one in waiting("moments.visit_connection")] == [str(connection.id)]

        assert asked(client, client.get, f"{path[:-1]}x?hub.mode=subscribe") == 404
        with entered(cast.alice) as actor:
            remove_connection(actor=actor, connection=connection)
        assert post(b"news", f"sha256={right}") == 410


def test_who_cannot_be_reached_asks_nobody(cast: Cast) -> None:
    paths: list[str] = []

    def behaviour(request: Request) -> Answer:
        paths.append(request.path)
        return Answer(ATOM.format(peer.url).encode(), headers={"Content-Type": "application/atom+xml"})

    with running(behaviour) as peer:
        visited(cast.alice, begun(cast.alice, peer))
    assert paths == ["/feed"]


def test_who_went_wrong_waits_apart_from_those_who_are_well(cast: Cast) -> None:
    with running(lambda _request: Answer(ATOM.encode())) as peer:
        connection = begun(cast.alice, peer)
        peer.moods += ["500"]
        assert visited(cast.alice, connection).failures == 1
        asked = len(peer.asked)
        with no_workspace("test"), database.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        assert visited(cast.alice, connection).failures == 1 and len(peer.asked) == asked
        with no_workspace("test"), database.cursor() as cursor:
            cursor.execute("SELECT queue_name FROM procrastinate_jobs WHERE task_name = 'moments.visit_connection'")
            assert cursor.fetchall() == [(AGAIN,)]


def test_its_page_and_the_door_say_how_it_stands_with_the_hub(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[User], Client], calling: Calling
) -> None:
    statuses: list[int] = []

    def behaviour(request: Request) -> Answer:
        if request.path == "/hub":
            return Answer(status=statuses.pop())
        return Answer(ATOM.format(peer.url).encode(), headers={"Content-Type": "application/atom+xml"})

    def said(words: str) -> dict[str, Any]:
        with no_workspace("test"):
            page = signed_in(cast.alice).get(f"/settings/connections/{connection.id}/").content.decode()
            assert words in html.unescape(page)
            told: dict[str, Any] = calling(cast.alice, "write").read(f"/connections/{connection.id}")["hub"]
        return told

    def later() -> None:
        with entered(cast.alice) as actor:
            noted = {**connection.preview["hub"], "asked_at": (now() - timedelta(hours=6)).isoformat()}
            note_hub(actor=actor, connection=connection, noted=noted)

    def call(mode: str) -> int:
        client, topic = Client(), quote(f"{peer.url}/feed", safe="")
        told = Told(connection.workspace_id, cast.alice.id, connection.id)
        path = reverse("moments:feed_told", args=[token_for(told)])
        return asked(client, client.get, f"{path}?hub.mode={mode}&hub.topic={topic}")

    with running(behaviour) as peer:
        connection = visited(cast.alice, begun(cast.alice, peer))
        assert said("127.0.0.1 could tell of news")["state"] == "out of reach"

        monkeypatch.setattr(settings, "PLEIN_URL", "https://plein.example")
        statuses += [202, 202, 404]
        connection = visited(cast.alice, connection)
        failed = said("127.0.0.1 could not be asked to tell of news: The hub of this feed answered 404.")
        assert (failed["state"], failed["until"]) == ("failed", None) and failed["again_at"]

        later()
        connection = visited(cast.alice, connection)
        assert said("is asked to tell of news, and has not answered yet")["state"] == "asked"

        assert call("denied") == 200
        assert said("does not want to tell of news. Plein asks again")["state"] == "refused"

        connection = visited(cast.alice, connection)
        later()
        connection = visited(cast.alice, connection)
        assert call("subscribe") == 200
        assert said("Nothing told yet.")["state"] == "tells"
        with entered(cast.alice) as actor:
            heed_hub(actor=actor, connection=connection)
        told = said("Last told:")
        assert told["told_at"] and told["problem"] == ""


def test_a_feed_without_a_hub_says_so(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    def behaviour(_request: Request) -> Answer:
        feed = re.sub('<link rel="hub"[^>]*>', "", ATOM.format(peer.url))
        return Answer(feed.encode(), headers={"Content-Type": "application/atom+xml"})

    with running(behaviour) as peer:
        connection = visited(cast.alice, begun(cast.alice, peer))
    with no_workspace("test"):
        page = signed_in(cast.alice).get(f"/settings/connections/{connection.id}/").content.decode()
    assert "The feed names no hub" in page
