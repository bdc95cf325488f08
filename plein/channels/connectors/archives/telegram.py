# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telegram: result.json as Telegram Desktop exports it, one chat or the whole account."""

from collections.abc import Iterator
from typing import Any

from plein.channels.base import Address
from plein.channels.connectors.archives.making import (
    Item,
    Source,
    body,
    day_of,
    dicts,
    inner,
    message,
    moment,
    person,
    seconds,
    words,
)
from plein.channels.connectors.archives.store import Store

_OPEN = ("public_supergroup", "public_channel")
_NAMELESS = "Deleted account"


def recognises(store: Store) -> bool:
    """Whether there is a JSON file that starts as Telegram's does."""
    return any(_starts(store, name) for name in store.names if name.endswith(".json"))


def _starts(store: Store, name: str) -> bool:
    with store.stream(name) as stream:
        head = stream.read(4000)
    return b'"messages"' in head and (b'"date_unixtime"' in head or b'"from_id"' in head) or (
        b'"personal_information"' in head and b'"user_id"' in head
    )  # fmt: skip


def owner(source: Source) -> Address | None:
    """Whose account it is, when the whole account was exported."""
    for name in _files(source):
        about = inner(source.json(name), "personal_information")
        if inner(about, "user_id"):
            full = " ".join(filter(None, (words(inner(about, "first_name")), words(inner(about, "last_name")))))
            return person("from", full, f"user{inner(about, 'user_id')}", network="telegram")
    return None


def read(source: Source) -> Iterator[Item]:
    """Yield the messages of each chat; what Telegram tells of a chat itself is no message."""
    for name in _files(source):
        document = source.json(name)
        chats = dicts(inner(document, "chats", "list")) or dicts([document])
        if not any("messages" in chat for chat in chats):
            yield source.problem(name, 0, f"{name!r} holds no chat of Telegram.")
            continue
        for chat in chats:
            yield from _chat(source, chat)


def _files(source: Source) -> list[str]:
    return [name for name in source.store.names if name.endswith(".json")]


def _chat(source: Source, chat: dict[str, Any]) -> Iterator[Item]:
    title, key = words(chat.get("name")) or "Telegram", words(chat.get("id"), 40)
    rows = dicts(chat.get("messages"))
    people = _people(rows, source.limits.people)
    topics = {row.get("id"): words(row.get("title")) for row in rows if row.get("action") == "topic_created"}
    topic_of: dict[Any, Any] = {}
    for place, row in enumerate(rows):
        before = row.get("reply_to_message_id")
        topic = before if before in topics else topic_of.get(before)
        if topic is not None:
            topic_of[row.get("id")] = topic
        if row.get("type") != "message":
            continue
        yield _message(source, chat, row, place, people, (title, key, topic, topics.get(topic, "")))


def _people(rows: list[dict[str, Any]], at_most: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        identifier = words(row.get("from_id"), 60) or words(row.get("from"))
        if row.get("type") == "message" and identifier and len(found) < at_most:
            found.setdefault(identifier, words(row.get("from")))
    return found


def _message(
    source: Source,
    chat: dict[str, Any],
    row: dict[str, Any],
    place: int,
    people: dict[str, str],
    where: tuple[str, str, Any, str],
) -> Item:
    title, key, topic, topic_title = where
    at = seconds(row.get("date_unixtime")) or moment(row.get("date"), source.zone)
    writer = words(row.get("from_id"), 60)
    who = words(row.get("from")) or (_NAMELESS if writer else title)
    others = [
        person("to", name, one if one != name else "", network="telegram")
        for one, name in people.items()
        if one not in (writer, who)
    ]
    answers = row.get("reply_to_message_id")
    text = _text(row)
    defects = []
    if file := words(row.get("file") or row.get("photo")):
        defects.append(f"A file goes with it: {file[:200]}.")
    if forwarded := words(row.get("forwarded_from")):
        defects.append(f"It was forwarded from {forwarded}.")
    thread = f"{key}:topic{topic}" if topic is not None else f"{key}:{day_of(at)}"
    return message(
        source,
        identifier=f"{key}:{words(row.get('id'), 40)}",
        at=at,
        text=text,
        addresses=(person("from", who, writer, network="telegram"), *others),
        place=f"{title} / {topic_title}" if topic_title else title,
        subject=topic_title,
        within=thread,
        answers=f"{key}:{answers}" if isinstance(answers, int) and answers != topic else "",
        is_public=chat.get("type") in _OPEN,
        position=place,
        defects=defects,
    )


def _text(row: dict[str, Any]) -> str:
    """The text of a message, which Telegram cuts where its looks change; else what stands in its place."""
    text = row.get("text")
    if isinstance(text, list):
        text = "".join(
            part if isinstance(part, str) else str(part.get("text", "")) if isinstance(part, dict) else ""
            for part in text
        )
    if found := body(text):
        return found
    poll = row.get("poll")
    return words(inner(poll, "question")) or words(row.get("sticker_emoji"))
