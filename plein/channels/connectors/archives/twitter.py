# SPDX-License-Identifier: AGPL-3.0-or-later
"""X, once Twitter: the archive of one's own account, with posts, direct messages, followers and whom one follows."""

import html
import re
from collections.abc import Iterator
from typing import Any

from plein.channels.base import Address, Role
from plein.channels.connectors.archives.limits import NotAnArchive
from plein.channels.connectors.archives.making import (
    Item,
    Source,
    body,
    dicts,
    follow,
    inner,
    message,
    moment,
    person,
    words,
)
from plein.channels.connectors.archives.store import Store

_POSTS = re.compile(r"(?:^|/)(?:tweets?|tweets?-part\d+|community-tweet)\.js\Z")
_LETTERS = re.compile(r"(?:^|/)direct-messages?(?:-group)?(?:-part\d+)?\.js\Z")
_FOLLOWS = re.compile(r"(?:^|/)(follower|following)\.js\Z")
_ACCOUNT = re.compile(r"(?:^|/)account\.js\Z")


def recognises(store: Store) -> bool:
    """Whether there are the scripts in which X writes an archive."""
    known = (_POSTS, _LETTERS, _FOLLOWS, _ACCOUNT)
    return any(pattern.search(name) for name in store.names for pattern in known)


def _named(source: Source, pattern: re.Pattern[str]) -> list[str]:
    return [name for name in source.store.names if pattern.search(name)]


def owner(source: Source) -> Address | None:
    """Whose account it is."""
    for name in _named(source, _ACCOUNT):
        for row in dicts(source.json(name)):
            about = row.get("account")
            if words(inner(about, "username")):
                return person("from", inner(about, "accountDisplayName"), inner(about, "username"), network="x")
    return None


def _account_id(source: Source) -> str:
    for name in _named(source, _ACCOUNT):
        for row in dicts(source.json(name)):
            return words(inner(row, "account", "accountId"), 40)
    return ""


def read(source: Source) -> Iterator[Item]:
    """Yield posts, then direct messages, then who follows whom."""
    names = _known_names(source)
    me = _account_id(source)
    if me and source.owner is not None:
        names[me] = (source.owner.address, source.owner.name)
    for name in (*_named(source, _POSTS), *_named(source, _LETTERS), *_named(source, _FOLLOWS)):
        try:
            rows = dicts(source.json(name))
        except NotAnArchive as error:
            yield source.problem(name, 0, str(error))
            continue
        for place, row in enumerate(rows):
            if _POSTS.search(name):
                yield _post(source, row.get("tweet", row), place)
            elif _LETTERS.search(name):
                yield from _letters(source, inner(row, "dmConversation"), names)
            else:
                yield from _follow(source, row, names)


def _known_names(source: Source) -> dict[str, tuple[str, str]]:
    """What the posts tell of accounts that elsewhere are a number: their name, and what they are called."""
    found: dict[str, tuple[str, str]] = {}
    for name in _named(source, _POSTS):
        try:
            rows = dicts(source.json(name))
        except NotAnArchive:
            continue
        for row in rows:
            post = row.get("tweet", row)
            for one in dicts(inner(post, "entities", "user_mentions")):
                found[words(one.get("id_str"), 40)] = (words(one.get("screen_name"), 60), words(one.get("name")))
            if words(inner(post, "in_reply_to_screen_name")):
                number = words(inner(post, "in_reply_to_user_id_str"), 40)
                found.setdefault(number, (words(inner(post, "in_reply_to_screen_name"), 60), ""))
    return found


def _who(role: Role, number: str, names: dict[str, tuple[str, str]]) -> Address:
    # X shows the page of an account whose name is not known under its number.
    address, name = names.get(number) or (f"i/user/{number}" if number else "", "")
    return person(role, name, address, network="x")


def _post(source: Source, post: Any, place: int) -> Item:
    identifier = words(inner(post, "id_str") or inner(post, "id"), 60)
    me = source.owner or Address("from", "", "", "handle", "x")
    text = inner(post, "full_text") or inner(post, "text")
    text = html.unescape(text) if isinstance(text, str) else ""
    for link in dicts(inner(post, "entities", "urls")):
        short, full = words(link.get("url"), 500), words(link.get("expanded_url"), 2000)
        text = text.replace(short, full) if short and full else text
    named = [
        person("to", one.get("name"), one.get("screen_name"), network="x")
        for one in dicts(inner(post, "entities", "user_mentions"))
    ]
    answered = words(inner(post, "in_reply_to_screen_name"), 60)
    if answered and answered.lower() not in {one.address for one in named}:
        named.append(person("to", "", answered, network="x"))
    answers = words(inner(post, "in_reply_to_status_id_str"), 60)
    return message(
        source,
        identifier=identifier,
        at=moment(inner(post, "created_at")),
        text=body(text),
        addresses=(Address("from", me.name, me.address, "handle", "x"), *named[: source.limits.people]),
        kind="post",
        is_public=True,
        url=f"https://x.com/{me.address or 'i'}/status/{identifier}" if identifier.isdigit() else "",
        place="X",
        answers=answers,
        position=place,
    )


def _letters(source: Source, talk: Any, names: dict[str, tuple[str, str]]) -> Iterator[Item]:
    key = words(inner(talk, "conversationId"), 100)
    people = {words(inner(one, "messageCreate", "senderId"), 40) for one in dicts(inner(talk, "messages"))}
    people |= {words(inner(one, "messageCreate", "recipientId"), 40) for one in dicts(inner(talk, "messages"))}
    if "-" in key and key.replace("-", "").isdigit():
        people |= set(key.split("-"))
    everybody = sorted(people - {""})[: source.limits.people]
    for place, row in enumerate(dicts(inner(talk, "messages"))):
        letter = row.get("messageCreate")
        if letter is None:
            continue
        writer = words(inner(letter, "senderId"), 40)
        others = [_who("to", one, names) for one in everybody if one != writer]
        yield message(
            source,
            identifier=f"dm:{words(inner(letter, 'id'), 60)}",
            at=moment(inner(letter, "createdAt")),
            text=body(html.unescape(str(inner(letter, "text") or ""))),
            addresses=(_who("from", writer, names), *others),
            place=words(inner(talk, "name")) or "X",
            within=f"dm:{key}",
            position=place,
        )


def _follow(source: Source, row: dict[str, Any], names: dict[str, tuple[str, str]]) -> Iterator[Item]:
    me = source.owner or Address("from", "", "", "handle", "x")
    for name, is_follower in (("follower", True), ("following", False)):
        number = words(inner(row, name, "accountId"), 40)
        if not number:
            continue
        if is_follower:
            yield follow(source, _who("from", number, names), Address("to", me.name, me.address, "handle", "x"))
        else:
            yield follow(source, Address("from", me.name, me.address, "handle", "x"), _who("to", number, names))
