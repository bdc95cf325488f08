# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

import pytest

from plein.channels.base import Follow, Message
from plein.channels.connectors.archives import Limits, NotAnArchive, Settings
from plein.channels.connectors.archives.kinds import items_of, source_of
from plein.channels.connectors.archives.making import Item, Source
from plein.channels.connectors.archives.settings import KINDS
from plein.channels.connectors.archives.store import open_store
from plein.channels.connectors.archives.tests.samples import (
    ARCHIVES,
    WHATSAPP_DE,
    WHATSAPP_EN,
    Files,
    folder_of,
    zip_of,
)


def opened(files: Files, folder: Path, **settings: object) -> tuple[Source, list[Item]]:
    with open_store(folder_of(files, folder), Limits()) as store:
        source = source_of(store, Settings.model_validate(settings))
        return source, list(items_of(source))


def messages(items: list[Item]) -> list[Message]:
    return [one for one in items if isinstance(one, Message)]


def follows(items: list[Item]) -> list[Follow]:
    return [one for one in items if isinstance(one, Follow)]


def who(message: Message) -> tuple[str, str]:
    writer = next(one for one in message.addresses if one.role == "from")
    return writer.name, writer.address


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_recognised_from_a_folder_and_from_a_zip(kind: str, tmp_path: Path) -> None:
    source, items = opened(ARCHIVES[kind], tmp_path / "folder")
    with open_store(zip_of(ARCHIVES[kind], tmp_path / "a.zip"), Limits()) as store:
        zipped = source_of(store, Settings())
        again = list(items_of(zipped))

    assert source.kind == zipped.kind == kind
    assert [one for one in items if not isinstance(one, Message | Follow)] == []
    assert len(items) == len(again) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_archive_again_yields_the_same_identifiers_each_once(kind: str, tmp_path: Path) -> None:
    _source, once = opened(ARCHIVES[kind], tmp_path / "one" / "site")
    _source, again = opened(ARCHIVES[kind], tmp_path / "two" / "site")

    identifiers = [one.external_id for one in once if isinstance(one, Message | Follow)]
    assert identifiers == [one.external_id for one in again if isinstance(one, Message | Follow)]
    assert len(set(identifiers)) == len(identifiers)


def test_a_dutch_chat_of_whatsapp(tmp_path: Path) -> None:
    source, items = opened(ARCHIVES["whatsapp"], tmp_path, zone="Europe/Amsterdam")
    found = messages(items)

    assert source.owner is None
    assert [who(one) for one in found] == [("Anna de Vries", ""), ("", "+31612345678"), ("Anna de Vries", "")]
    assert found[0].text == "Goedemorgen! Komt de offerte vandaag?\nEn nog iets: de sleutel ligt klaar."
    assert found[1].text == "Ja: voor de middag."
    assert [one.sent_at.isoformat() for one in found if one.sent_at][0] == "2026-03-12T08:14:00+00:00"
    assert found[2].text == "" and "left out" in found[2].defects[0]
    assert {one.place for one in found} == {"Anna"}
    assert found[0].references == found[1].references != found[2].references


def test_an_english_chat_of_a_telephone_with_half_days_and_the_month_first(tmp_path: Path) -> None:
    _source, items = opened({"_chat.txt": WHATSAPP_EN}, tmp_path)
    found = messages(items)

    assert [one.sent_at.isoformat()[:16] for one in found if one.sent_at] == [
        "2026-03-12T09:14",
        "2026-03-13T23:20",
        "2026-03-14T00:00",
    ]
    assert found[0].text == "Messages to this chat are one thing: this is another."
    assert found[2].text == "look at this" and "00000012-PHOTO.jpg" in found[2].defects[0]


def test_a_german_chat_has_the_day_first(tmp_path: Path) -> None:
    _source, items = opened({"WhatsApp Chat mit Anna.txt": WHATSAPP_DE}, tmp_path)

    assert [one.sent_at.isoformat()[:10] for one in messages(items) if one.sent_at] == [
        "2026-03-12",
        "2026-03-13",
        "2026-03-14",
    ]


def test_the_same_words_twice_in_a_minute_are_two_messages(tmp_path: Path) -> None:
    _source, items = opened({"chat.md": "[2026-01-02 10:00] Anna: ok\n[2026-01-02 10:00] Anna: ok\n"}, tmp_path)

    assert len({one.external_id for one in messages(items)}) == 2


def test_an_account_of_telegram(tmp_path: Path) -> None:
    source, items = opened(ARCHIVES["telegram"], tmp_path)
    first, second = messages(items)

    assert source.owner is not None and (source.owner.name, source.owner.address) == ("Sam Bakker", "user7")
    assert first.text == "See https://example.org!" and "forwarded from Someone" in first.defects[0]
    assert second.in_reply_to == (first.external_id,)
    assert [(one.role, one.address) for one in second.addresses] == [("from", "user7"), ("to", "user9")]


def test_a_workspace_of_slack(tmp_path: Path) -> None:
    _source, items = opened(ARCHIVES["slack"], tmp_path)
    private, first, answer = messages(items)

    assert (first.text, first.place) == ("Hi @Anna de Vries, see the page (https://example.org) & more", "#sales")
    assert who(first) == ("Sam Bakker", "sam@example.org") and first.defects == ("Reactions: wave × 2.",)
    assert [one.name for one in first.addresses if one.role == "to"] == ["Anna de Vries"]
    assert answer.in_reply_to == (first.external_id,) and who(answer) == ("", "u9")
    assert [one.name for one in private.addresses] == ["Anna de Vries", "Sam Bakker"] and not private.is_public


def test_the_data_of_a_member_of_linkedin(tmp_path: Path) -> None:
    source, items = opened(ARCHIVES["linkedin"], tmp_path)
    ties, talk = follows(items), messages(items)

    assert source.owner is not None and (source.owner.name, source.owner.address) == ("Sam Bakker", "in/sambakker")
    assert [(one.who.name, one.who.address, one.headline, one.links, one.is_mutual) for one in ties] == [
        ("Anna de Vries", "in/annadevries", "Buyer, Fictive BV", ("mailto:anna@example.org",), True),
        ("Ben Okafor", "in/benokafor", "", (), True),
    ]
    assert ties[0].since is not None and ties[0].since.date().isoformat() == "2024-03-12"
    assert [one.text for one in talk] == ["Hello,\nshall we meet?", "Yes & soon", "We met at the fair."]
    assert talk[0].references == talk[1].references
    assert talk[2].sent_at is not None and talk[2].sent_at.isoformat() == "2023-02-01T09:05:00+00:00"


def test_an_account_of_x(tmp_path: Path) -> None:
    source, items = opened(ARCHIVES["twitter"], tmp_path)
    post, letter = messages(items)

    assert source.owner is not None and source.owner.address == "sambakker"
    assert post.text == "@annadv look https://example.org/bikes <3"
    assert (post.kind, post.is_public, post.url) == ("post", True, "https://x.com/sambakker/status/100")
    assert post.in_reply_to == ("twitter:99",)
    assert (letter.kind, letter.is_public, who(letter)) == ("chat", False, ("Anna", "annadv"))
    assert [(one.who.address, one.whom.address) for one in follows(items)] == [
        ("annadv", "sambakker"),
        ("sambakker", "i/user/12"),
    ]


def test_an_account_of_mastodon(tmp_path: Path) -> None:
    _source, items = opened(ARCHIVES["mastodon"], tmp_path)
    post, letter, boost = messages(items)
    tie = follows(items)[0]

    assert (tie.who.address, tie.whom.address) == ("sam@fosstodon.example", "anna@other.example")
    assert (post.kind, post.is_public, post.text) == ("post", True, "Hello world")
    assert [one.address for one in post.addresses] == ["sam@fosstodon.example", "anna@other.example"]
    assert (letter.kind, letter.is_public, letter.url) == ("chat", False, "")
    assert boost.text == "↻ https://other.example/@anna/11"


def test_facebook_writes_letters_as_bytes(tmp_path: Path) -> None:
    source, items = opened(ARCHIVES["facebook"], tmp_path)

    assert source.owner is not None and source.owner.name == "Sam Bakker"
    assert [(who(one)[0], one.text) for one in messages(items)] == [("Renée", "Café?"), ("Sam Bakker", "Tot zo")]
    assert [one.who.name for one in follows(items)] == ["Renée"]


def test_followers_on_instagram(tmp_path: Path) -> None:
    _source, items = opened(ARCHIVES["instagram"], tmp_path)

    assert [(one.who.address, one.whom.address) for one in follows(items)] == [
        ("anna", "sambakker"),
        ("sambakker", "ben"),
    ]


def test_a_topic_of_discourse_holds_each_post_once(tmp_path: Path) -> None:
    source, items = opened(ARCHIVES["discourse"], tmp_path)
    question, answer = sorted(messages(items), key=lambda one: one.external_id)

    assert (question.text, answer.text) == ("How?", "Slowly.")
    assert question.external_id == f"discourse:{source.site}/5:1" and answer.in_reply_to == (question.external_id,)


def test_a_site_of_stack_exchange_with_a_writer_who_is_gone(tmp_path: Path) -> None:
    source, items = opened(ARCHIVES["stackexchange"], tmp_path)
    question, answer, comment = messages(items)
    site = source.site

    assert (question.text, who(question), question.place) == ("How?", ("Anna", f"4@{site}"), "Wheels")
    assert who(answer) == ("", f"99@{site}") and answer.in_reply_to == (question.external_id,)
    assert [one.address for one in comment.addresses] == [f"4@{site}", f"99@{site}"] and comment.in_reply_to == (
        answer.external_id,
    )


def test_something_else_is_refused_in_a_sentence(tmp_path: Path) -> None:
    shopping = folder_of({"shopping.txt": "milk\nbread\n"}, tmp_path)

    with open_store(shopping, Limits()) as store, pytest.raises(NotAnArchive, match=r"no archive.*shopping\.txt"):
        source_of(store, Settings())


def test_a_file_that_is_not_whole_leaves_the_rest_readable(tmp_path: Path) -> None:
    _source, items = opened({**ARCHIVES["slack"], "sales/2026-03-13.json": '[{"type": "mess'}, tmp_path)

    assert [type(one).__name__ for one in items].count("Unreadable") == 1
    assert len(messages(items)) == 3
