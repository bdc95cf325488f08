# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein user`: give somebody a seat, make a sign-in link, list who works where, help who is locked out."""

import argparse

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from plein.cli import user_proofs
from plein.cli.people import user_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.trust.actions import (
    ensure_first_workspace,
    give_seat,
    make_one_time_link,
    make_user,
    make_workspace,
)
from plein.trust.models import Role, User
from plein.trust.queries import SeatLine, every_seat, seats_of

HELP = "add a user, make a sign-in link, list who works where, sign out, reset a lost second step"
needs_database = True
LONGEST_NAME = 120


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    add = acts.add_parser("add", help="give somebody a seat and print a link with which they sign in once")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", choices=Role.values, required=True)
    add.add_argument("--name", default="", help="default: made from the address")
    add.add_argument("--language", choices=[code for code, _name in User.LANGUAGES], default="nl")
    add.add_argument("--workspace", default="", metavar="NAME", help="default: the first one")
    add.add_argument("--new-workspace", default="", metavar="NAME", help="start a workspace with this user in it")
    link = acts.add_parser("link", help="print a fresh link with which a user signs in once")
    link.add_argument("email", metavar="EMAIL")
    listed = acts.add_parser("list", help="who works where, in which role")
    for act in (add, link, listed, *user_proofs.add_acts(acts)):
        act.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    {"add": _add, "link": _link, "list": _list, **user_proofs.ACTS}[arguments.act](arguments)
    return 0


def _add(arguments: argparse.Namespace) -> None:
    email, name = _address(arguments.email), _name(arguments.name) or _name_from(arguments.email)
    workspace = _workspace(arguments)
    user = make_user(email=email, name=name, language=arguments.language)
    if not user.is_active:
        raise CommandTrouble(f"{email} may not sign in any more.")
    known = next((seat for seat in seats_of(user) if seat.workspace_id == workspace), None)
    _keep_an_owner(known, arguments.role)
    seat = give_seat(workspace=workspace, user=user, role=arguments.role)
    if known:
        say(f"{email} had a seat already, as {known.role}{'' if known.is_active else ', suspended'}.")
    _tell_link(arguments, user, {"user": user.id, "seat": seat.id, "email": user.email, "role": seat.role})


def _link(arguments: argparse.Namespace) -> None:
    user = user_named(arguments.email)
    _tell_link(arguments, user, {"user": user.id, "email": user.email})


def _tell_link(arguments: argparse.Namespace, user: User, facts: dict[str, object]) -> None:
    link = settings.PLEIN_URL.rstrip("/") + make_one_time_link(user=user)
    if arguments.json:
        hand_over({**facts, "link": link})
        return
    say(f"{user.email} signs in with this link, once, within a day:")
    tell(link)


def _list(arguments: argparse.Namespace) -> None:
    seats = list(every_seat())
    if arguments.json:
        hand_over({"users": [_line(seat) for seat in seats]})
        return
    for seat in seats:
        state = "" if seat.is_active else ", suspended"
        tell(f"{seat.user.email}  {seat.user.name}  {seat.role}{state}  {seat.workspace}")


def _line(seat: SeatLine) -> dict[str, object]:
    user = seat.user
    return {"user": user.id, "seat": seat.seat_id, "email": user.email, "name": user.name, "role": seat.role,
            "workspace": seat.workspace, "is_active": seat.is_active and user.is_active}  # fmt: skip


def _address(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as trouble:
        raise CommandTrouble(f"{text[:200]} is not an e-mail address.") from trouble
    return email


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        raise CommandTrouble(f"A name has {LONGEST_NAME} characters at most.")
    if not name.isprintable():
        raise CommandTrouble("A name has letters, spaces and signs; this one has something else in it.")
    return name


def _name_from(email: str) -> str:
    words = email.partition("@")[0].replace(".", " ").replace("_", " ")
    return words.title()[:LONGEST_NAME]


def _workspace(arguments: argparse.Namespace) -> int:
    if arguments.new_workspace:
        if arguments.role != Role.OWNER:
            raise CommandTrouble("The first user of a workspace is its owner: use --role owner.")
        return make_workspace(name=_name(arguments.new_workspace)).id
    if not arguments.workspace:
        return ensure_first_workspace()[0].id
    found = next((seat.workspace_id for seat in every_seat() if seat.workspace == arguments.workspace), None)
    if found is None:
        raise CommandTrouble(f"There is no workspace called {arguments.workspace}.")
    return found


def _keep_an_owner(known: SeatLine | None, role: str) -> None:
    if known is None or known.role != Role.OWNER or role == Role.OWNER or not known.is_active:
        return
    owners = [seat for seat in every_seat() if seat.workspace_id == known.workspace_id and seat.role == Role.OWNER]
    if not any(seat.is_active and seat.seat_id != known.seat_id for seat in owners):
        raise CommandTrouble("A workspace needs an owner: make somebody else owner first.")
