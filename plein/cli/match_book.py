# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein match book` and `plein match train`: everybody compared with everybody, and what that is done by."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.ids import now
from plein.core.leases import AtWork
from plein.identity.actions import CannotDecide, compare_book
from plein.identity.book.columns import COLUMNS, columns_of
from plein.identity.book.extra import BACKENDS, DUCKDB, SPARK, NoExtra, engine, engine_on_spark
from plein.identity.book.reading import people_after
from plein.identity.book.running import Runner
from plein.identity.comparing import weights
from plein.identity.models import BookRun, Pair, RunState
from plein.trust.permissions import permit
from plein.trust.seats import entered

BOOK, TRAIN = "book", "train"
FAILED = 1
_STEPS = {"read": "Reading everybody", "compare": "Comparing everybody with everybody", "write": "Writing down pairs"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", help="of train: where the numbers go")
    parser.add_argument(
        "--backend",
        choices=BACKENDS,
        default=DUCKDB,
        help="of book: what weighs the pairs; the same ones come of either",
    )


def book(arguments: argparse.Namespace) -> int:
    """Compare the book of a workspace, as far as a user sees it."""
    if arguments.backend == SPARK:
        try:
            engine_on_spark()
        except NoExtra as missing:
            raise CommandTrouble(str(missing)) from missing
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    began = time.monotonic()
    with entered(user, seat.workspace_id, door="cli") as actor:
        try:
            left = BookRun.objects.filter(seat_id=actor.seat_id, state=RunState.RUNNING).first()
            run = left or compare_book(actor=actor, in_background=False)
        except CannotDecide as refusal:
            raise CommandTrouble(str(refusal)) from refusal
    try:
        Runner(user, seat.workspace_id, run.id, door="cli", backend=arguments.backend, tell=_said()).carry_out()
    except AtWork as held:
        raise CommandTrouble(str(held)) from held
    with entered(user, seat.workspace_id, door="cli"):
        over = BookRun.objects.get(id=run.id)
        groups = Pair.objects.filter(run_id=run.id, group_id__isnull=False).values("group_id").distinct().count()
    if over.state != RunState.DONE:
        raise CommandTrouble(over.problem or "It was not finished. The same command goes on.")
    result = {
        "people": over.people,
        "pairs": over.pairs,
        "groups": groups,
        "seconds": round(time.monotonic() - began, 1),
    }
    if arguments.json:
        hand_over(result)
    else:
        tell("{people:,} people, {pairs:,} pairs worth a look, {groups:,} groups of one ({seconds} s)".format(**result))
    return 0


def _said() -> Any:
    last = [""]

    def speak(step: str, done: int, total: int) -> None:
        told = f"{_STEPS[step]}: {done:,} of {total:,}" if total > 1 else _STEPS[step]
        if told != last[0]:
            say(told)
        last[0] = told

    return speak


def train(arguments: argparse.Namespace) -> int:
    """Learn from the book of a workspace what each level weighs, and write the numbers down."""
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    try:
        made, teaching = engine(), engine("training")
    except NoExtra as missing:
        raise CommandTrouble(str(missing)) from missing
    learned = made.Book(made.BOOK, COLUMNS)
    last, count = None, 0
    with entered(user, seat.workspace_id, door="cli") as actor:
        permit(actor, "manage")
        while people := people_after(last):
            learned.add(columns_of((count + place, 0, one.parts) for place, one in enumerate(people)))
            last, count = people[-1].id, count + len(people)
    if count < made.LEAST:
        raise CommandTrouble(f"There are {count} people: from fewer than {made.LEAST:,} nothing can be learned.")
    known = weights()
    numbers = teaching.train(learned, made.Numbers(known.m, known.u, known.expected))
    result = {
        "version": known.version + 1,
        "date": now().date().isoformat(),
        "trained_on": f"{count:,} people of a workspace: u by random pairs, m by expectation and maximisation",
        "expected": round(numbers.expected, 6),
        "m": numbers.m,
        "u": numbers.u,
        "usual": teaching.usual(learned),
    }
    if arguments.out:
        arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="ascii")
    if arguments.json or not arguments.out:
        hand_over(result)
    else:
        tell(f"The numbers of {count:,} people are in {arguments.out}.")
    return 0
