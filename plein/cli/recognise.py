# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein recognise FILE.jsonl`: what is in each message, one JSON object a line in and one out. Needs no database.

`plein recognise --moments` looks at the texts of contact moments that wait instead, and keeps what it made of them.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from plein.cli.speech import CommandTrouble, say, tell
from plein.recognition.model import STANDARD, TIERS, UnknownModel
from plein.recognition.recognise import BATCH, Incoming, recognise
from plein.recognition.telling import as_row
from plein.recognition.topics import Topics

HELP = "tell what is in messages: labels, sentiment, urgency, language, mentions, small talk"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", metavar="FILE", nargs="?", help="JSON lines {id, text, channel}; - is standard input")
    what.add_argument("--moments", action="store_true", help="look at the contact moments that nobody looked at yet")
    parser.add_argument(
        "--as",
        dest="email",
        default="",
        metavar="EMAIL",
        help="only at what this user sees; of a file: with the topics of their workspace",
    )
    parser.add_argument("--tier", choices=TIERS, default=STANDARD, help="light is ten times as fast")
    parser.add_argument("--json", action="store_true", help="print JSON lines instead of a summary for people")


def needs_database(arguments: argparse.Namespace) -> bool:
    """Messages in a file need none, unless they are told with the topics of a workspace."""
    return bool(arguments.moments or arguments.email)


def run(arguments: argparse.Namespace) -> int:
    if arguments.moments:
        caught_up: int = importlib.import_module("plein.cli.recognise_moments").catch_up(arguments)
        return caught_up
    wrong, (topics, names) = 0, _topics_of(arguments.email)
    with _lines_of(arguments.file) as lines:
        for batch in batched(enumerate(lines, 1), BATCH):
            rows, refused = _read(batch)
            wrong += len(refused)
            for sentence in refused:
                say(sentence)
            _answer(rows, arguments, topics, names)
    return 1 if wrong else 0


def _topics_of(email: str) -> tuple[Topics | None, dict[str, str]]:
    """The topics of a user's workspace, and their names; by name, because they are asked of the database."""
    if not email:
        return None, {}
    found: tuple[Topics | None, dict[str, str]] = importlib.import_module("plein.cli.recognise_topics").topics_of(email)
    return found


def _lines_of(name: str) -> Any:
    if name == "-":
        return sys.stdin
    try:
        return Path(name).open(encoding="utf-8", errors="replace")
    except OSError as trouble:
        raise CommandTrouble(f"{name} cannot be read: {trouble.strerror}.") from trouble


def _read(batch: Iterable[tuple[int, str]]) -> tuple[list[dict[str, Any]], list[str]]:
    rows, refused = [], []
    for number, line in batch:
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            rows.append(row)
        else:
            refused.append(f'Line {number} is no JSON object with a "text"; it is left out.')
    return rows, refused


def _answer(
    rows: list[dict[str, Any]], arguments: argparse.Namespace, topics: Topics | None, names: dict[str, str]
) -> None:
    incoming = [Incoming(row["text"], str(row.get("channel") or ""), str(row.get("language") or "")) for row in rows]
    try:
        found = recognise(incoming, tier=arguments.tier, topics=topics)
    except UnknownModel as trouble:
        raise CommandTrouble(str(trouble)) from trouble
    for row, recognition in zip(rows, found, strict=True):
        if arguments.json:
            tell(json.dumps({"id": row.get("id"), **as_row(recognition, names)}, ensure_ascii=False))
        else:
            tell("\n".join(_for_people(row, recognition, names)))


def _for_people(row: dict[str, Any], recognition: Any, names: dict[str, str]) -> Iterator[str]:
    held = ", ".join(f"{label} {recognition.labels[label]:.0%}" for label in recognition.holds()) or "nothing"
    yield f"{row.get('id', '')}\t{recognition.language}\t{held}\t{recognition.sentiment}\turgency {recognition.urgency}"
    if about := as_row(recognition, names)["topics"]:
        yield "\tabout: " + ", ".join(f"{name} {chance:.0%}" for name, chance in about.items())
    for mention in recognition.mentions:
        yield f"\t{mention.kind}: {mention.text}"
