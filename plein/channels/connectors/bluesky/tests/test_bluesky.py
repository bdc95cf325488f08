# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from plein.channels.base import Follow, Gone, Message
from plein.channels.connectors.bluesky.connector import BlueskyConnector, Settings
from plein.channels.connectors.bluesky.posts import facets, message, record_key
from plein.channels.connectors.bluesky.tests.fake import FakeBluesky, profile, view, when
from plein.channels.connectors.mastodon.tests.fake import json_answer
from plein.channels.live import Outgoing, Trouble, Visit
from plein.testing.peers import Answer, Behaviour, Request
from plein.testing.recorded import Recorded, heard, heard_in_pieces

FIXTURES = Path(__file__).parent / "fixtures"
CONNECTOR = BlueskyConnector()
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def visit_to(behaviour: Behaviour, tmp_path: Path, word: str = "app-word", **settings: Any) -> Visit:
    chosen = Settings(account="@Us.example", password=SecretStr(word), **settings)
    return Visit(settings=chosen, net=Recorded(behaviour), spool=tmp_path, since=LONG_AGO)


def names(found: list[Any]) -> list[str]:
    return [one.external_id for one in found]


def test_everything_that_reaches_an_account_is_heard(tmp_path: Path) -> None:
    found = heard(CONNECTOR, visit_to(FakeBluesky(), tmp_path, home=True, searches=("nets",)))

    posts = [one for one in found if isinstance(one, Message)]
    assert len({one.external_id for one in posts}) == len(posts) == 30 + 230 + 5
    assert len([one for one in found if isinstance(one, Follow)]) == 250
    home = [one for one in posts if one.folder == "home"]
    assert [one.text for one in home] == [f"Post {number}" for number in sorted(range(230), key=home_order)]
    assert (home[0].url, home[0].is_public) == ("https://bsky.app/profile/name0.example/post/0", True)
    assert home[0].addresses[0].address == "name0.example"


def home_order(number: int) -> tuple[str, str]:
    return view(number)["indexedAt"], view(number)["uri"]


@pytest.mark.parametrize("size", [1, 13, 101])
def test_in_pieces_nothing_is_lost_and_nothing_comes_twice(size: int, tmp_path: Path) -> None:
    fake = FakeBluesky()
    fake.home, fake.followers = fake.home[:60], fake.followers[:120]
    visit = visit_to(fake, tmp_path, home=True)

    assert names(heard_in_pieces(CONNECTOR, visit, size)) == names(heard(CONNECTOR, visit))


def test_only_news_comes_the_next_time_over_the_same_session(tmp_path: Path) -> None:
    fake = FakeBluesky()
    visit = visit_to(fake, tmp_path, home=True)
    cursor = list(CONNECTOR.fetch(visit))[-1][0]
    assert list(CONNECTOR.fetch(replace(visit, cursor=cursor))) == []

    fake.home += [{"post": view(230)}, {"post": view(231)}]
    fake.notifications.append({"uri": "at://f/1", "reason": "follow", "author": profile(300), "indexedAt": when(4000)})
    assert names(heard(CONNECTOR, replace(visit, cursor=cursor))) == [
        "bluesky:did:plc:300>us.example", view(230)["uri"], view(231)["uri"],
    ]  # fmt: skip
    assert fake.began == 1


def test_a_session_that_ran_out_is_renewed_and_one_that_is_over_is_begun_again(tmp_path: Path) -> None:
    fake = FakeBluesky()
    visit = visit_to(fake, tmp_path)
    cursor = list(CONNECTOR.fetch(visit))[-1][0]

    for held in ({"renew1"}, set[str]()):
        fake.proofs.clear()
        fake.renewals = held
        found = list(CONNECTOR.fetch(replace(visit, cursor=cursor)))
        assert [one for _cursor, one in found] == [None], "the new session is kept"
    assert fake.began == 3


def test_a_cursor_tells_nobody_the_session(tmp_path: Path) -> None:
    fake = FakeBluesky()
    cursor = list(CONNECTOR.fetch(visit_to(fake, tmp_path)))[-1][0]

    assert "access1" not in cursor and "renew1" not in cursor and "app-word" not in cursor
    # With another password it is as if there was no session.
    with pytest.raises(Trouble, match="let us in") as trouble:
        heard(CONNECTOR, replace(visit_to(fake, tmp_path, word="other"), cursor=cursor))
    assert trouble.value.is_lasting


def test_an_answer_is_said_once_under_its_own_key(tmp_path: Path) -> None:
    fake = FakeBluesky()
    fake.home.append({"post": view(400, reply={"root": {"uri": "at://r", "cid": "rc"}, "parent": {"uri": "at://p"}})})
    visit = visit_to(fake, tmp_path)
    answer = Outgoing("key-1", "See https://nets.example/é?a=1, thanks", in_reply_to=view(400)["uri"])

    assert CONNECTOR.send(visit, answer) == CONNECTOR.send(visit, answer)
    ((key, record),) = fake.records.items()
    assert record["reply"] == {
        "parent": {"uri": view(400)["uri"], "cid": "cid400"},
        "root": {"uri": "at://r", "cid": "rc"},
    }
    assert record["facets"][0]["features"][0]["uri"] == "https://nets.example/é?a=1"
    assert CONNECTOR.send(visit, answer).external_id == f"at://did:plc:us/app.bsky.feed.post/{key}"
    with pytest.raises(Trouble, match="cannot be found"):
        CONNECTOR.send(visit, replace(answer, key="key-2", in_reply_to="at://gone"))
    with pytest.raises(Trouble, match="is public"):
        CONNECTOR.send(visit, Outgoing("key-3", "Psst"))
    with pytest.raises(Trouble, match="at most 300"):
        CONNECTOR.send(visit, Outgoing("key-4", "x" * 301, is_public=True))
    assert len(fake.records) == 1


def test_two_tries_at_once_say_it_once(tmp_path: Path) -> None:
    fake = FakeBluesky()
    unseen = ["once"]

    def behaviour(request: Request) -> Answer:
        if "getRecord" in request.path and unseen:
            unseen.pop()
            fake.records[record_key("key-1")] = {"text": "of the other try"}
            return json_answer({"error": "RecordNotFound"}, 400)
        return fake(request)

    sent = CONNECTOR.send(visit_to(behaviour, tmp_path), Outgoing("key-1", "Hello", is_public=True))
    assert sent.external_id.endswith(record_key("key-1")) and len(fake.records) == 1


def test_keys_are_stable_and_of_the_right_shape() -> None:
    keys = [record_key(str(number)) for number in range(500)]

    assert len(set(keys)) == 500 and keys == [record_key(str(number)) for number in range(500)]
    assert all(re.fullmatch(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", key) for key in keys)
    assert facets("é https://x.example/a.") == [
        {"index": {"byteStart": 3, "byteEnd": 22},
         "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://x.example/a"}]},
    ]  # fmt: skip


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / name).read_text())
    post: dict[str, Any] = found.get("post", found)
    return {**post, "author": post.get("author") or profile(1), "uri": post.get("uri") or "at://x/y/z"}


def test_recorded_posts_are_read() -> None:
    reply = message(recorded("comment_inreplyto_id.bsky.json"), "home", "us")
    assert reply is not None and reply.text == "foo bar baz"
    assert reply.in_reply_to == ("at://did:plc:123/app.bsky.feed.post/parent-tid",)
    assert reply.references == ("at://did:plc:123/app.bsky.feed.post/root-tid", *reply.in_reply_to)
    assert reply.sent_at == datetime(2012, 12, 5, 0, 58, 26, tzinfo=UTC)

    repost = message(recorded("repost.bsky.json"), "home", "us")
    assert repost is not None and (repost.text, repost.addresses[0].name) == ("The original post", "Bob")
    assert repost.sent_at == datetime(2022, 1, 2, 3, 4, 5, tzinfo=UTC)

    quote = message(recorded("quote_and_image.bsky.json"), "home", "us")
    assert quote is not None and quote.text.startswith("I hereby quote\n")


def test_what_others_pass_on_comes_only_when_asked_for(tmp_path: Path) -> None:
    fake = FakeBluesky()
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": profile(7), "indexedAt": when(900)}
    fake.home = [{"post": view(1)}, {"post": view(2), "reason": reason}]
    chosen: dict[str, Any] = {"home": True, "mentions": False, "followers": False}

    assert names(heard(CONNECTOR, visit_to(fake, tmp_path, **chosen))) == [view(1)["uri"]]
    assert len(heard(CONNECTOR, visit_to(fake, tmp_path, reposts=True, **chosen))) == 2


def test_a_look_tells_whose_account_it_is(tmp_path: Path) -> None:
    glimpse = CONNECTOR.look(visit_to(FakeBluesky(), tmp_path))

    assert (glimpse.account, dict(glimpse.counts)) == ("@us.example", {"followers": 250, "following": 3})
    assert not CONNECTOR.wait(visit_to(FakeBluesky(), tmp_path), most_seconds=1)


@pytest.mark.parametrize("answer", [json_answer([]), json_answer({}), Answer(b"<html>"), json_answer({}, 500)])
def test_garbage_is_told_in_a_sentence(answer: Answer, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"\.$"):
        heard(CONNECTOR, visit_to(lambda _request: answer, tmp_path))


def test_what_was_taken_away_and_who_left_is_heard_later(tmp_path: Path) -> None:
    fake = FakeBluesky()
    fake.home, fake.notifications, fake.followers = fake.home[:35], [], fake.followers[:120]
    visit = visit_to(fake, tmp_path, home=True)
    cursor = list(CONNECTOR.fetch(visit))[-1][0]
    del fake.home[3], fake.home[30], fake.followers[7]

    then = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    later = json.dumps(json.loads(cursor) | {"watched.at": then, "roll.at": then})
    found = heard(CONNECTOR, replace(visit, cursor=later))
    gone = [one.external_id for one in found if isinstance(one, Gone)]
    assert gone == [view(3)["uri"], view(31)["uri"]]
    [left] = [one for one in found if isinstance(one, Follow)]
    assert left.is_over and left.who.address == "name8.example" and left.whom.address == "us.example"
