# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein example`: loads the example company, or takes it away again."""

import argparse
import time

from plein.cli.speech import say
from plein.core.isolation import no_workspace
from plein.example.actions import is_loaded, load_example, remove_example
from plein.trust.actions import ensure_first_workspace
from plein.trust.models import User
from plein.trust.seats import entered

HELP = "load or remove the example company"
needs_database = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("load", help="fill the workspace with Noorderlicht Techniek, a company that does not exist")
    actions.add_parser("remove", help="take it away again; what you added yourself stays")


def run(arguments: argparse.Namespace) -> int:
    workspace, email, _link = ensure_first_workspace()
    was_loaded = is_loaded(workspace)
    if was_loaded == (arguments.action == "load"):
        say("The example company is there already." if was_loaded else "There is no example company here.")
        return 0
    began = time.monotonic()
    if arguments.action == "load":
        load_example(workspace)
        say(f"Loaded in {time.monotonic() - began:.0f} s; remove it with `plein example remove`.")
        return 0
    with no_workspace("remove the example company"):
        owner = User.objects.get(email=email)
    with entered(owner, workspace.id, door="cli") as actor:
        remove_example(actor=actor)
    say(f"Removed in {time.monotonic() - began:.0f} s; what you added yourself is still there.")
    return 0
