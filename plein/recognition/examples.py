# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message with what it should be recognised as: of seed sentences, of a file with gold rows, of corrections."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plein.recognition.labels import AMOUNT, CHANNELS, DATE, LABELS, ORGANIZATION, PERSON, PRODUCT, SENTIMENTS, TAUGHT

SHORT_SENTIMENTS = {"neg": "negative", "neu": "neutral", "pos": "positive"}
SHORT_KINDS = {"p": PERSON, "o": ORGANIZATION, "r": PRODUCT, "d": DATE, "a": AMOUNT}
#: `{p:Ann}` is a mention, `<<...>>` small talk.
_MARK = re.compile(r"\{([porda]):|\}|<<|>>")
_LINE_BREAK = "⏎"


class NotUnderstood(ValueError):
    """A line that is no example; says which and why."""


@dataclass(frozen=True)
class Span:
    """A stretch of a text, in code points, the end exclusive."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Example:
    """A text and what is right about it; `sentiment` and `urgency` are None where nobody said.

    `author` and `topic` tell who wrote it and about which trade, so that no figure is measured on the same hand.
    """

    text: str
    labels: frozenset[str]
    language: str = ""
    sentiment: str | None = None
    urgency: int | None = None
    channel: str = ""
    mentions: tuple[Span, ...] = ()
    small_talk: tuple[tuple[int, int], ...] = ()
    author: str = ""
    topic: str = ""
    id: str = ""


def seed_examples(folder: Path) -> list[Example]:
    """All seed sentences: files named after language and author (`nl1.txt`)."""
    return [example for path in sorted(folder.glob("*.txt")) for example in _of_file(path)]


def _of_file(path: Path) -> Iterator[Example]:
    topic = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("=="):
            topic = line[2:].strip()
        elif line.strip() and not line.startswith("#"):
            yield _of_line(line, f"{path.name}, line {number}", path.stem, topic)


def _of_line(line: str, where: str, author: str, topic: str) -> Example:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 5:
        raise NotUnderstood(f"{where}: five parts, split by |, are needed; there are {len(parts)}.")
    labels, sentiment, urgency, channel, marked = parts
    names = frozenset() if labels == "-" else frozenset(name.strip() for name in labels.split(","))
    if names - set(LABELS) or sentiment not in SHORT_SENTIMENTS or channel not in CHANNELS:
        raise NotUnderstood(f"{where}: a label, sentiment or channel is not known.")
    text, mentions, small_talk = unmarked(marked.replace(_LINE_BREAK, "\n"))
    return Example(
        text=text,
        labels=names,
        language=author[:2],
        sentiment=SHORT_SENTIMENTS[sentiment],
        urgency=int(urgency),
        channel=channel,
        mentions=mentions,
        small_talk=small_talk,
        author=author,
        topic=topic,
    )


def unmarked(marked: str) -> tuple[str, tuple[Span, ...], tuple[tuple[int, int], ...]]:
    """The bare text, its mentions and its small talk, of a text in which they are marked."""
    text, last, length = [], 0, 0
    opened: list[tuple[str, int]] = []
    mentions: list[Span] = []
    talk: list[tuple[int, int]] = []
    for mark in _MARK.finditer(marked):
        piece = marked[last : mark.start()]
        text.append(piece)
        length += len(piece)
        last = mark.end()
        if mark.group(1):
            opened.append((SHORT_KINDS[mark.group(1)], length))
        elif mark.group() == "<<":
            opened.append(("", length))
        else:
            kind, start = opened.pop()
            if kind:
                mentions.append(Span(kind, start, length))
            else:
                talk.append((start, length))
    text.append(marked[last:])
    return "".join(text), tuple(mentions), tuple(talk)


def gold_examples(lines: Iterable[str]) -> list[Example]:
    """Rows `{"text", "labels": [...], ...}` as `plein models evaluate` takes them; raises `NotUnderstood`."""
    return [_of_row(json.loads(line), number) for number, line in enumerate(lines, 1) if line.strip()]


def _of_row(row: Any, number: int) -> Example:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise NotUnderstood(f"Line {number} has no text.")
    labels = row.get("labels") or []
    names = frozenset(labels)
    if unknown := sorted(names - set(LABELS)):
        raise NotUnderstood(f"Line {number} names a label that there is not: {', '.join(map(str, unknown))}.")
    sentiment, urgency = row.get("sentiment"), row.get("urgency")
    if sentiment is not None and sentiment not in SENTIMENTS:
        raise NotUnderstood(f"Line {number} names a sentiment that there is not.")
    entities = row.get("entities") or ()
    return Example(
        text=row["text"],
        labels=names,
        language=str(row.get("language") or ""),
        sentiment=sentiment,
        urgency=None if urgency is None else int(urgency),
        channel=str(row.get("channel") or ""),
        mentions=tuple(Span(one["type"], one["start"], one["end"]) for one in entities if one["type"] in TAUGHT),
        small_talk=tuple((start, end) for start, end in row.get("small_talk_spans") or ()),
        id=str(row.get("id", number)),
    )
