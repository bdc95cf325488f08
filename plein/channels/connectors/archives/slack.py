# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slack: the export of a workspace, with a folder for each channel and a file for each day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plein.channels.base import Address, Role
from plein.channels.connectors.archives.limits import NotAnArchive
from plein.channels.connectors.archives.making import Item, Source, body, day_of, dicts, inner, message, seconds, words
from plein.channels.connectors.archives.store import Store

_DAY = re.compile(r"(?:^|/)(?P<channel>[^/]+)/\d{4}-\d\d-\d\d\.json\Z")
_LISTS = {"channels.json": True, "groups.json": False, "dms.json": False, "mpims.json": False}
#: What Slack says itself, and what is no message of a person.
_TOLD = re.compile(
    r"(?:channel|group)_(?:join|leave|topic|purpose|name|archive|unarchive|convert_to_private|posting_permissions)"
    r"|bot_(?:add|remove|enable|disable)|pinned_item|unpinned_item|tombstone|reminder_add|huddle_thread"
)
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^>|]+)(?:\|([^>]*))?>")


@dataclass(slots=True)
class _Space:
    """Who is in a workspace, and who is in each channel."""

    people: dict[str, Address] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    is_open: dict[str, bool] = field(default_factory=dict)

    def who(self, role: Role, identifier: str) -> Address:
        known = self.people.get(identifier)
        if known is None:
            return Address(role, "", identifier.lower(), "handle", "slack")
        return Address(role, known.name, known.address, known.kind, known.network)


def recognises(store: Store) -> bool:
    """Whether there is a list of users beside folders with a file a day."""
    bases = {name.rpartition("/")[2] for name in store.names}
    return "users.json" in bases and ("channels.json" in bases or any(_DAY.search(name) for name in store.names))


def owner(source: Source) -> None:
    """Nobody: an export of a workspace is everybody's."""
    del source


def read(source: Source) -> Iterator[Item]:
    """Yield what people wrote in each channel, day by day."""
    space = _space(source)
    for name in source.store.names:
        found = _DAY.search(name)
        if found is None:
            continue
        try:
            rows = dicts(source.json(name))
        except NotAnArchive as error:
            yield source.problem(name, 0, str(error))
            continue
        channel = words(found["channel"])
        for place, row in enumerate(rows):
            if not _TOLD.fullmatch(str(row.get("subtype", ""))) and row.get("type", "message") == "message":
                yield _message(source, space, channel, row, place)


def _space(source: Source) -> _Space:
    space = _Space()
    for name in source.store.names:
        base = name.rpartition("/")[2]
        if base == "users.json":
            for row in dicts(source.json(name)):
                identifier = words(row.get("id"), 60)
                space.people[identifier] = _person(row, identifier)
        elif base in _LISTS:
            for row in dicts(source.json(name)):
                key = words(row.get("name") or row.get("id"))
                members = row.get("members")
                space.members[key] = [words(one, 60) for one in members] if isinstance(members, list) else []
                space.is_open[key] = _LISTS[base]
    return space


def _person(row: dict[str, Any], identifier: str) -> Address:
    name = words(inner(row, "profile", "real_name")) or words(row.get("real_name")) or words(row.get("name"))
    address = words(inner(row, "profile", "email"), 300).lower()
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
        return Address("from", name, address)
    return Address("from", name, identifier.lower(), "handle", "slack")


def _message(source: Source, space: _Space, channel: str, row: dict[str, Any], place: int) -> Item:
    stamp = words(row.get("ts"), 40)
    at = seconds(stamp)
    thread = words(row.get("thread_ts"), 40)
    writer = words(row.get("user") or row.get("bot_id"), 60)
    sender = space.who("from", writer)
    if not sender.name and words(row.get("username")):
        sender = Address("from", words(row.get("username")), sender.address, "handle", "slack")
    text = str(row.get("text") or "")
    named = [one for one in dict.fromkeys(_MENTION.findall(text)) if one != writer]
    listed = [one for one in space.members.get(channel, []) if one != writer and one not in named]
    is_open = space.is_open.get(channel, True)
    # In an open channel a message is for whoever reads along: only who is named is addressed.
    others = [space.who("to", one) for one in named[: source.limits.people]]
    others += [space.who("to", one) for one in listed[: source.limits.people]] if not is_open else []
    files = [words(one.get("name")) for one in (*dicts(row.get("files")), *dicts([row.get("file")]))]
    reactions = [f"{words(one.get('name'))} × {one.get('count', 0)}" for one in dicts(row.get("reactions"))]
    defects = [f"A file goes with it: {one}." for one in files if one]
    if reactions:
        defects.append(f"Reactions: {', '.join(reactions)[:300]}.")
    return message(
        source,
        identifier=f"{channel}:{stamp}" if stamp else "",
        at=at,
        text=_plain(text, space),
        addresses=(sender, *others),
        place=f"#{channel}" if is_open else channel,
        within=f"{channel}:{thread}" if thread else f"{channel}:{day_of(at)}",
        answers=f"{channel}:{thread}" if thread and thread != stamp else "",
        position=place,
        defects=defects,
    )


def _plain(text: str, space: _Space) -> str:
    def name(found: re.Match[str]) -> str:
        return "@" + (space.who("to", found[1]).name or found[1])

    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    text = _CHANNEL.sub(r"#\1", _MENTION.sub(name, text))
    return body(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
