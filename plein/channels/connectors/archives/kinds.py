# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind of archive that can be read, in the order in which one is recognised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from plein.channels.base import Address
from plein.channels.connectors.archives import (
    discourse,
    facebook,
    instagram,
    linkedin,
    mastodon,
    signal,
    slack,
    stackexchange,
    telegram,
    twitter,
    whatsapp,
)
from plein.channels.connectors.archives.limits import NotAnArchive
from plein.channels.connectors.archives.making import Item, Source
from plein.channels.connectors.archives.settings import Kind, Settings
from plein.channels.connectors.archives.store import Store


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind is recognised, whose it is, and how it is read."""

    recognises: Callable[[Store], bool]
    owner: Callable[[Source], Address | None]
    read: Callable[[Source], Iterator[Item]]


READERS: dict[Kind, Reader] = {
    "slack": Reader(slack.recognises, slack.owner, slack.read),
    "twitter": Reader(twitter.recognises, twitter.owner, twitter.read),
    "mastodon": Reader(mastodon.recognises, mastodon.owner, mastodon.read),
    "stackexchange": Reader(stackexchange.recognises, stackexchange.owner, stackexchange.read),
    "linkedin": Reader(linkedin.recognises, linkedin.owner, linkedin.read),
    "signal": Reader(signal.recognises, signal.owner, signal.read),
    "facebook": Reader(facebook.recognises, facebook.owner, facebook.read),
    "instagram": Reader(instagram.recognises, instagram.owner, instagram.read),
    "telegram": Reader(telegram.recognises, telegram.owner, telegram.read),
    "discourse": Reader(discourse.recognises, discourse.owner, discourse.read),
    "whatsapp": Reader(whatsapp.recognises, whatsapp.owner, whatsapp.read),
}


def source_of(store: Store, settings: Settings) -> Source:
    """The archive as a source, its kind guessed when it was not said; raises NotAnArchive."""
    recognised = (kind for kind, one in READERS.items() if one.recognises(store))
    kind: Kind | Literal[""] = settings.kind or next(recognised, "")
    if not kind:
        shown = ", ".join(store.names[:3]) or "nothing"
        raise NotAnArchive(
            f"{store.name!r} is no archive of a network that Plein knows: it holds {shown[:200]}. "
            "Say of which network it is, or download it anew as JSON."
        )
    source = Source(kind, store, settings)
    try:
        source.owner = READERS[kind].owner(source)
    except NotAnArchive:
        # Whose it is can be asked; the file that would have told is reported when it is read.
        source.owner = None
    return source


def items_of(source: Source) -> Iterator[Item]:
    """Everything in an archive, and then what of it was refused."""
    yield from READERS[source.kind].read(source)
    for name, reason in source.store.problems:
        yield source.problem(name, 0, reason)
