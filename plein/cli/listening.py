# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein listening`: the best of what was heard in public, as one user sees it, in so many minutes a network."""

import argparse

from plein.cli.people import seat_named, user_named
from plein.cli.speech import hand_over, tell
from plein.listening.queries import Spent, best_of, day_of, heard_by, in_minutes, searches, standing_of
from plein.listening.vocabulary import MOST_MINUTES
from plein.listening.wording import shown
from plein.trust.seats import entered

HELP = "tell the best of what was heard in public, in so many minutes a network"
needs_database = True
MINUTES = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user", required=True, metavar="EMAIL", help="for whom: what they may not see is not there")
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    parser.add_argument(
        "--minutes",
        type=int,
        choices=range(1, MOST_MINUTES + 1),
        metavar="N",
        help="of the day, on each network; default: what the user chose, else 10",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    with entered(user, seat.workspace_id, door="cli") as actor:
        listened = searches()
        names, found = {one.id: one.name for one in listened}, heard_by(listened)
        day = day_of(actor.seat_id)
        best = best_of([one for one in found.ids if one not in day.done])
        standing = standing_of((item.moment.id for item in best), actor.seat_id)
        taken, spent = in_minutes(best, standing.networks, arguments.minutes or day.minutes or MINUTES, day.spent)
        lines = [shown(item, [names[one] for one in found.searches_of(item.moment.id)], standing) for item in taken]
    if arguments.json:
        items = [
            {
                "moment": line.id,
                "at": line.at,
                "network": standing.networks.get(line.id, ""),
                "minutes": round(item.minutes, 2),
                "writer": line.name,
                "text": line.text,
                "reason": line.reason,
                "act": line.act,
            }
            for item, line in zip(taken, lines, strict=True)
        ]
        hand_over({"items": items, "networks": [_spent(one) for one in spent]})
        return 0
    for line in lines:
        tell(f"{line.at:%Y-%m-%d}  {line.name}: {line.title or line.text[:100]}\n    {line.reason} {line.act}.")
    for one in spent:
        tell(f"{one.network or 'feeds and others'}: {one.count} in {one.minutes:.0f} minutes, {one.left} left")
    return 0


def _spent(one: Spent) -> dict[str, object]:
    return {"network": one.network, "count": one.count, "minutes": one.minutes, "left": one.left, "before": one.before}
