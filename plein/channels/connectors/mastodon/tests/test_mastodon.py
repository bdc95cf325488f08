# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from plein.channels.base import Address, Edited, Follow, Gone, Message
from plein.channels.connectors.mastodon.connector import MastodonConnector, Settings
from plein.channels.connectors.mastodon.tests.fake import HOST, URL, FakeMastodon, account, json_answer, status
from plein.channels.live import Outgoing, Trouble, Visit
from plein.testing.peers import Answer, Behaviour, Request
from plein.testing.recorded import Recorded, heard, heard_in_pieces

FIXTURES = Path(__file__).parent / "fixtures"
CONNECTOR = MastodonConnector()
EVERYTHING: dict[str, Any] = {"home": True, "lists": ("friends",), "hashtags": ("#nets",)}


def visit_to(behaviour: Behaviour, tmp_path: Path, **settings: Any) -> Visit:
    chosen = Settings(server=HOST, token=SecretStr("token"), **settings)
    return Visit(settings=chosen, net=Recorded(behaviour), spool=tmp_path)


def names(found: list[Any]) -> list[str]:
    return [one.external_id for one in found]


def test_everything_that_reaches_an_account_is_heard(tmp_path: Path) -> None:
    fake = FakeMastodon()
    found = heard(CONNECTOR, visit_to(fake, tmp_path, **EVERYTHING))

    posts = {one.external_id: one for one in found if isinstance(one, Message)}
    assert len(posts) == 95 + 50
    follows = [one for one in found if isinstance(one, Follow)]
    assert len({one.external_id for one in follows}) == len(follows) == 100
    assert follows[0].whom == Address("to", "Name 0", f"us@{HOST}", "handle", "mastodon")
    post, private = posts["https://far.example/94"], posts["https://far.example/500"]
    assert (post.text, post.is_public, post.kind, post.url) == (
        "Post 94", True, "post", "https://far.example/@name/94",
    )  # fmt: skip
    assert post.sent_at == datetime(2026, 3, 2, 10, 34, tzinfo=UTC)
    assert post.addresses[0].address == "name5@far.example"
    assert (private.is_public, private.kind) == (False, "chat")
    assert private.place == f"name1@far.example, us@{HOST}"


@pytest.mark.parametrize("size", [1, 7, 41])
def test_in_pieces_nothing_is_lost_and_nothing_comes_twice(size: int, tmp_path: Path) -> None:
    visit = visit_to(FakeMastodon(), tmp_path, **EVERYTHING)
    whole = names(heard(CONNECTOR, visit))

    assert names(heard_in_pieces(CONNECTOR, visit, size)) == whole


def test_only_news_comes_the_next_time(tmp_path: Path) -> None:
    fake = FakeMastodon()
    visit = visit_to(fake, tmp_path, home=True)
    cursor = list(CONNECTOR.fetch(visit))[-1][0]
    assert heard(CONNECTOR, replace(visit, cursor=cursor)) == []

    fake.home.append(status(95, in_reply_to_id="1094"))
    fake.followers.append(account(101))
    fake.notifications.append(
        {"id": "99", "type": "follow", "created_at": "2026-04-01T00:00:00Z", "account": account(101)}
    )
    fake.notifications.append({"id": "100", "type": "favourite", "account": account(3), "status": status(1)})
    new = heard(CONNECTOR, replace(visit, cursor=cursor))
    assert names(new) == [
        f"mastodon:name101@far.example>us@{HOST}", "https://far.example/95", f"mastodon:name101@far.example>us@{HOST}",
    ]  # fmt: skip
    assert isinstance(new[1], Message) and new[1].in_reply_to == ("https://far.example/94",)
    assert isinstance(new[0], Follow) and new[0].since == datetime(2026, 4, 1, tzinfo=UTC)


def test_hearing_begins_where_the_owner_wants(tmp_path: Path) -> None:
    fake = FakeMastodon()
    since = datetime(2026, 3, 1, 12, tzinfo=UTC)
    fake.home = [
        status(
            1,
            id=str(int(datetime(2026, 3, 1, hour, tzinfo=UTC).timestamp() * 1000) << 16),
            uri=f"https://x.example/{hour}",
        )
        for hour in (9, 11, 13, 15)
    ]
    visit = replace(visit_to(fake, tmp_path, home=True, followers=False), since=since)

    assert names(heard(CONNECTOR, visit)) == ["https://x.example/13", "https://x.example/15"]


def test_what_others_pass_on_comes_only_when_asked_for(tmp_path: Path) -> None:
    fake = FakeMastodon()
    fake.home = [status(1, reblog=status(2, 3)), status(3)]
    chosen: dict[str, Any] = {"home": True, "mentions": False, "followers": False}

    assert names(heard(CONNECTOR, visit_to(fake, tmp_path, **chosen))) == ["https://far.example/3"]
    with_boosts = heard(CONNECTOR, visit_to(fake, tmp_path, boosts=True, **chosen))
    assert names(with_boosts) == ["https://far.example/2", "https://far.example/3"]


def test_an_answer_is_said_once_and_no_louder_than_what_it_answers(tmp_path: Path) -> None:
    fake = FakeMastodon()
    visit = visit_to(fake, tmp_path)
    answer = Outgoing("key-1", "Thank you", in_reply_to="https://far.example/500", is_public=True)

    assert CONNECTOR.send(visit, answer) == CONNECTOR.send(visit, answer)
    (said,) = fake.said.values()
    assert said["form"] == {
        "status": "@name1@far.example Thank you", "visibility": "direct", "in_reply_to_id": "1500",
    }  # fmt: skip
    sent = CONNECTOR.send(visit, Outgoing("key-2", "Hello all", is_public=True))
    assert sent.external_id == said["uri"].replace("900", "901") and len(fake.said) == 2
    CONNECTOR.send(visit, Outgoing("key-3", "Psst", to=("name7@far.example",)))
    assert fake.said["key-3"]["form"] == {"status": "@name7@far.example Psst", "visibility": "direct"}
    with pytest.raises(Trouble, match="cannot be found") as trouble:
        CONNECTOR.send(visit, Outgoing("key-4", "Hm", in_reply_to="https://gone.example/1"))
    assert trouble.value.is_lasting


def test_an_hour_later_what_the_server_forgot_is_looked_for_among_what_was_said(tmp_path: Path) -> None:
    fake = FakeMastodon()
    said = status(950, 0, in_reply_to_id="1500", content="<p><a>@<span>name1</span></a> Thank<br>you!</p>")

    def behaviour(request: Request) -> Answer:
        return json_answer([said]) if request.path == "/api/v1/accounts/0/statuses" else fake(request)

    since = datetime(2026, 3, 16, 10, 50, tzinfo=UTC)
    again = Outgoing("key-1", "Thank you!", in_reply_to="https://far.example/500", tried_since=since)
    assert CONNECTOR.send(visit_to(behaviour, tmp_path), again).external_id == said["uri"]
    assert fake.said == {}
    for other in (replace(again, text="Thanks"), replace(again, tried_since=since + timedelta(hours=1))):
        assert CONNECTOR.send(visit_to(behaviour, tmp_path), replace(other, key=other.text)).external_id != said["uri"]


def later(cursor: str) -> str:
    """The same place, two days on."""
    then = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    return json.dumps(json.loads(cursor) | {"watched.at": then, "roll.at": then})


@pytest.mark.parametrize("tells_of_many", [True, False])
def test_what_was_edited_or_taken_away_and_who_left_is_heard_later(tmp_path: Path, tells_of_many: bool) -> None:
    fake = FakeMastodon()
    fake.home, fake.notifications = fake.home[:9], []

    def behaviour(request: Request) -> Answer:
        is_many = request.path == "/api/v1/statuses"
        return json_answer({}, 404) if is_many and not tells_of_many else fake(request)

    visit = visit_to(behaviour, tmp_path, home=True)
    cursor = list(CONNECTOR.fetch(visit))[-1][0]
    fake.home[4] = {**fake.home[4], "content": "<p>Better</p>", "edited_at": "2026-03-02T00:00:00Z"}
    del fake.home[2], fake.followers[5]
    assert list(CONNECTOR.fetch(replace(visit, cursor=cursor))) == []

    found = list(CONNECTOR.fetch(replace(visit, cursor=later(cursor))))
    gone, edited, left = [one for _cursor, one in found if one is not None]
    assert gone == Gone("https://far.example/2")
    assert isinstance(edited, Edited)
    assert (edited.message.external_id, edited.message.text) == ("https://far.example/4", "Better")
    assert isinstance(left, Follow) and left.is_over
    assert (left.who.address, left.whom.address) == (f"name6@{HOST}", f"us@{HOST}")
    assert heard(CONNECTOR, replace(visit, cursor=later(found[-1][0]))) == []


def test_a_look_tells_whose_account_it_is_and_fetches_nothing(tmp_path: Path) -> None:
    visit = visit_to(FakeMastodon(), tmp_path)

    glimpse = CONNECTOR.look(visit)
    assert glimpse.account == f"@us@{HOST}" and glimpse.counts["followers"] == 100
    assert "Friends" in glimpse.counts


@pytest.mark.parametrize(
    ("answer", "words", "is_lasting"),
    [(json_answer({}, 401), "let us in", True), (json_answer({}, 403), "not allow", True),
     (json_answer({}, 500), "could not", False), (Answer(b"<html>"), "not what it should be", False),
     (json_answer([]), "not what it should be", False), (json_answer({}), "whose token", False)],
)  # fmt: skip
def test_refusals_are_told_in_a_sentence(answer: Answer, words: str, is_lasting: bool, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=words) as trouble:
        heard(CONNECTOR, visit_to(lambda _request: answer, tmp_path))
    assert trouble.value.is_lasting == is_lasting


def test_a_server_that_is_nearly_tired_is_left_alone(tmp_path: Path) -> None:
    fake = FakeMastodon()

    def tired(request: Request) -> Answer:
        answer = fake(request)
        return replace(answer, headers={**answer.headers, "X-RateLimit-Remaining": "0"})

    visit = visit_to(tired, tmp_path, home=True, followers=False, mentions=False)
    first = [one for one in CONNECTOR.fetch(visit) if one[1]]
    assert len(first) == 40
    assert len(heard(CONNECTOR, replace(visit, cursor=first[-1][0]))) == 40


@pytest.mark.parametrize(
    ("stream", "told"),
    [(b":thump\n\nevent: update\ndata: {}\n\n", True), (b":thump\n\nevent: delete\n", False), (b"", False)],
)
def test_news_is_waited_for(stream: bytes, told: bool, tmp_path: Path) -> None:
    fake = FakeMastodon()

    def behaviour(request: Request) -> Answer:
        return Answer(stream) if request.path == "/api/v1/streaming/user" else fake(request)

    assert CONNECTOR.wait(visit_to(behaviour, tmp_path), most_seconds=1) is told


@pytest.mark.parametrize(
    ("streaming", "asked"),
    [
        ("wss://streaming.social.example", "streaming.social.example"),
        ("wss://evil.example", HOST),
        ("ws://a.social.example", HOST),
    ],
)
def test_the_token_goes_only_where_it_is_of(streaming: str, asked: str, tmp_path: Path) -> None:
    hosts = []

    def behaviour(request: Request) -> Answer:
        hosts.append(request.headers["host"])
        return json_answer({"domain": HOST, "configuration": {"urls": {"streaming": streaming}}})

    CONNECTOR.wait(visit_to(behaviour, tmp_path), most_seconds=1)
    assert hosts[-1] == asked


def recorded(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


def test_recorded_answers_are_read(tmp_path: Path) -> None:
    fake = FakeMastodon()
    timeline = recorded("public_timeline.json")
    fake.home = [*timeline, recorded("status_with_poll.json")]
    fake.notifications = recorded("notifications.json")
    fake.followers = recorded("account_search.json")

    found = heard(CONNECTOR, visit_to(fake, tmp_path, home=True, boosts=True))
    posts = {one.external_id: one for one in found if isinstance(one, Message)}
    follows = [one for one in found if isinstance(one, Follow)]
    assert len(follows) == 40 and follows[-1].who.address == f"a@{HOST}"
    assert {one["uri"] for one in timeline} <= set(posts)
    assert all(one.text and one.sent_at for one in posts.values() if "hatenablog" not in one.url)


@pytest.mark.parametrize("server", ["", "https://", "ftp://x.example", "https://x.example/path", "javascript:x()//"])
def test_only_the_address_of_a_server_is_one(server: str) -> None:
    with pytest.raises(ValidationError):
        Settings(server=server, token=SecretStr("x"))
    assert Settings(server="x.example/", token=SecretStr("marker")).server == "https://x.example"
    assert "marker" not in repr(Settings(server=URL, token=SecretStr("marker")))
