# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trials of a connection with a real PDS: the session, what is said and answered once, what is heard and taken away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from plein.channels.connectors.again import WATCH_EVERY
from plein.channels.connectors.bluesky.session import Session
from plein.channels.live import Outgoing, Trouble
from plein.channels.net import OutsideNet
from plein.channels.speaking import speaker_of
from plein.core.ids import now
from plein.moments.hearing.tests.hearing_from import begun, texts
from plein.moments.hearing.tests.test_visiting import visit
from plein.moments.models import MomentSource
from plein.testing import pds
from plein.testing.cast import Cast
from plein.testing.pds import Pds
from plein.trust.seats import entered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.nightly,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not pds.found(), reason="this machine has no PDS (PLEIN_PDS: where @atproto/pds is)"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Pds]:
    with pds.running() as running:
        yield running


def test_answers_mentions_and_followers_are_heard_once_and_what_is_taken_away_says_so(
    cast: Cast, server: Pds, monkeypatch: pytest.MonkeyPatch
) -> None:
    us, henk = server.account("hears"), server.account("henk")
    ours = us.say("We ship on Monday.")
    answer = henk.answer(ours, "Great!")
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": us.did}
    mention = henk.say("@hears.test hello", facets=[{"index": {"byteStart": 0, "byteEnd": 11}, "features": [feature]}])
    henk.record(pds.FOLLOW, {"subject": us.did})
    connection = begun(cast.alice, "bluesky", us.settings(server))

    after = visit(cast.alice, connection)
    assert (after.problem, after.failures) == ("", 0)
    assert texts(cast.alice, connection, "post") == {answer: "Great!", mention: "@hears.test hello"}
    # The list of followers and the notification tell of the same one.
    assert after.counts["follows"] == 2
    later = henk.answer(ours, "When exactly?")
    visit(cast.alice, connection)
    assert set(texts(cast.alice, connection, "post")) == {answer, mention, later}

    henk.delete(mention)
    monkeypatch.setattr("plein.channels.connectors.again.now", lambda: now() + WATCH_EVERY + timedelta(minutes=1))
    visit(cast.alice, connection)
    with entered(cast.alice):
        gone = MomentSource.objects.filter(import_id=connection.id, gone_at__isnull=False)
        assert [one.external_id for one in gone] == [mention]


def test_what_is_said_and_answered_is_said_once_and_heard_back_as_the_same(cast: Cast, server: Pds) -> None:
    us, henk = server.account("says"), server.account("asks")
    question = henk.say("Who has nets?")
    connection = begun(cast.alice, "bluesky", us.settings(server))
    with entered(cast.alice):
        speaker = speaker_of(connection)

    post = Outgoing("key-1", "We have. https://plein.example", is_public=True)
    with ThreadPoolExecutor(6) as pool:
        # Whoever comes second at the same moment finds that it was said.
        said = set(pool.map(lambda _turn: speaker.say(post, None), range(6)))
    answered = {speaker.say(Outgoing("key-2", "We have nets.", in_reply_to=question), None) for _turn in "123"}
    assert (len(said), len(answered)) == (1, 1)
    there = {one["uri"]: one["value"] for one in us.posts()}
    assert {one.external_id for one in said | answered} == set(there)
    answer = there[answered.pop().external_id]
    assert answer["reply"]["parent"]["uri"] == answer["reply"]["root"]["uri"] == question
    # An answer to an answer belongs to the conversation that the first one began.
    deeper = henk.answer(next(uri for uri, one in there.items() if one is answer), "How many?")
    speaker.say(Outgoing("key-3", "Five.", in_reply_to=deeper), None)
    [last] = [one["value"] for one in us.posts() if one["value"]["text"] == "Five."]
    assert last["reply"]["parent"]["uri"] == deeper

    henk.delete(question)
    with pytest.raises(Trouble, match="cannot be found") as trouble:
        speaker.say(Outgoing("key-4", "Too late", in_reply_to=question), None)
    assert trouble.value.is_lasting
    assert len(us.posts()) == 3


def test_a_session_is_kept_renewed_and_refused(server: Pds) -> None:
    us = server.account("keeps")
    password = us.app_password()
    with OutsideNet(may_be_inside=True) as net:
        session = Session(server.url, us.handle, password, net)
        assert session.ask("GET", "com.atproto.server.getSession").status == 200
        first, renewal = session.access, session.renewal
        kept = Session(server.url, us.handle, password, net)
        kept.unseal(session.sealed())
        assert (kept.access, kept.renewal, kept.did) == (first, renewal, us.did)
        # A proof that the server does not take any more is renewed, and the other one is new as well.
        kept.access = first[:-4] + "AAAA"
        assert kept.ask("GET", "com.atproto.server.getSession").status == 200
        assert kept.renewal != renewal
        with pytest.raises(Trouble) as trouble:
            Session(server.url, us.handle, "wrong", net).begin()
        assert trouble.value.is_lasting
