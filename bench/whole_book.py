# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well, and how fast, a whole address book is compared with itself: `python -m bench --only book`."""

import resource
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import batched
from pathlib import Path
from time import process_time

from bench import febrl
from bench.people import Somebody, people
from bench.table import Row, below
from plein.identity.book.clusters import Against, groups
from plein.identity.book.columns import COLUMNS, columns_of
from plein.identity.book.engine import Book
from plein.identity.book.settings import BOOK, Numbers
from plein.identity.comparing import weights
from plein.identity.profiles import Handle, Parts, company_core, name_core, place_core

#: From how many bits people are put together.
ENOUGH = 10.0
AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What comparing one book took, and how much of what it found is true."""

    people: int
    seconds: float
    memory: float
    pair_precision: float
    pair_recall: float
    precision: float
    recall: float


def parts(one: Somebody) -> Parts:
    """What is known of somebody, as the database hands it over."""
    company, place = company_core(one.organization), place_core(one.place)
    return Parts(
        names=(name_core(one.name),),
        emails=(one.email.lower(),) if one.email else (),
        phones=(f"+31{one.phone[1:]}",) if one.phone else (),
        handles=(Handle(one.handle),) if one.handle else (),
        organizations=(company,) if company else (),
        place=place,
        postcodes=(one.postcode.lower(),) if one.postcode else (),
        born=date(int(one.born), 7, 1) if one.born else None,
    )


def measured(everybody: Iterable[Somebody], enough: float = ENOUGH) -> Measured:
    """Compare a book whose truth is known."""
    truth: list[int] = []
    born: dict[int, Mapping[str, str]] = {}
    spent = 0.0
    with tempfile.TemporaryDirectory(prefix="plein-book-") as folder:
        book = Book(BOOK, COLUMNS, Path(folder) / "book.duckdb")
        for batch in batched(everybody, AT_ONCE, strict=False):
            born |= {len(truth) + place: {"birth": one.born} for place, one in enumerate(batch) if one.born}
            began = process_time()
            book.add(columns_of((len(truth) + place, 0, parts(one)) for place, one in enumerate(batch)))
            spent += process_time() - began
            truth += [one.truth for one in batch]
        began = process_time()
        book.keys()
        known = weights()
        book.compare(Numbers(known.m, known.u, known.expected))
        sure = [(one, other) for one, other, *_rest in book.pairs(enough)]
        found = groups(sure, Against(born))
        spent += process_time() - began
        book.close()
    there = sum(count * (count - 1) // 2 for count in Counter(truth).values())
    right = sum(truth[one] == truth[other] for one, other in sure)
    inside = list(_inside(found))
    kept = sum(truth[one] == truth[other] for one, other in inside)
    return Measured(
        len(truth), spent, _memory(), right / max(len(sure), 1), right / there, kept / max(len(inside), 1), kept / there
    )


def _inside(found: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """All pairs within groups."""
    members: dict[int, list[int]] = defaultdict(list)
    for member, lowest in found.items():
        members[lowest].append(member)
    for group in members.values():
        for place, one in enumerate(group):
            yield from ((one, other) for other in group[:place])


def _memory() -> float:
    """The most memory this process had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def compared(count: int) -> Measured:
    """A book of so many."""
    return measured(people(count))


def rows(command: str, *, quick: bool) -> list[Row]:
    """100,000 people, and a million unless it is to be quick."""
    found = [_rows(compared(100_000), command, seconds=60, precision=0.98)]
    if not quick:
        found.append(_rows(compared(1_000_000), command, seconds=600, precision=0.95))
    return [row for some in found for row in some]


def _rows(one: Measured, command: str, *, seconds: float, precision: float) -> list[Row]:
    words = f"Whole book, {one.people:,} people"
    return [
        below(f"{words}: processor time", one.seconds, seconds, "s", command),
        below(f"{words}: memory of the process", one.memory / 1e9, 4, "GB", command),
        _share(f"{words}: precision of groups", one.precision, precision, command),
        _share(f"{words}: recall of groups", one.recall, 0.8, command),
        Row(f"{words}: precision and recall of pairs", f"{one.pair_precision:.3f} / {one.pair_recall:.3f}", command),
    ]


def _share(words: str, value: float, goal: float, command: str) -> Row:
    return Row(words, f"{value:.4f}", command, f">= {goal:g}", value >= goal)


def febrl_rows(command: str) -> list[Row]:
    """FEBRL 1-4, where their data are there."""
    if not febrl.is_there():
        return [Row(f"FEBRL: there is no {febrl.DATA}", "no figure", command)]
    return [
        _share(
            f"{one.name.upper()}, {one.people:,} records: F1 (P {one.precision:.4f}, R {one.recall:.4f})",
            one.f1,
            0.995,
            command,
        )
        for one in map(febrl.score, febrl.SETS)
    ]
