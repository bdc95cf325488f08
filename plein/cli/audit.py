# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein audit`: verifies the audit log, tells who looked at what, keeps its end, shortens it."""

import argparse
import csv
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from plein.cli.people import user_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.audit.heads import Head, keep_head
from plein.core.audit.reading import Wanted, facts_of, looked_at, names_of
from plein.core.audit.shortening import KEPT_AT_LEAST, DoesNotFit, shorten
from plein.core.audit.verifying import Verdict, as_facts, chains, read_heads, verify
from plein.core.ids import now
from plein.core.isolation import Context, workspace_context
from plein.lists.export.cells import safe
from plein.trust.queries import every_seat, seats_of
from plein.trust.seats import entered

HELP = "verify the audit log, read who looked at what, keep its end, shorten it"
needs_database = True
BROKEN = 1
REASONS = {
    "changed": "it is not what was written",
    "missing": "something before it is gone",
    "cut off": "what came from here on is gone",
    "not sealed": "its seal was not made with a key of this Plein",
    "unknown key": "it was sealed with a key that is not here; put the earlier key into SECRET_KEY_FALLBACKS",
    "twice": "it is there twice",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("verify", help="read the whole log; exit code 1 when something does not fit")
    check.add_argument("--heads", type=Path, metavar="FILE", help="what `plein audit head` printed, kept elsewhere")
    check.add_argument("--json", action="store_true", help="print the result as JSON")
    looked = actions.add_parser("looked-at", help="which records were read or taken along by whom; ids only")
    looked.add_argument("--workspace", type=int, default=0, metavar="N", help="its number; default: every workspace")
    looked.add_argument("--since", type=_moment, required=True, metavar="WHEN", help="2026-05-01 or 2026-05-01T09:00")
    looked.add_argument("--until", type=_moment, default=None, metavar="WHEN")
    looked.add_argument("--seat", type=UUID, default=None, metavar="ID")
    looked.add_argument("--token", type=UUID, default=None, metavar="ID")
    looked.add_argument("--session", default="", metavar="MARK", help="as the audit log names it")
    looked.add_argument("--as", dest="email", default="", metavar="EMAIL", help="name what this user may see")
    looked.add_argument("--json", action="store_true", help="print JSON lines instead of CSV")
    actions.add_parser("head", help="seal the end of each log as it is now, and print it as JSON lines")
    cut = actions.add_parser("shorten", help="take old lines away from the beginning; the rest can still be verified")
    cut.add_argument("--days", type=int, required=True, metavar="N", help="how long lines are kept; 90 at least")
    cut.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    return ACTS[arguments.action](arguments)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _looked_at(arguments: argparse.Namespace) -> int:
    wanted = Wanted(
        seat_id=arguments.seat,
        session=arguments.session,
        token_id=arguments.token,
        since=arguments.since,
        until=arguments.until,
    )
    seats = {seat.seat_id: seat.user.email for seat in every_seat()}
    lines = csv.writer(sys.stdout)
    heads: list[str] = []
    for workspace in [arguments.workspace] if arguments.workspace else chains():
        with workspace_context(Context(workspace_id=workspace or None, door="cli")):
            found = list(looked_at(wanted, sees_all=True))
        names = _names(arguments.email, workspace, {look.record for look in found})
        for look in found:
            facts = {"workspace": workspace, **facts_of(look, names, seats)}
            if arguments.json:
                hand_over(facts)
                continue
            if not heads:
                lines.writerow(heads := list(facts))
            lines.writerow([safe(str(value)) for value in facts.values()])
    return 0


def _names(email: str, workspace: int, records: set[UUID]) -> dict[UUID, str]:
    """What the records are called for a user; without one nobody learns more than ids."""
    if not email or not records:
        return {}
    for seat in seats_of(user_named(email)):
        if seat.workspace_id == workspace and seat.is_active:
            with entered(seat.user, workspace, door="cli"):
                return names_of(records)
    return {}


def _verify(arguments: argparse.Namespace) -> int:
    elsewhere = _heads(arguments.heads) if arguments.heads else []
    verdicts = [verify(workspace, elsewhere) for workspace in chains()]
    used = [one for one in verdicts if one.lines or one.heads or one.misfit]
    is_whole = all(one.misfit is None for one in used)
    if arguments.json:
        hand_over({"fits": is_whole, "chains": [as_facts(one) for one in used]})
    else:
        for one in used:
            tell(_sentence(one))
        tell("The audit log is whole." if is_whole else "The audit log was tampered with.")
    return 0 if is_whole else BROKEN


def _heads(file: Path) -> list[Head]:
    try:
        return read_heads(file.read_text())
    except (ValueError, KeyError, TypeError) as trouble:
        raise CommandTrouble(f"{file} does not hold what `plein audit head` prints.") from trouble


def _sentence(verdict: Verdict) -> str:
    place = f"workspace {verdict.workspace_id}" if verdict.workspace_id else "outside any workspace"
    lines = f"{place}: {verdict.lines:,} lines"
    if verdict.misfit is None:
        return f"{lines}, all fit"
    one = verdict.misfit
    when = f" of {one.at.isoformat(timespec='seconds')}" if one.at else ""
    return f"{lines} fit; line {one.seq}{when} does not: {REASONS[one.reason]}"


def _head(arguments: argparse.Namespace) -> int:
    del arguments
    for workspace in chains():
        head = keep_head(workspace)
        if head is not None:
            hand_over(head.as_facts())
    return 0


def _shorten(arguments: argparse.Namespace) -> int:
    if arguments.days < KEPT_AT_LEAST.days:
        raise CommandTrouble(f"The audit log is kept for {KEPT_AT_LEAST.days} days at least.")
    gone: dict[str, Any] = {}
    for workspace in chains():
        try:
            gone[str(workspace)] = shorten(workspace, now() - timedelta(days=arguments.days))
        except DoesNotFit as refused:
            raise CommandTrouble(
                f"The log of workspace {workspace} does not fit from line {refused.misfit.seq} on, so nothing was taken"
                " away: see `plein audit verify`."
            ) from refused
    if arguments.json:
        hand_over({"gone": gone})
    else:
        say(f"{sum(gone.values()):,} lines went; what is left can be verified.")
    return 0


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "verify": _verify,
    "looked-at": _looked_at,
    "head": _head,
    "shorten": _shorten,
}
