# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein network …`: brings ties in, asks the network, derives it anew and compares."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied

from plein.cli.network_asking import ask_told, shout_told
from plein.cli.network_lists import LISTS, Said, lists_told, mutual_told
from plein.cli.network_pictures import ego_told, standing_told, whole_told
from plein.cli.network_ways import degrees_told, introductions_told
from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.sheets import NotRead, read_sheet
from plein.network.actions import (
    Jobs,
    drop_snapshot,
    load_connections,
    load_ties,
    measure_influence,
    take_snapshot,
)
from plein.network.connections import Holds, read_connections
from plein.network.kinds import KNOWING, TIES
from plein.network.loading import Line, lines_of, missing_columns
from plein.network.queries import ME, Period, differences, rebuild
from plein.network.queries.snapshots import changed, compared, latest
from plein.relations.queries.ties import tie_sorts
from plein.relations.refusals import Refused
from plein.trust.circles import UnknownCircle
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, entered

HELP = "who knows whom: bring ties in, ask, derive anew, compare"
needs_database = True
FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    load = _command(kinds, "load", "bring in a list of ties")
    load.add_argument("file", type=Path, metavar="FILE", help="a CSV")
    load.add_argument(
        "--jobs",
        choices=[str(one) for one in Jobs],
        default=str(Jobs.ADD),
        help="of who works elsewhere: works here too (add), or instead (change), or leave it out and say so (ask)",
    )
    brought = _command(kinds, "connections", "bring in one's connections on a network, or whom one follows")
    brought.add_argument("file", type=Path, metavar="FILE", help="Connections.csv of LinkedIn, or a CSV like it")
    brought.add_argument("--holds", choices=[str(one) for one in Holds], default=str(Holds.CONNECTIONS), help="what")
    brought.add_argument("--circle", default="", metavar="WHO", help="who may see it: everyone, me, team:…")
    brought.add_argument("--known-only", action="store_true", help="add nobody who is not here yet")
    _add_ways(kinds)
    _add_pictures(kinds)
    _add_asking(kinds)
    batch = _command(kinds, "batch", "make out how everybody stands in the network that everyone here sees")
    batch.add_argument("--anew", action="store_true", help="first derive the whole network anew")
    _command(kinds, "check", "compare the network with what it would be if derived anew, and its snapshot with it")
    pictured = _command(kinds, "snapshot", "say which snapshot of the network is in use, make one, or do without")
    wanted = pictured.add_mutually_exclusive_group()
    wanted.add_argument("--take", action="store_true", help="make one now")
    wanted.add_argument("--drop", action="store_true", help="do without, until the next is made")


def _add_ways(kinds: Any) -> None:
    asked = _command(kinds, "introductions", "who can introduce us to somebody")
    asked.add_argument("to", metavar="WHOM", help="the id, or the whole name, of a person or an organization")
    asked.add_argument("--from", dest="origin", default=ME, metavar="WHO", help="me, colleagues, or an id or a name")
    asked.add_argument("--limit", type=int, default=5, help="how many ways at most")
    counted = _command(kinds, "degrees", "how many people are one, two or three ties away")
    counted.add_argument("of", metavar="WHOM", help="an id or a whole name")
    counted.add_argument("--depth", type=int, choices=(1, 2, 3), default=3, help="how many ties at most")
    counted.add_argument("--degree", type=int, choices=(1, 2, 3), help="name the people of this degree")
    counted.add_argument("--organization", metavar="WHO", help="only who works there today: an id or a whole name")
    counted.add_argument("--place", default="", help="only who lives or works there")
    counted.add_argument("--role", default="", metavar="WORDS", help="only who has these words in their role")
    counted.add_argument("--tag", default="", metavar="NAME", help="only who is filed under this tag")
    counted.add_argument("--limit", type=int, default=50, help="how many people to name at most")
    both = _command(kinds, "mutual", "whom two people both know")
    both.add_argument("one", metavar="WHO", help="an id or a whole name")
    both.add_argument("other", metavar="WHO", help="an id or a whole name")
    lists = _command(kinds, "lists", "whom nobody of us knows, or one alone; silent ties, who knows best; who connects")
    lists.add_argument("list", choices=LISTS, help="which list")
    lists.add_argument("--of", default="", metavar="WHO", help="of alone and silent: only one of us, an id or a name")
    lists.add_argument("--organization", default="", metavar="WHO", help="of best: whom, an id or a whole name")
    lists.add_argument("--group", type=int, metavar="NUMBER", help="of between and only: only this group")
    lists.add_argument("--kind", choices=["person", "organization"], default="person", help="of unmet: what")
    lists.add_argument("--limit", type=int, default=50, help="how many at most")


def _add_pictures(kinds: Any) -> None:
    around = _command(kinds, "ego", "who is around somebody, the nearest first, and the ties among them")
    around.add_argument("of", metavar="WHOM", help="the id, or the whole name, of a person or an organization")
    around.add_argument("--tie", choices=list(TIES), help="only ties of a kind")
    around.add_argument("--limit", type=int, default=300, help="how many at most")
    everybody = _command(kinds, "whole", "the whole network: its groups, its people with their places, their ties")
    everybody.add_argument("--group", type=int, metavar="NUMBER", help="only this group")
    everybody.add_argument("--tie", choices=list(KNOWING), help="only ties of a kind")
    everybody.add_argument("--limit", type=int, default=500, help="how many people at most, the best known first")
    for one in (around, everybody):
        periods = [str(each) for each in Period]
        one.add_argument("--period", choices=periods, default=str(Period.NOW), help="of when a tie has to be")
    stands = _command(kinds, "standing", "how somebody stands in the network that everyone here sees")
    stands.add_argument("of", metavar="WHOM", help="a person, or an organization: who works there; an id or a name")
    stands.add_argument("--limit", type=int, default=50, help="of an organization: how many people at most")


def _add_asking(kinds: Any) -> None:
    asked = _command(kinds, "ask", "ask for an introduction: the first on a way finds it on their list, or gets a mail")
    asked.add_argument("to", metavar="WHOM", help="the id, or the whole name, of a person or an organization")
    asked.add_argument(
        "--way", nargs="+", default=[], metavar="WHO", help="all who are on it, first to last; else best"
    )
    asked.add_argument("--purpose", default="", metavar="WORDS", help="what it is about; everybody on the way reads it")
    asked.add_argument("--text", default="", metavar="WORDS", help="what the first one reads; else ready text")
    shouted = _command(
        kinds, "shout", "shout a question across the square: at most five colleagues who may know get it"
    )
    shouted.add_argument("text", metavar="QUESTION", help="what you would like to know")
    shouted.add_argument("--ask", nargs="+", default=[], metavar="WHO", help="these colleagues; else who probably know")
    shouted.add_argument("--circle", default="", metavar="WHO", help="who may read it: everyone, me, team:…")


def _command(kinds: Any, name: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = kinds.add_parser(name, help=words, description=words)
    made.add_argument("--user", required=True, metavar="EMAIL", help="for whom: what they may not see is not there")
    made.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    made.add_argument("--json", action="store_true", help="print the result as JSON")
    return made


def run(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    try:
        with entered(user, seat.workspace_id, door="cli") as actor:
            result, lines = WHAT[arguments.what](actor, arguments)
    except PermissionDenied as refusal:
        raise CommandTrouble(f"{user.email} may not do this.") from refusal
    except UnknownCircle as trouble:
        raise CommandTrouble(f"There is no circle {trouble}.") from trouble
    if arguments.json:
        hand_over({**result, "seconds": round(time.monotonic() - began, 2)})
    else:
        for line in lines:
            tell(line)
    return FAILED if result.get("is_wrong") else 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise CommandTrouble(f"There is nothing to read at {path}.") from trouble


def _connections(actor: Entrance, arguments: argparse.Namespace) -> Said:
    try:
        brought = load_connections(
            actor=actor,
            connections=read_connections(_read(arguments.file)),
            holds=Holds(arguments.holds),
            circle=arguments.circle,
            makes_people=not arguments.known_only,
        )
    except (NotRead, Refused) as trouble:
        raise CommandTrouble(str(trouble)) from trouble
    figures = {name: getattr(brought, name) for name in ("ties", "people", "present", "left_out", "elsewhere")}
    unsure = [
        {"line": one.connection.number, "name": one.connection.name, "people": [person.id for person in one.people]}
        for one in brought.unsure
    ]
    words = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in figures.items())
    asked = [f"line {one['line']}, {one['name']}: of this name somebody is here; not noted" for one in unsure]
    return {"operation": brought.operation_id, **figures, "unsure": unsure}, [words, *asked]


def _load(actor: Entrance, arguments: argparse.Namespace) -> Said:
    try:
        sheet = read_sheet(_read(arguments.file))
    except NotRead as trouble:
        raise CommandTrouble(str(trouble)) from trouble
    if missing := missing_columns(sheet.head):
        raise CommandTrouble(f"These columns are missing: {', '.join(missing)}.")
    lines, bad = [], 0
    for number, line in lines_of(sheet, tie_sorts()):
        if isinstance(line, Line):
            lines.append(line)
        else:
            bad += 1
            say(f"line {number}: {line}")
    done = load_ties(actor=actor, lines=lines, jobs=Jobs(arguments.jobs))
    figures = {
        "relations": done.relations,
        "ties": done.ties,
        "memberships": done.memberships,
        "moments": done.moments,
        "decisions": done.decisions,
        "bad": bad,
        "waiting": len(done.waiting),
    }
    words = ", ".join(f"{count} {name}" for name, count in figures.items())
    asked = [f"works elsewhere, not noted: {one}" for one in done.waiting]
    return {"operation": done.operation_id, **figures, "asked": list(done.waiting)}, [words, *asked]


def _batch(actor: Entrance, arguments: argparse.Namespace) -> Said:
    permit(actor, "manage")
    if arguments.anew:
        rebuild()
    found = measure_influence(actor=actor)
    names = ("people", "ties", "parts", "largest_part", "groups", "bridges", "triangles", "deepest_core")
    figures = {name: getattr(found, name) for name in names}
    return figures, [", ".join(f"{count} {name.replace('_', ' ')}" for name, count in figures.items())]


def _check(actor: Entrance, arguments: argparse.Namespace) -> Said:
    del arguments
    permit(actor, "manage")
    pictured = compared()
    found = differences()
    words = f"{found.contacts} contacts and {found.ties} ties differ from what they are derived from."
    also = f"Of {pictured.asked} relations {pictured.differences} have other ties in the snapshot."
    result = {
        "contacts": found.contacts,
        "ties": found.ties,
        "snapshot": {"asked": pictured.asked, "differences": pictured.differences},
        "is_wrong": bool(found.contacts or found.ties or pictured.differences),
    }
    return result, [words, also]


def _snapshot(actor: Entrance, arguments: argparse.Namespace) -> Said:
    permit(actor, "manage")
    if arguments.take:
        take_snapshot(actor=actor)
    if arguments.drop:
        drop_snapshot(actor=actor)
    found = latest()
    if found is None:
        return {"snapshot": None, "is_used": settings.PLEIN_SNAPSHOT}, ["There is no snapshot: the database answers."]
    names = ("at", "relations", "halves", "bytes", "seconds")
    told = {name: getattr(found, name) for name in names} | {"changed": changed(found)}
    words = (
        f"{found.relations} relations, {found.bytes >> 20} MB, of {found.at:%Y-%m-%d %H:%M}, {told['changed']} changed"
    )
    return {"snapshot": told, "is_used": settings.PLEIN_SNAPSHOT}, [words]


WHAT: dict[str, Callable[[Entrance, argparse.Namespace], Said]] = {
    "load": _load,
    "connections": _connections,
    "introductions": introductions_told,
    "degrees": degrees_told,
    "mutual": mutual_told,
    "lists": lists_told,
    "ego": ego_told,
    "whole": whole_told,
    "standing": standing_told,
    "ask": ask_told,
    "shout": shout_told,
    "batch": _batch,
    "check": _check,
    "snapshot": _snapshot,
}
