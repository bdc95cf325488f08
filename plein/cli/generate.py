# SPDX-License-Identifier: AGPL-3.0-or-later
import argparse
from dataclasses import asdict
from pathlib import Path

from django.db import IntegrityError

from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.isolation import default_circle_id, no_workspace
from plein.generate import synthetic, workload
from plein.trust.actions import ensure_first_workspace
from plein.trust.models import User
from plein.trust.seats import entered

HELP = "fill the workspace with data to measure with"
needs_database = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=10_000, help="how many people (a fifth as many organizations)")
    parser.add_argument("--moments", type=int, default=50_000, help="how many contact moments")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same data")
    parser.add_argument("--from", dest="folder", type=Path, help="load a workload's CSV files instead")
    parser.add_argument("--json", action="store_true", help="the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    workspace, email, _link = ensure_first_workspace()
    with no_workspace("generate"):
        user = User.objects.get(email=email)
    with entered(user, workspace.id, door="cli") as actor:
        circle = default_circle_id()
    if arguments.folder:
        try:
            made = workload.load(workspace=workspace.id, circle=circle, folder=arguments.folder, say=say)
        except workload.NotAWorkload as error:
            raise CommandTrouble(str(error)) from error
    else:
        if arguments.people < 10 or arguments.moments < 0:
            raise CommandTrouble("Ask for at least 10 people and no fewer than 0 moments.")
        try:
            made = synthetic.generate(
                workspace=workspace.id,
                circle=circle,
                seat=actor.seat_id,
                people=arguments.people,
                moments=arguments.moments,
                seed=arguments.seed,
                say=say,
            )
        except IntegrityError as error:
            raise CommandTrouble("This seed was used here before: choose another one with --seed.") from error
    if arguments.json:
        hand_over(asdict(made))
    else:
        tell(f"{made.people} people, {made.organizations} organizations, {made.moments} moments, {made.seconds:.0f} s")
    return 0
