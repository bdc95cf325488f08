# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of `plein user` about getting in: where somebody is signed in, and what they prove it with."""

import argparse
from collections.abc import Callable

from plein.cli.people import user_named
from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.isolation import no_workspace
from plein.trust import sessions
from plein.trust.actions import remove_second_factor
from plein.trust.queries import find_user


def add_acts(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> list[argparse.ArgumentParser]:
    """Add these acts to those of `plein user`."""
    listed = acts.add_parser("sessions", help="where a user is signed in")
    out = acts.add_parser("sign-out", help="sign a user out, everywhere or in one place")
    out.add_argument("--session", default="", metavar="NAME", help="one of those that `sessions` lists")
    reset = acts.add_parser(
        "reset-factor",
        help="forget the code app, passkeys and recovery codes of a user who lost them, and sign them out",
    )
    for act in (listed, out, reset):
        act.add_argument("email", metavar="EMAIL")
    return [listed, out, reset]


def _sessions(arguments: argparse.Namespace) -> None:
    user = user_named(arguments.email)
    with no_workspace("list sessions"):
        devices = sessions.devices_of(user, None)
    if arguments.json:
        lines = [
            {"session": one.handle, "on": one.agent, "since": one.since, "last_used": one.seen_at} for one in devices
        ]
        hand_over({"user": user.id, "email": user.email, "sessions": lines})
        return
    for one in devices:
        seen = f", last used {one.seen_at:%Y-%m-%d %H:%M}" if one.seen_at else ""
        tell(f"{one.handle}  {one.agent or 'unknown device'}{seen}")


def _sign_out(arguments: argparse.Namespace) -> None:
    user = find_user(arguments.email)
    if user is None:
        raise CommandTrouble(f"There is no user {arguments.email}.")
    with no_workspace("sign out"):
        ended = sessions.end(user, handle=arguments.session)
    if arguments.session and not ended:
        raise CommandTrouble(f"{user.email} is not signed in there any more.")
    if arguments.json:
        hand_over({"user": user.id, "email": user.email, "ended": ended})
        return
    say(f"{user.email} was signed out in {ended} place{'' if ended == 1 else 's'}.")


def _reset(arguments: argparse.Namespace) -> None:
    user = user_named(arguments.email)
    with no_workspace("reset the second step"):
        gone = remove_second_factor(user=user)
    if arguments.json:
        hand_over({"user": user.id, "email": user.email, "removed": gone})
        return
    say(f"{user.email} gets in with a password or a link alone now, and was signed out everywhere.")


ACTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "sessions": _sessions,
    "sign-out": _sign_out,
    "reset-factor": _reset,
}
