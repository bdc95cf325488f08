# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein match FILE.jsonl`: who the people in a file are, one object a line in and out; beside it `book`, `train`."""

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from plein.cli import match_book
from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, hand_over, tell
from plein.identity.profiles import MOST, Profile
from plein.identity.queries import Candidate, Match, match
from plein.identity.wording import in_brief, waterfall
from plein.trust.seats import entered

HELP = "say who the people in a file are, or who is here twice"
needs_database = True
#: What is done with everybody.
WHOLE = {match_book.BOOK: match_book.book, match_book.TRAIN: match_book.train}
#: The longest line that is read.
LONGEST = 100_000
_SEVERAL = ("names", "emails", "phones", "handles")
_ONE = ("organization", "place", "birth_date")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="names, emails, phones, handles, organization, place; or book, to compare everybody with everybody,"
        " or train, to learn from them",
    )
    parser.add_argument("--user", required=True, metavar="EMAIL", help="for whom: what they may not see is not there")
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    match_book.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    if str(arguments.file) in WHOLE:
        return WHOLE[str(arguments.file)](arguments)
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    for number, given, profile in _profiles(arguments.file):
        with entered(user, seat.workspace_id, door="cli"):
            found = match(profile)
            if arguments.json:
                hand_over({**({"id": given["id"]} if "id" in given else {}), "line": number, **_told(found)})
            else:
                tell(_line(number, found))
    return 0


def _profiles(path: Path) -> Iterator[tuple[int, dict[str, Any], Profile]]:
    try:
        file = path.open(encoding="utf-8")
    except OSError as trouble:
        raise CommandTrouble(f"There is nothing to read at {path}.") from trouble
    with file:
        for number, line in enumerate(file, 1):
            if line.strip():
                given = _object(number, line)
                yield number, given, _profile(number, given)


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        given = json.loads(line) if len(line) <= LONGEST else None
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise CommandTrouble(f"Line {number} is no JSON object.")
    return given


def _profile(number: int, given: dict[str, Any]) -> Profile:
    if strange := sorted(set(given) - {"id", *_SEVERAL, *_ONE}):
        raise CommandTrouble(f"Line {number}: {strange[0]} is not something people are recognised by.")
    for name in _SEVERAL:
        value = given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise CommandTrouble(f"Line {number}: {name} must be a list of texts.")
    for name in _ONE:
        if not isinstance(given.get(name, ""), str):
            raise CommandTrouble(f"Line {number}: {name} must be a text.")
    try:
        born = date.fromisoformat(given["birth_date"]) if given.get("birth_date") else None
    except ValueError as trouble:
        raise CommandTrouble(f"Line {number}: birth_date must be a date like 1970-05-12.") from trouble
    several = {name: tuple(given.get(name, [])[:MOST]) for name in _SEVERAL}
    return Profile(**several, organization=given.get("organization", ""), place=given.get("place", ""), birth_date=born)


def _told(found: Match) -> dict[str, Any]:
    return {"verdict": found.verdict, "candidates": [_candidate(one) for one in found.candidates]}


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "bits": round(one.bits, 2),
        "probability": round(one.probability, 4),
        "is_certain": one.is_certain,
        "reasons": [
            {"field": line.field, "level": line.level, "words": line.words, "bits": round(line.bits, 2)}
            for line in waterfall(one)
        ],
    }


def _line(number: int, found: Match) -> str:
    best = found.best
    if best is None:
        return f"{number}  nobody"
    return f"{number}  {found.verdict}  {best.bits:.1f} bits  {best.name}  ({in_brief(best)})"
