# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facebook and Instagram write their archives alike: JSON with the bytes of UTF-8 as if they were letters."""

import re
from collections.abc import Iterator
from typing import Any

from plein.channels.base import Address
from plein.channels.connectors.archives.limits import NotAnArchive
from plein.channels.connectors.archives.making import (
    Item,
    Source,
    body,
    day_of,
    dicts,
    follow,
    inner,
    message,
    person,
    seconds,
    words,
)

_TALK = re.compile(r"(?:^|/)(?:messages/)?(?:[\w-]+/)?(?P<talk>[^/]+)/message_\d+\.json\Z")
_FOLLOWERS = re.compile(r"(?:^|/)followers(?:_\d+)?\.json\Z")
_FOLLOWING = re.compile(r"(?:^|/)following\.json\Z")
_FRIENDS = re.compile(r"(?:^|/)(?:your_)?friends\.json\Z")
_POSTS = re.compile(r"(?:^|/)(?:your_posts(?:__check_ins__photos_and_videos)?_\d+|posts_\d+)\.json\Z")


def mended(value: object) -> str:
    """A text whose UTF-8 was written byte by byte, as it was meant."""
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value


def read(source: Source, network: str, label: str) -> Iterator[Item]:
    """Yield conversations, posts, and who is connected or follows."""
    for name in source.store.names:
        if not name.endswith(".json"):
            continue
        try:
            document = source.json(name)
        except NotAnArchive as error:
            yield source.problem(name, 0, str(error))
            continue
        if _POSTS.search(name):
            yield from _posts(source, document, network, label)
        elif _FRIENDS.search(name):
            yield from _friends(source, document, network)
        elif _FOLLOWERS.search(name) or _FOLLOWING.search(name):
            yield from _follows(source, document, network, they_follow=bool(_FOLLOWERS.search(name)))
        elif isinstance(document, dict) and "messages" in document:
            talk = _TALK.search(name)
            yield from _talk(source, document, talk["talk"] if talk else name, network, label)


def _talk(source: Source, document: dict[str, Any], key: str, network: str, label: str) -> Iterator[Item]:
    rows = dicts(document.get("messages"))
    people = [words(mended(one.get("name"))) for one in dicts(document.get("participants"))]
    people = people or list(dict.fromkeys(words(mended(row.get("sender_name"))) for row in rows))
    title = words(mended(document.get("title"))) or ", ".join(people[:5]) or label
    # The newest stands on top.
    for place, row in enumerate(reversed(rows)):
        at = seconds(row.get("timestamp_ms"), per=1000)
        writer = words(mended(row.get("sender_name")))
        text = body(mended(row.get("content")))
        link = words(inner(row, "share", "link"), 1000)
        files = [key for key in ("photos", "videos", "audio_files", "files", "gifs") if dicts(row.get(key))]
        defects = [f"Not in the text: {name.replace('_', ' ')}." for name in files]
        if not text and not link and not defects:
            continue
        yield message(
            source,
            identifier="",
            at=at,
            text="\n".join(filter(None, (text, link))),
            addresses=(
                _person(source, "from", writer, network),
                *(_person(source, "to", one, network) for one in people[: source.limits.people] if one != writer),
            ),
            place=title,
            within=f"{key}:{day_of(at)}",
            position=place,
            defects=defects,
        )


def _person(source: Source, role: Any, name: str, network: str) -> Address:
    address = source.owner.address if source.owner is not None and source.is_owner(name) else ""
    return person(role, name, address, network=network)


def _posts(source: Source, document: object, network: str, label: str) -> Iterator[Item]:
    for place, row in enumerate(dicts(document) or dicts([document])):
        text = next((mended(one.get("post")) for one in dicts(row.get("data")) if one.get("post")), "")
        media = dicts(row.get("media"))
        text = text or mended(row.get("title")) or (mended(media[0].get("title")) if media else "")
        stamp = row.get("timestamp") or row.get("creation_timestamp")
        stamp = stamp or (media[0].get("creation_timestamp") if media else None)
        me = source.owner or person("from", "", "", network=network)
        if body(text):
            yield message(
                source,
                identifier="",
                at=seconds(stamp),
                text=body(text),
                addresses=(Address("from", me.name, me.address, "handle", network),),
                kind="post",
                place=label,
                position=place,
            )


def _friends(source: Source, document: object, network: str) -> Iterator[Item]:
    me = source.owner or person("to", "", "", network=network)
    for row in dicts(inner(document, "friends_v2")) or dicts(inner(document, "friends")):
        name = words(mended(row.get("name")))
        if name:
            whom = Address("to", me.name, me.address, "handle", network)
            since = seconds(row.get("timestamp"))
            yield follow(source, person("from", name, "", network=network), whom, since, is_mutual=True)


def _follows(source: Source, document: object, network: str, *, they_follow: bool) -> Iterator[Item]:
    rows = dicts(document)
    for key in ("relationships_following", "relationships_followers", "following_v3", "followers_v3"):
        rows = rows or dicts(inner(document, key))
    me = source.owner or person("from", "", "", network=network)
    for row in rows:
        for one in dicts(row.get("string_list_data")) or [row]:
            value = words(one.get("value"), 100) or words(row.get("title"), 100)
            name = words(mended(row.get("name")))
            other = person("from" if they_follow else "to", name, value, network=network)
            if not value and not name:
                continue
            own = Address("to" if they_follow else "from", me.name, me.address, "handle", network)
            ends = (other, own) if they_follow else (own, other)
            yield follow(source, *ends, seconds(one.get("timestamp")))
