# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facebook: the copy of one's own information, as JSON."""

from collections.abc import Iterator

from plein.channels.base import Address
from plein.channels.connectors.archives import meta
from plein.channels.connectors.archives.making import Item, Source, inner, person, words
from plein.channels.connectors.archives.store import Store


def recognises(store: Store) -> bool:
    """Whether there are conversations or friends as Facebook writes them."""
    names = [name.lower() for name in store.names]
    marks = ("messages/inbox/", "your_facebook_activity", "friends/friends.json", "friends/your_friends.json")
    is_instagram = any("instagram" in name or "followers_1.json" in name for name in names)
    return not is_instagram and any(mark in name for name in names for mark in marks)


def owner(source: Source) -> Address | None:
    """Whose account it is."""
    for name in source.store.names:
        if name.endswith("profile_information.json"):
            about = inner(source.json(name), "profile_v2") or inner(source.json(name), "profile")
            full = words(meta.mended(inner(about, "name", "full_name")))
            handle = words(inner(about, "username"), 100)
            return person("from", full, handle, network="facebook") if full or handle else None
    return None


def read(source: Source) -> Iterator[Item]:
    """Yield conversations, posts and friends."""
    return meta.read(source, "facebook", "Facebook")
