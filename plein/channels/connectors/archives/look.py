# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks what is in an archive, for a user to decide by: how much, of when, with whom, and whose it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plein.channels.base import Address, Follow, Message
from plein.channels.connectors.archives.making import Item

_OFFERED = 12


@dataclass(slots=True)
class Look:
    """What is in an archive; ``owner`` is "" when somebody must say whose it is, and ``people`` offers who."""

    kind: str = ""
    owner: str = ""
    owner_name: str = ""
    messages: int = 0
    posts: int = 0
    follows: int = 0
    unreadable: int = 0
    undated: int = 0
    conversations: int = 0
    writers: int = 0
    first: str = ""
    last: str = ""
    people: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def look_at(kind: str, owner: Address | None, items: Iterable[Item]) -> Look:
    """Count everything once."""
    look = Look(kind, owner.address if owner else "", owner.name if owner else "")
    writers: Counter[str] = Counter()
    places: Counter[str] = Counter()
    talks: set[str] = set()
    times: list[datetime] = []
    for item in items:
        if isinstance(item, Message):
            look.posts += item.kind == "post"
            look.messages += item.kind != "post"
            look.undated += item.sent_at is None
            _count(item, writers, places, talks)
            times = _span(times, item.sent_at)
        elif isinstance(item, Follow):
            look.follows += 1
        else:
            look.unreadable += 1
    look.conversations, look.writers = len(talks), len(writers)
    look.first, look.last = (times[0].isoformat(), times[-1].isoformat()) if times else ("", "")
    look.people = [name for name, _count in writers.most_common(_OFFERED)]
    look.places = [name for name, _count in places.most_common(_OFFERED)]
    return look


def _span(times: list[datetime], at: datetime | None) -> list[datetime]:
    if at is None:
        return times
    return [min([*times, at]), max([*times, at])]


def _count(item: Message, writers: Counter[str], places: Counter[str], talks: set[str]) -> None:
    writer = next((one for one in item.addresses if one.role == "from"), None)
    if writer is not None and (writer.name or writer.address):
        writers[writer.name or writer.address] += 1
    places[item.place] += 1
    talks.add(item.references[0] if item.references else item.external_id)


def look_from(fields: dict[str, Any]) -> Look:
    """The look that was handed over as JSON."""
    return Look(**fields)
