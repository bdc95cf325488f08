# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein models endpoint`: the language model that is asked about texts that Plein is not sure of; how it goes, and
whether it works.
"""

import argparse
from typing import Any

from django.core.exceptions import PermissionDenied

from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble, tell
from plein.opinions.actions import try_endpoint
from plein.opinions.asking import NoOpinion
from plein.opinions.refusals import CannotAsk
from plein.opinions.telling import standing
from plein.trust.seats import Entrance, entered
from plein.trust.secret_box import Unopenable

WHAT = ("test", "show")


def add_endpoint(actions: Any) -> argparse.ArgumentParser:
    """The words that follow `plein models endpoint`."""
    parser: argparse.ArgumentParser = actions.add_parser("endpoint", help="the language model asked besides, if any")
    parser.add_argument("what", choices=WHAT, metavar="test|show", help="ask it about a sentence; or how it goes")
    parser.add_argument("--user", required=True, metavar="EMAIL", help="an owner")
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    return parser


def endpoint(arguments: argparse.Namespace) -> dict[str, Any]:
    """Carry it out; an answer that is of no use is a failure."""
    user, seat = user_named(arguments.user), seat_named(arguments.user, arguments.workspace)
    with entered(user, seat.workspace_id, door="cli") as actor:
        result = _show() if arguments.what == "show" else _test(actor)
    if not arguments.json:
        for name, value in result.items():
            tell(f"{name}: {value}")
    return result


def _test(actor: Entrance) -> dict[str, Any]:
    try:
        opinion = try_endpoint(actor=actor)
    except (NoOpinion, CannotAsk) as trouble:
        raise CommandTrouble(str(trouble)) from trouble
    except PermissionDenied as trouble:
        raise CommandTrouble("Only an owner may try it. Name an owner with --user.") from trouble
    except Unopenable as trouble:
        raise CommandTrouble("Its key cannot be opened any more. Write it again, on the page.") from trouble
    return {"labels": dict(opinion.labels), "tokens": opinion.tokens}


def _show() -> dict[str, Any]:
    found = standing()
    if found is None:
        return {"address": "", "model": "", "spent_today": 0, "spent_this_month": 0, "left_today": 0, "problem": ""}
    return {
        "address": found.endpoint.address,
        "model": found.endpoint.model,
        "spent_today": found.spent.today,
        "spent_this_month": found.spent.month,
        "left_today": found.spent.left,
        "problem": found.endpoint.problem,
    }
