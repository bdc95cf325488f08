# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein import documents PATH`: brings invoices and bank statements in; what is here already is passed by."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from itertools import batched
from pathlib import Path
from uuid import UUID

from plein.cli.contact_choices import user_of
from plein.cli.people import audience_named
from plein.cli.speech import CommandTrouble, hand_over, tell
from plein.core.isolation import in_operation
from plein.core.operations import begin
from plein.documents.bringing import OUTCOMES, Brought, Wishes, bring_in
from plein.documents.files import read_files
from plein.moments.vocabulary import Direction
from plein.trust.circles import UnknownCircle
from plein.trust.models import User
from plein.trust.seats import entered

HELP = "bring in invoices (UBL, CII, also inside a PDF) and bank statements (CAMT, MT940, CODA)"
#: Files that are read and brought in together, and what a dry run looks at.
AT_ONCE, MOST_LOOKED_AT = 50, 2_000
WAYS = {"sent": str(Direction.OUTBOUND), "received": str(Direction.INBOUND)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder with files")
    parser.add_argument(
        "--as", dest="email", metavar="EMAIL", help="the user who brings them in; default: the first owner"
    )
    parser.add_argument(
        "--circle",
        default="",
        metavar="WHO",
        help="which colleagues see them: everyone, me, the name of a team, or people:EMAIL,EMAIL; "
        "default: whom the user adds things for",
    )
    parser.add_argument(
        "--we", choices=tuple(WAYS), help="whether we sent these invoices or received them, where that is not known"
    )
    parser.add_argument("--dry-run", action="store_true", help="only tell what would become of each file")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    files = list(_files(arguments.path.absolute()))
    if not files:
        raise CommandTrouble(f"There is no file at {arguments.path}.")
    user = user_of(arguments.email)
    try:
        brought, operation = (
            _look_ahead(user, files, arguments) if arguments.dry_run else _bring(user, files, arguments)
        )
    except UnknownCircle as error:
        wanted = "everyone, me, a team of yours, or people:EMAIL,EMAIL"
        raise CommandTrouble(f"--circle wants {wanted}; {error} is none of these.") from error
    figures = {outcome: sum(one.becomes == outcome for one in brought) for outcome in OUTCOMES}
    if arguments.json:
        told = [asdict(one) | {"moment_id": str(one.moment_id or "")} for one in brought]
        hand_over({"operation": str(operation or ""), "files": len(brought), **figures, "documents": told})
        return 0
    for one in brought:
        parts = (one.becomes, one.name, one.kind, one.number, one.relation, one.reason)
        tell("  ".join(filter(None, parts)))
        for flaw in one.flaws:
            tell(f"    {flaw}")
    tell(", ".join(f"{count} {name}" for name, count in figures.items()))
    return 0


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())


def _bring(user: User, files: list[Path], arguments: argparse.Namespace) -> tuple[list[Brought], UUID | None]:
    with entered(user, door="cli") as actor:
        workspace = actor.workspace_id
        wishes = Wishes(audience_named(arguments.circle), WAYS.get(arguments.we or "", ""))
        opened = begin("import_documents", files=len(files)).id
    brought: list[Brought] = []
    for some in batched(files, AT_ONCE):
        answers = list(read_files([(path, path.name) for path in some]))
        with entered(user, workspace, door="cli") as actor, in_operation(opened):
            for path, answer in zip(some, answers, strict=True):
                brought.append(bring_in(actor=actor, path=path, answer=answer, wishes=wishes))
    return brought, opened


def _look_ahead(user: User, files: list[Path], arguments: argparse.Namespace) -> tuple[list[Brought], UUID | None]:
    looked_at = files[:MOST_LOOKED_AT]
    answers = list(read_files([(path, path.name) for path in looked_at]))
    with entered(user, door="cli") as actor:
        wishes = Wishes(audience_named(arguments.circle), WAYS.get(arguments.we or "", ""), only_looks=True)
        return [
            bring_in(actor=actor, path=path, answer=answer, wishes=wishes)
            for path, answer in zip(looked_at, answers, strict=True)
        ], None
