# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plein.channels.base import Message, sender_of
from plein.channels.connectors.feed.connector import FeedConnector, Settings, hub_of
from plein.channels.connectors.feed.parse import NoFeed, read_feed
from plein.channels.live import Outgoing, Reply, Trouble, Visit
from plein.testing.peers import Answer, Behaviour, Request
from plein.testing.recorded import Recorded, heard, heard_in_pieces

FIXTURES = Path(__file__).parent / "fixtures"
URL = "https://fences.example/feed"
BLOG = (FIXTURES / "blog.atom.xml").read_bytes()
CONNECTOR = FeedConnector()


def serving(body: bytes, **headers: str) -> Behaviour:
    return lambda _request: Answer(body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def visit_to(behaviour: Behaviour, tmp_path: Path) -> Visit:
    return Visit(settings=Settings(url=URL), net=Recorded(behaviour), spool=tmp_path)


def messages(behaviour: Behaviour, tmp_path: Path, cursor: str = "") -> list[Message]:
    found = heard(CONNECTOR, replace(visit_to(behaviour, tmp_path), cursor=cursor))
    return [one for one in found if isinstance(one, Message)]


def test_an_atom_feed_is_heard_oldest_first(tmp_path: Path) -> None:
    first, second, third = messages(serving(BLOG), tmp_path)

    assert [first.external_id, second.external_id, third.external_id] == [
        f"{URL}#7", "tag:fences.example,2026:2", "tag:fences.example,2026:3",
    ]  # fmt: skip
    assert (third.subject, third.text, third.url) == (
        "A new net behind the goal", "It holds.", "https://fences.example/2026/net",
    )  # fmt: skip
    assert third.sent_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert (third.kind, third.is_public, third.place) == ("post", True, "Fences & fields")
    author = sender_of(third)
    assert author is not None and (author.name, author.address) == ("Noor de Wit", "noor@fences.example")
    assert (second.addresses[0].name, second.text) == ("Sem Bakker", "Wood or steel?")
    assert first.text == "Hello"


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir() if path.suffix != ".md"))
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_feed_in_pieces_is_the_whole_feed_once(name: str, size: int, tmp_path: Path) -> None:
    visit = visit_to(serving((FIXTURES / name).read_bytes()), tmp_path)
    whole = [one.external_id for one in heard(CONNECTOR, visit) if isinstance(one, Message)]
    pieces = [one.external_id for one in heard_in_pieces(CONNECTOR, visit, size) if isinstance(one, Message)]

    assert whole and pieces == whole == list(dict.fromkeys(whole))


def test_an_edited_entry_is_the_same_and_a_new_one_is_new(tmp_path: Path) -> None:
    cursor = list(CONNECTOR.fetch(visit_to(serving(BLOG), tmp_path)))[-1][0]
    edited = BLOG.replace(b"A new net", b"A better net").replace(b"Wood or steel?", b"Steel.")
    assert messages(serving(edited), tmp_path, cursor) == []

    added = edited.replace(
        b"  <entry>", b"  <entry><title>New</title><id>tag:fences.example,2026:4</id></entry><entry>", 1
    )
    assert [one.subject for one in messages(serving(added), tmp_path, cursor)] == ["New"]


def test_nothing_is_sent_again_when_nothing_changed(tmp_path: Path) -> None:
    def behaviour(request: Request) -> Answer:
        if request.headers.get("if-none-match") == '"v1"' and "if-modified-since" in request.headers:
            return Answer(status=304)
        return Answer(BLOG, headers={"ETag": '"v1"', "Last-Modified": "Tue, 03 Mar 2026 10:00:00 GMT"})

    visit = visit_to(behaviour, tmp_path)
    cursors = [cursor for cursor, _one in CONNECTOR.fetch(visit)]
    assert '"v1"' not in cursors[0], "a visit that broke off must not be told that nothing changed"
    assert list(CONNECTOR.fetch(replace(visit, cursor=cursors[-1]))) == []


def test_only_what_was_written_since_is_heard(tmp_path: Path) -> None:
    visit = replace(visit_to(serving(BLOG), tmp_path), since=datetime(2026, 3, 2, tzinfo=UTC))

    first = list(CONNECTOR.fetch(visit))
    assert [one.subject for _cursor, one in first if one] == ["Posts", "A new net behind the goal"]
    assert heard(CONNECTOR, replace(visit, cursor=first[-1][0])) == []


def test_a_website_leads_to_its_feed(tmp_path: Path) -> None:
    page = b'<html><head><link rel="alternate" type="application/atom+xml" href="/news.atom"></head><p>Hi</p>'

    def behaviour(request: Request) -> Answer:
        return Answer(BLOG) if request.path == "/news.atom" else Answer(page)

    visit = visit_to(behaviour, tmp_path)
    glimpse = CONNECTOR.look(visit)
    assert (glimpse.account, dict(glimpse.counts)) == ("Fences & fields", {"Fences & fields": 3})
    assert glimpse.senders["noor@fences.example"] == 2
    cursor = list(CONNECTOR.fetch(visit))[-1][0]
    net = Recorded(behaviour)
    assert list(CONNECTOR.fetch(replace(visit, cursor=cursor, net=net))) == []
    assert [request.path for request in net.asked] == ["/news.atom"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"<html><p>Hi"), "no feed"),
        (Answer(b"<rss>" + b"<a>" * 300), "so deep"),
        (Answer(b'{"items": '), "not be understood"),
        (Answer(b"[" * 100_000), "not be understood"),
        (Answer(b'{"a": 1}'), "no feed"),
        (Answer(b""), "no feed"),
        (Answer(status=404), "does not know"),
        (Answer(status=410), "for good"),
        (Answer(status=500), "could not answer"),
    ],
)
def test_what_is_no_feed_is_told_in_a_sentence(answer: Answer, words: str, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=words) as trouble:
        heard(CONNECTOR, visit_to(lambda _request: answer, tmp_path))
    assert trouble.value.is_lasting == (answer.status == 410)


def test_a_feed_never_reads_files_or_other_addresses(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("marker")
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><rss version="2.0"><channel><item><title>&x;</title>'

    for body in (str(secret), f"file://{secret}", entity + "</item></channel></rss>"):
        try:
            assert "marker" not in repr(read_feed(body.encode(), URL))
        except NoFeed:
            continue


def test_json_and_rdf_feeds_say_who_and_when() -> None:
    feed = read_feed((FIXTURES / "old.rdf.xml").read_bytes(), URL)
    assert [(one.title, one.author) for one in feed.entries] == [("One", "Jan"), ("Two", "")]
    assert feed.entries[0].at == datetime(2004, 5, 6, 7, 8, 9, tzinfo=UTC)

    feed = read_feed((FIXTURES / "attachments.feed.json").read_bytes(), URL)
    assert (feed.title, feed.entries[0].author, feed.entries[0].page) == (
        "JSON Feed", "Martin Smith", "https://example.com/martin",
    )  # fmt: skip


def test_a_hub_is_found_in_the_feed_or_in_its_head() -> None:
    feed = read_feed(BLOG, URL)
    assert hub_of(feed, Reply(200, {}, b"", URL)) == ("https://hub.example/", "https://fences.example/feed.atom")
    head = {"link": '<https://other.example/hub>; rel="hub", <https://fences.example/x>; rel="self"'}
    assert hub_of(feed, Reply(200, head, b"", URL)) == ("https://other.example/hub", "https://fences.example/x")


def test_nobody_answers_a_feed(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="only be read"):
        CONNECTOR.send(visit_to(serving(BLOG), tmp_path), Outgoing("1", "Hi"))
    assert not CONNECTOR.wait(visit_to(serving(BLOG), tmp_path), most_seconds=1)
