# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein fetch NAME`: one visit to a connection, now and in this process, and what came of it."""

import argparse
import time

from plein.channels.actions import visit_now
from plein.channels.models import Connection
from plein.cli.connections import add_whose, connection_named, taken
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.moments.hearing.lease import AtWork
from plein.moments.hearing.visitor import Visitor

HELP = "hear now what is new at a connection"
FIGURES = ("heard", "imported", "duplicates", "refused", "gone", "follows", "people", "organizations")
needs_database = True
FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the name or the id of a connection")
    add_whose(parser)


def run(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with taken(arguments) as actor:
        found = visit_now(actor=actor, connection=connection_named(actor, arguments.name), in_background=False)
    visitor = Visitor(actor.user, actor.workspace_id, found.id, door="cli")
    try:
        # Not inside a transaction: each batch that is heard is one.
        visitor.visit()
    except AtWork as reason:
        raise CommandTrouble(str(reason)) from reason
    except Connection.DoesNotExist as reason:
        raise CommandTrouble(f"{found.name} was removed in between.") from reason
    with taken(arguments):
        after = Connection.objects.filter(id=found.id).first()
    problem = after.problem_told if after else ""
    figures = {name: visitor.came.get(name, 0) for name in FIGURES}
    if arguments.json:
        seconds = round(time.monotonic() - began, 2)
        hand_over({"connection": found.id, "name": found.name, **figures, "problem": problem, "seconds": seconds})
    else:
        tell(", ".join(f"{count} {name}" for name, count in figures.items()))
    if problem:
        say(problem)
    return FAILED if problem else 0
