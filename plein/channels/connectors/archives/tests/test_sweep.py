# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shared sets of social media yield the figures that separate scripts counted; each difference is explained."""

import json
import os
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from plein.channels.base import Address, Follow, Message
from plein.channels.connectors.archives import Settings, read_archive
from plein.channels.connectors.archives.making import Item

DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "social"
pytestmark = pytest.mark.sweep
CHATS = (
    "whatstk/lorem-2000.txt",
    "whatstk/lorem-merge-part1.txt",
    "whatstk/lorem-merge-part2.txt",
    "chat-miner/whatsapp/test_ddmmyy_24hrs.txt",
    "chat-miner/whatsapp/test_mmddyy_24hrs.txt",
    "chat-miner/whatsapp/test_mmddyyyy_12hrs.txt",
)


def figures(name: str) -> Any:
    return json.loads((DATA / "expected.json").read_text())[name]


def items(path: Path, **settings: Any) -> list[Item]:
    return [item for _cursor, item in read_archive(path, settings=Settings(**settings))]


def writer(message: Message) -> Address:
    return next(one for one in message.addresses if one.role == "from")


def unpacked(name: str, folder: Path) -> Path:
    with tarfile.open(DATA / name) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.mark.parametrize("name", CHATS)
def test_chats_of_whatsapp(name: str, tmp_path: Path) -> None:
    expected = figures("chat-exports.tar.gz")[name]
    # The script that counted took "a. m. - " for a part of the name: it does not know half days.
    authors = Counter[str]()
    for author, count in expected["authors"].items():
        authors[author.removeprefix("a. m. - ").removeprefix("p. m. - ")] += count

    found = [one for one in items(unpacked("chat-exports.tar.gz", tmp_path) / name) if isinstance(one, Message)]

    # A number is kept in its one form; nobody has that number, so that it has no other.
    names = Counter(writer(one).name or "+1 123 456 789" for one in found)
    assert len(found) == expected["messages_with_author"]
    assert names == authors
    assert all(one.sent_at for one in found)


def test_what_a_chat_of_whatsapp_says_when(tmp_path: Path) -> None:
    folder = unpacked("chat-exports.tar.gz", tmp_path) / "chat-miner" / "whatsapp"
    target = json.loads((folder / "target.json").read_text())
    expected = sorted((one["timestamp"], one["author"], one["message"]) for one in target)

    for name in CHATS[3:]:
        found = [one for one in items(folder / Path(name).name) if isinstance(one, Message)]
        told = sorted(
            (f"{one.sent_at:%Y-%m-%dT%H:%M:%S}", writer(one).name, one.text.replace("\n", " ")) for one in found
        )
        assert told == expected


@pytest.mark.parametrize(("network", "file"), [("telegram", "test_single_export"), ("instagram", "test_export")])
def test_small_exports_equal_their_targets(network: str, file: str, tmp_path: Path) -> None:
    folder = unpacked("chat-exports.tar.gz", tmp_path) / "chat-miner" / network
    target = json.loads((folder / "target.json").read_text())

    found = [one for one in items(folder / f"{file}.json") if isinstance(one, Message)]

    def squeezed(text: str) -> str:
        # The target puts a space between the pieces of a text, the export has none there.
        return text.replace(" ", "")

    told = sorted((f"{one.sent_at:%Y-%m-%dT%H:%M:%S}", writer(one).name, squeezed(one.text)) for one in found)
    assert told == sorted((one["timestamp"], one["author"], squeezed(one["message"])) for one in target)


@pytest.mark.parametrize("name", ["telegram/personal_chat.json", "telegram/supergroup_with_topics.json"])
def test_chats_of_telegram(name: str) -> None:
    expected = figures(name)

    found = [one for one in items(DATA / name) if isinstance(one, Message)]

    assert len(found) == expected["messages"]
    assert sorted({writer(one).address for one in found}) == expected["authors"]


def test_a_member_of_linkedin() -> None:
    found = items(DATA / "linkedin")
    ties, letters = (
        [one for one in found if isinstance(one, Follow)],
        [one for one in found if isinstance(one, Message)],
    )

    expected = figures("linkedin/Connections.csv")
    assert len(ties) == expected["rows"]
    assert len([one for one in ties if one.who.name]) == expected["named_people"]
    assert len([one for one in ties if one.links]) == expected["with_email"]
    assert len({one.headline.rpartition(", ")[2] for one in ties}) == expected["distinct_companies"]
    assert len(letters) == figures("linkedin/Messages.csv")["messages"]
    assert len({one.references[0] for one in letters}) == figures("linkedin/Messages.csv")["conversations"]


def test_posts_on_x() -> None:
    found = [one for one in items(DATA / "twitter") if isinstance(one, Message)]
    identifiers = {one.external_id for one in found}

    expected = figures("twitter/tweets.js")
    assert len(found) == expected["tweets"]
    assert len([one for one in found if one.text.startswith("RT @")]) == expected["retweets"]
    assert len([one for one in found if identifiers & set(one.in_reply_to)]) == expected["self_reply_thread_edges"]


def test_a_day_of_slack(tmp_path: Path) -> None:
    # In the shared set the day lies beside its channel's folder, in an export it lies in it.
    (tmp_path / "random").mkdir()
    for source, target in (("users.json", "users.json"), ("random-2018-01-20.json", "random/2018-01-20.json")):
        (tmp_path / target).write_bytes((DATA / "slack" / source).read_bytes())

    found = [one for one in items(tmp_path) if isinstance(one, Message)]

    # A shared file is a message too: who shared it said something with it.
    expected = figures("slack")
    assert len(found) == expected["human_messages"] + expected["file_shares"]
    assert len(found) + expected["joins"] == expected["random_2018_01_20_items"]


def test_a_site_of_stack_exchange() -> None:
    expected = figures("stackexchange-bicycles-meta.tar.xz")
    found = [one for one in items(DATA / "stackexchange-bicycles-meta.tar.xz") if isinstance(one, Message)]
    comments = [one for one in found if "/c" in one.external_id]
    posts = [one for one in found if one not in comments]
    ties = Counter(
        (writer(one).address, other.address)
        for one in found
        for other in one.addresses
        if other.role == "to" and writer(one).address
    )

    assert len(comments) == expected["rows"]["Comments.xml"]
    assert len([one for one in posts if not one.in_reply_to]) == expected["questions"]
    assert len([one for one in posts if one.in_reply_to]) == expected["answers"]
    assert (len(ties), sum(ties.values())) == (expected["directed_ties_answer_or_comment"], expected["tie_events"])
    assert found[0].sent_at is not None and found[0].sent_at.isoformat()[:19] == expected["first"][:19]


def test_posts_whose_writers_are_not_listed() -> None:
    found = [one for one in items(DATA / "stackexchange-coffee-Posts.xml.gz") if isinstance(one, Message)]

    # Of 592 rows 40 are descriptions of tags, which nobody wrote to anybody.
    assert len(found) == figures("stackexchange-coffee-Posts.xml.gz")["rows"] - 40
    assert {writer(one).name for one in found if writer(one).address} == {""}


def test_a_forum_as_its_answers_hold_it(tmp_path: Path) -> None:
    found = items(unpacked("discourse-api-json.tar.gz", tmp_path), kind="discourse")

    assert [type(one).__name__ for one in found].count("Unreadable") == 0
    assert all(isinstance(one, Message) and one.text and writer(one).address for one in found)
    assert len(found) == 6
