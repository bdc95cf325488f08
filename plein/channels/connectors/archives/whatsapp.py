# SPDX-License-Identifier: AGPL-3.0-or-later
"""WhatsApp: one chat that a phone exported, with or without its media."""

import io
import re
from collections.abc import Iterator

from plein.channels.connectors.archives.chat_lines import ATTACHED, OMITTED, Chat, read_chat
from plein.channels.connectors.archives.making import (
    Item,
    Source,
    body,
    by_name_or_number,
    day_of,
    message,
    words,
)
from plein.channels.connectors.archives.store import Store

_FILE = re.compile(r"(?:^|/)(?:_chat|.*whatsapp.*|.*chat.*)\.txt\Z", re.IGNORECASE)
_TITLE = re.compile(r"(?:whatsapp[ -]chat (?:with|met|mit)|whatsapp-?chat|_chat)[ -]*", re.IGNORECASE)
_HEAD = 64 * 1024


def recognises(store: Store) -> bool:
    """Whether there is a text file whose first lines are those of a chat."""
    return any(_first_lines(store, name).lines for name in _texts(store)[:3])


def owner(source: Source) -> None:
    """Nobody: a chat does not say whose phone it was."""
    del source


def read(source: Source) -> Iterator[Item]:
    """Yield what was written in each chat; what the phone says itself is no message."""
    for name in _texts(source.store):
        with source.store.stream(name) as stream:
            lines = io.TextIOWrapper(stream, "utf-8", "replace")
            chat = read_chat(lines, source.limits.text)
        if not chat.lines:
            yield source.problem(name, 0, f"{name!r} is no chat that WhatsApp exported.")
            continue
        yield from read_lines(source, chat, _title(name))


def read_lines(source: Source, chat: Chat, title: str) -> Iterator[Item]:
    """Yield the messages of one chat."""
    people = list(dict.fromkeys(line.name for line in chat.lines if line.name))[: source.limits.people]
    network = source.kind
    for place, (line, at) in enumerate(chat.moments(source.zone)):
        if not line.name:
            continue
        text = body(OMITTED.sub("", line.text))
        files = [found["one"] or found["two"] for found in ATTACHED.finditer(text)]
        text = body(ATTACHED.sub("", text))
        defects = [f"A file was left out of the export: {one.strip()}." for one in files]
        if OMITTED.search(line.text):
            defects.append("A picture, a film or a sound was left out of the export.")
        if not text and not defects:
            continue
        others = [by_name_or_number("to", one, network) for one in people if one != line.name]
        yield message(
            source,
            identifier="",
            at=at,
            text=text,
            addresses=(by_name_or_number("from", line.name, network), *others),
            place=title,
            within=f"{title}:{day_of(at)}",
            position=place,
            defects=defects,
        )


def _texts(store: Store) -> list[str]:
    texts = [name for name in store.names if name.lower().endswith((".txt", ".md"))]
    return [name for name in texts if _FILE.search(name)] or texts


def _first_lines(store: Store, name: str) -> Chat:
    with store.stream(name) as stream:
        head = stream.read(_HEAD).decode("utf-8", "replace")
    return read_chat(head.splitlines()[:200], 1000)


def _title(name: str) -> str:
    folder, _slash, last = name.rpartition("/")
    stem = last.rpartition(".")[0]
    title = _TITLE.sub("", stem).strip(" -_")
    return words(title or folder.rpartition("/")[2] or stem)
