# SPDX-License-Identifier: AGPL-3.0-or-later
"""Instagram: the copy of one's own information, as JSON."""

from collections.abc import Iterator

from plein.channels.base import Address
from plein.channels.connectors.archives import meta
from plein.channels.connectors.archives.making import Item, Source, dicts, inner, person, words
from plein.channels.connectors.archives.store import Store


def recognises(store: Store) -> bool:
    """Whether there are conversations or followers as Instagram writes them."""
    names = [name.lower() for name in store.names]
    marks = ("your_instagram_activity", "followers_1.json", "followers_and_following", "instagram_profile_information")
    return any(mark in name for name in names for mark in marks) or any(_is_talk(store, name) for name in store.names)


def _is_talk(store: Store, name: str) -> bool:
    if not name.endswith(".json"):
        return False
    with store.stream(name) as stream:
        head = stream.read(4000)
    return b'"sender_name"' in head and b'"timestamp_ms"' in head


def owner(source: Source) -> Address | None:
    """Whose account it is."""
    for name in source.store.names:
        if name.endswith("personal_information.json"):
            for user in dicts(inner(source.json(name), "profile_user")):
                about = user.get("string_map_data")
                handle = words(inner(about, "Username", "value"), 100)
                full = words(meta.mended(inner(about, "Name", "value")))
                return person("from", full, handle, network="instagram") if handle or full else None
    return None


def read(source: Source) -> Iterator[Item]:
    """Yield conversations, posts, followers and whom one follows."""
    return meta.read(source, "instagram", "Instagram")
