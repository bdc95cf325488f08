# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads every mail set in a folder and compares what comes out with the set's expected figures, one by one.

Run as ``python -m plein.channels.connectors.mail.sweep FOLDER``; it fails when a difference has no explanation.
"""

import argparse
import json
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plein.channels.connectors.mail.sweep_explained import EXPLAINED
from plein.channels.connectors.mail.sweep_figures import (
    Figures,
    Result,
    count_with_part,
    demo_figures,
    mime_figures,
    read_set,
    structure_figures,
)

_BIG = "enron-12-mailboxes.tar.xz"
_DEMO = "enron-demo/enron-2001-08_12.mbox.xz"
_BOUNCES = "bounces-sisimai.tar.gz"
_INVITATION = "imip/single-event.eml"
_MIME_SETS = ("mime-mikel-mail.tar.gz", "mime-cpython.tar.gz")
# Words about a set, not figures of it; files_starting_with… and by_dir are counted from the archive itself.
_WORDS = ("note", "quirk", "dropped_by_pii_screen")


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not as expected."""

    set_name: str
    figure: str
    expected: object
    found: object
    why: str


@dataclass(slots=True)
class Outcome:
    """The comparison of one set."""

    name: str
    compared: int
    differences: list[Difference]
    messages: int
    unreadable: int
    seconds: float


def flattened(value: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield every leaf of nested figures under one dotted name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flattened(inner, f"{prefix}{key}/")
    else:
        yield prefix.rstrip("/"), value


def expected_figures(expected: dict[str, Any]) -> dict[str, object]:
    """Flatten a set's expectation; ranked lists become one figure per name."""
    ready: dict[str, Any] = {}
    for key, value in expected.items():
        if key in _WORDS:
            continue
        ranked = isinstance(value, list) and value and isinstance(value[0], list)
        ready[key] = {" ".join(row[:-1]): row[-1] for row in value} if ranked else value
    return dict(flattened(ready))


def found_figures(name: str, path: Path, result: Result) -> Figures:
    """Return what was found in a set, shaped as its expectation is."""
    total = result.total
    if name == _BIG:
        folders = {f"{folder.partition('/')[2]}.mbox": count for folder, count in total.folders.items()}
        structure = {"multipart": 0, "with_named_attachment": 0}
        return {
            "all": total.figures() | structure_figures(path),
            "per_file_messages": folders,
            "per_mailbox": {box: tally.figures() | structure for box, tally in result.boxes.items()},
        }
    if name == _BOUNCES:
        return bounce_figures(path, result)
    if name == _INVITATION:
        return result.invitations[0] if result.invitations else {}
    if name in _MIME_SETS:
        return dict(_per_file(path))
    figures: Figures = total.figures() | structure_figures(path) | _archive_figures(path, result)
    if name == _DEMO:
        figures |= demo_figures(result, path.with_name("people_roles.csv"))
    return figures


def bounce_figures(path: Path, result: Result) -> Figures:
    """Score the recognition of bounces; the kinds of report are counted from the parts."""
    bounced = result.natures_by_folder.get("bounce", Counter[str]())
    innocent = result.natures_by_folder.get("not-a-bounce", Counter[str]())
    return {
        "bounce": bounced["bounce"],
        "not_a_bounce": innocent.total() - innocent["bounce"],
        "with_rfc3464_part": count_with_part(path, "message/delivery-status"),
        "arf": count_with_part(path, "message/feedback-report"),
    }


def _archive_figures(path: Path, result: Result) -> Figures:
    if not tarfile.is_tarfile(path):
        return {}
    with tarfile.open(path) as archive:
        names = [member.name for member in archive if member.isfile()]
    folders: dict[str, int] = {}
    for name in names:
        folders[name.split("/")[0]] = folders.get(name.split("/")[0], 0) + 1
    return {
        "files": len(names),
        "by_dir": folders,
        "eml": sum(name.endswith(".eml") for name in names),
        "expected_json": sum(name.endswith(".json") for name in names),
        "files_starting_with_mbox_From_line": _count_starting(path, b"From "),
        "read": result.total.messages,
    }


def _count_starting(path: Path, mark: bytes) -> int:
    with tarfile.open(path) as archive:
        contents = (archive.extractfile(member) for member in archive if member.isfile())
        return sum(content.read(len(mark)) == mark for content in contents if content is not None)


def _per_file(path: Path) -> Iterator[tuple[str, Figures]]:
    with tempfile.TemporaryDirectory(prefix="plein-sweep-") as folder, tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
        for file in sorted(Path(folder).rglob("*")):
            if file.is_file():
                yield file.relative_to(folder).as_posix(), mime_figures(file)


def compare(folder: Path, name: str, expected: dict[str, Any]) -> Outcome:
    """Read one set and compare every expected figure with what was found."""
    result = read_set(folder / name, by_mailbox=name == _BIG)
    found = dict(flattened(found_figures(name, folder / name, result)))
    differences: list[Difference] = []
    wanted = expected_figures(expected)
    for figure, value in wanted.items():
        got = found.get(figure)
        if got == value:
            continue
        instead, why = EXPLAINED.get((name, figure), (None, ""))
        differences.append(Difference(name, figure, value, got, why if instead == got else ""))
    return Outcome(name, len(wanted), differences, result.total.messages, len(result.unreadable), result.seconds)


def report(outcomes: list[Outcome]) -> str:
    """Write the comparison as a table, then every difference with its explanation."""
    columns = ("messages", "unread.", "figures", "equal", "explained", "open", "msg/s")
    lines = [f"{'set':<40} " + " ".join(f"{name:>9}" for name in columns)]
    for one in outcomes:
        unexplained = sum(not difference.why for difference in one.differences)
        equal = one.compared - len(one.differences)
        explained = len(one.differences) - unexplained
        speed = round(one.messages / max(one.seconds, 0.001))
        row = (one.messages, one.unreadable, one.compared, equal, explained, unexplained, speed)
        lines.append(f"{one.name:<40} " + " ".join(f"{value:>9}" for value in row))
    for one in outcomes:
        for difference in one.differences:
            lines.append(
                f"{difference.set_name}: {difference.figure}: expected {difference.expected!r}, "
                f"found {difference.found!r}: {difference.why or 'NOT EXPLAINED'}"
            )
    return "\n".join(lines) + "\n"


def sweep(folder: Path, only: list[str]) -> list[Outcome]:
    """Compare every set of the folder, or only those whose name contains one of the words."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    chosen = [name for name in expected if not only or any(word in name for word in only)]
    return [compare(folder, name, expected[name]) for name in chosen]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("only", nargs="*", help="words: compare only the sets whose name contains one")
    arguments = parser.parse_args()
    outcomes = sweep(arguments.folder, arguments.only)
    sys.stdout.write(report(outcomes))
    return int(any(not difference.why for one in outcomes for difference in one.differences))


if __name__ == "__main__":
    sys.exit(main())
