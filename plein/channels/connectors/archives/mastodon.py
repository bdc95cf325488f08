# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mastodon: the archive of one's own account, and the list of accounts one follows."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from plein.channels.base import Address, Role
from plein.channels.connectors.archives.limits import NotAnArchive
from plein.channels.connectors.archives.making import (
    Item,
    Source,
    dicts,
    follow,
    inner,
    message,
    moment,
    person,
    plain,
    words,
)
from plein.channels.connectors.archives.store import Store
from plein.channels.connectors.mail.charsets import decode

_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")
_LISTS = re.compile(r"(?:^|/)(following|followers)(?:_accounts)?\.csv\Z", re.IGNORECASE)
_ACTOR = re.compile(r"https?://([^/\s]+)/(?:users/|@|ap/users/)([^/?#\s]+)\Z")


def recognises(store: Store) -> bool:
    """Whether there is an outbox beside an actor, or a list of followed accounts."""
    bases = {name.rpartition("/")[2] for name in store.names}
    return "outbox.json" in bases or "actor.json" in bases or any(_LISTS.search(name) for name in store.names)


def owner(source: Source) -> Address | None:
    """Whose account it is."""
    for name in source.store.names:
        if name.rpartition("/")[2] == "actor.json":
            actor = source.json(name)
            local, host = words(inner(actor, "preferredUsername"), 100), _host(inner(actor, "id"))
            return person("from", inner(actor, "name"), f"{local}@{host}", network="mastodon") if local else None
    return None


def read(source: Source) -> Iterator[Item]:
    """Yield posts and letters, then who follows whom."""
    for name in source.store.names:
        base = name.rpartition("/")[2]
        try:
            if base == "outbox.json":
                for place, row in enumerate(dicts(inner(source.json(name), "orderedItems"))):
                    yield from _activity(source, row, place)
            elif found := _LISTS.search(name):
                yield from _follows(source, name, found[1].lower() == "followers")
        except NotAnArchive as error:
            yield source.problem(name, 0, str(error))


def _activity(source: Source, row: dict[str, Any], place: int) -> Iterator[Item]:
    thing = row.get("object")
    if row.get("type") == "Announce" and isinstance(thing, str):
        yield _boost(source, row, thing, place)
    if row.get("type") != "Create" or not isinstance(thing, dict):
        return
    identifier = words(thing.get("id"), 400)
    seen_by = [one for key in ("to", "cc") for one in _several(thing.get(key))]
    is_public = any(one in _PUBLIC for one in seen_by)
    # Who is named by the collection of followers is nobody in particular.
    is_wide = is_public or any(one.endswith("/followers") for one in seen_by)
    named = {words(one.get("href"), 400): words(one.get("name"), 200) for one in dicts(thing.get("tag"))
             if one.get("type") == "Mention"}  # fmt: skip
    others = [_who("to", href, name) for href, name in named.items()]
    text = plain(thing.get("content"))
    warning = plain(thing.get("summary"))
    files = [words(one.get("name")) or words(one.get("url"), 200) for one in dicts(thing.get("attachment"))]
    yield message(
        source,
        identifier=identifier,
        at=moment(thing.get("published")),
        text=f"{warning}\n\n{text}".strip() if warning else text,
        addresses=(_me(source, "from"), *others[: source.limits.people]),
        kind="post" if is_wide else "chat",
        is_public=is_public,
        url=words(thing.get("url"), 1000) if is_public else "",
        place=words(_host(thing.get("id"))) or "Mastodon",
        answers=words(thing.get("inReplyTo"), 400),
        within=words(thing.get("conversation"), 400),
        position=place,
        defects=[f"A file goes with it: {one}." for one in files if one],
    )


def _boost(source: Source, row: dict[str, Any], thing: str, place: int) -> Item:
    return message(
        source,
        identifier=words(row.get("id"), 400),
        at=moment(row.get("published")),
        text=f"↻ {words(thing, 1000)}",
        addresses=(_me(source, "from"),),
        kind="post",
        is_public=True,
        url=words(thing, 1000) if thing.startswith("https://") else "",
        place="Mastodon",
        answers=words(thing, 400),
        position=place,
    )


def _follows(source: Source, name: str, they_follow: bool) -> Iterator[Item]:
    rows = csv.reader(io.StringIO(decode(source.store.data(name)), newline=""))
    try:
        for row in rows:
            account = words(row[0], 300).lstrip("@").lower() if row else ""
            if not re.fullmatch(r"[\w.-]+@[\w-]+(?:\.[\w-]+)+", account):
                continue
            if they_follow:
                yield follow(source, person("from", "", account, network="mastodon"), _me(source, "to"))
            else:
                yield follow(source, _me(source, "from"), person("to", "", account, network="mastodon"))
    except csv.Error as error:
        yield source.problem(name, 0, f"{name!r} is no list: {error}.")


def _me(source: Source, role: Role) -> Address:
    me = source.owner
    return (
        Address(role, me.name, me.address, "handle", "mastodon") if me else Address(role, "", "", "handle", "mastodon")
    )


def _who(role: Role, href: str, name: str) -> Address:
    """Somebody by their address on the web, which tells the name that others write."""
    found = _ACTOR.match(href)
    if found:
        return person(role, "", f"{found[2]}@{found[1]}", network="mastodon")
    account = name.lstrip("@")
    return person(role, "" if "@" in account else account, account if "@" in account else "", network="mastodon")


def _host(url: object) -> str:
    try:
        return (urlsplit(url).hostname or "") if isinstance(url, str) else ""
    except ValueError:
        return ""


def _several(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
