# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal: chats as signal-export writes them, a folder with a chat.md or data.json for each conversation."""

import io
import re
from collections.abc import Iterator

from plein.channels.base import Address
from plein.channels.connectors.archives.chat_lines import read_chat
from plein.channels.connectors.archives.making import Item, Source, words
from plein.channels.connectors.archives.store import Store
from plein.channels.connectors.archives.whatsapp import read_lines

_FILE = re.compile(r"(?:^|/)(?:chat|index)\.md\Z", re.IGNORECASE)


def recognises(store: Store) -> bool:
    """Whether there is a folder with a chat in Markdown."""
    return any(_FILE.search(name) for name in store.names)


def owner(source: Source) -> Address | None:
    """The owner, whom these chats call Me."""
    del source
    return Address("from", "Me", "", "handle", "signal")


def read(source: Source) -> Iterator[Item]:
    """Yield the messages of each conversation."""
    for name in source.store.names:
        if not name.lower().endswith((".md", ".txt")):
            continue
        with source.store.stream(name) as stream:
            chat = read_chat(io.TextIOWrapper(stream, "utf-8", "replace"), source.limits.text)
        if not chat.lines:
            yield source.problem(name, 0, f"{name!r} is no chat of Signal.")
            continue
        yield from read_lines(source, chat, words(name.rpartition("/")[0].rpartition("/")[2] or name))
