# SPDX-License-Identifier: AGPL-3.0-or-later
"""Discourse: what a member downloads of themselves, and what a forum gives as JSON of its topics and posts."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from plein.channels.base import Address
from plein.channels.connectors.archives.limits import NotAnArchive
from plein.channels.connectors.archives.making import (
    Item,
    Source,
    body,
    inner,
    message,
    moment,
    person,
    plain,
    words,
)
from plein.channels.connectors.archives.store import Store
from plein.channels.connectors.mail.charsets import decode

_MARKS = (b'"topic_id"', b'"topic_list"', b'"latest_posts"', b'"post_stream"', b'"user_actions"')


def recognises(store: Store) -> bool:
    """Whether there is a member's archive, or JSON with topics."""
    return any(_is_archive(name) or _has_topics(store, name) for name in store.names)


def _is_archive(name: str) -> bool:
    return name.rpartition("/")[2].lower().startswith("user_archive") and name.endswith(".csv")


def _has_topics(store: Store, name: str) -> bool:
    if not name.endswith(".json"):
        return False
    with store.stream(name) as stream:
        head = stream.read(16_000)
    return any(mark in head for mark in _MARKS) and (b'"fancy_title"' in head or b'"username"' in head)


def owner(source: Source) -> Address | None:
    """Whose archive it is: a member's own list of preferences says so."""
    for name in source.store.names:
        if name.rpartition("/")[2] == "preferences.json":
            user = inner(source.json(name), "user")
            if words(inner(user, "username")):
                return person("from", inner(user, "name"), inner(user, "username"), network="discourse")
    return None


def read(source: Source) -> Iterator[Item]:
    """Yield posts, each once however many files hold it."""
    seen: set[str] = set()
    for name in source.store.names:
        try:
            if _is_archive(name):
                yield from _archive(source, name)
            elif name.endswith(".json"):
                for place, (row, title) in enumerate(_posts(source.json(name), "", 0)):
                    identifier = words(row.get("id") or row.get("post_id"), 40)
                    if identifier not in seen:
                        seen.add(identifier)
                        yield _post(source, row, title, place)
        except NotAnArchive as error:
            yield source.problem(name, 0, str(error))


def _archive(source: Source, name: str) -> Iterator[Item]:
    me = source.owner or Address("from", "", "", "handle", "discourse")
    rows = csv.DictReader(io.StringIO(decode(source.store.data(name)), newline=""))
    try:
        for place, row in enumerate(rows):
            topic, url = words(row.get("topic_title")), words(row.get("url"), 1000)
            is_letter = (row.get("is_pm") or "").lower() in ("yes", "true", "1")
            yield message(
                source,
                identifier=url,
                at=moment((row.get("created_at") or "").replace(" UTC", "+00:00")),
                text=body(row.get("post_raw")) or plain(row.get("post_cooked")),
                addresses=(me,),
                kind="chat" if is_letter else "post",
                is_public=not is_letter,
                url=url if url.startswith("https://") else "",
                place=words(row.get("categories")) or "Discourse",
                subject=topic,
                within=url.rpartition("/")[0] if url.rpartition("/")[2].isdigit() else url,
                position=place,
            )
    except csv.Error as error:
        yield source.problem(name, 0, f"{name!r} is no list: {error}.")


def _posts(value: Any, title: str, depth: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Every post in a document of the forum, with the title of its topic, wherever it lies."""
    if depth > 12:
        return
    if isinstance(value, dict):
        title = words(value.get("title")) or title
        if "cooked" in value or ("raw" in value and "topic_id" in value):
            yield value, words(value.get("topic_title")) or title
            return
        for one in value.values():
            yield from _posts(one, title, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _posts(one, title, depth + 1)


def _post(source: Source, row: dict[str, Any], title: str, place: int) -> Item:
    topic, number = words(row.get("topic_id"), 40), words(row.get("post_number"), 40)
    before = words(row.get("reply_to_post_number"), 40)
    answered = row.get("reply_to_user")
    others = []
    if words(inner(answered, "username")):
        others.append(person("to", inner(answered, "name"), inner(answered, "username"), network="discourse"))
    answered_number = before or ("1" if topic and number not in ("", "1") else "")
    is_letter = inner(row, "archetype") == "private_message"
    return message(
        source,
        identifier=f"{source.site}/{topic}:{number}" if topic else f"{source.site}/{words(row.get('id'), 40)}",
        at=moment(row.get("created_at")),
        text=body(row.get("raw")) or plain(row.get("cooked")),
        addresses=(person("from", row.get("name"), row.get("username"), network="discourse"), *others),
        kind="post",
        is_public=not is_letter,
        place=title or words(row.get("topic_slug")) or "Discourse",
        subject=title,
        within=f"{source.site}/{topic}" if topic else "",
        answers=f"{source.site}/{topic}:{answered_number}" if answered_number else "",
        position=place,
    )
