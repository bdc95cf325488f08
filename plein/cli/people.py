# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a command is about: a user by address, and their seat in the workspace that is meant."""

from plein.cli.speech import CommandTrouble
from plein.trust.circles import PEOPLE, UnknownCircle
from plein.trust.models import Seat, User
from plein.trust.queries import SeatLine, find_user, seats_of


def user_named(email: str) -> User:
    """The user with this address, who may sign in."""
    user = find_user(email)
    if user is None:
        raise CommandTrouble(f"There is no user {email}. Add one with `plein user add {email} --role member`.")
    if not user.is_active:
        raise CommandTrouble(f"{user.email} may not sign in any more.")
    return user


def seat_named(email: str, workspace: str = "") -> SeatLine:
    """The seat of a user in the workspace of that name; without a name, their oldest."""
    user = user_named(email)
    seats = [seat for seat in seats_of(user) if workspace in ("", seat.workspace)]
    if not seats:
        raise CommandTrouble(f"{user.email} has no seat in {workspace or 'any workspace'}.")
    active = [seat for seat in seats if seat.is_active]
    if not active:
        raise CommandTrouble(f"The seat of {user.email} is suspended.")
    return active[0]


def audience_named(words: str) -> str:
    """The key of an audience as it is typed, where colleagues are named by their address; raises UnknownCircle."""
    if not words.startswith(PEOPLE):
        return words
    addresses = {one.strip().lower() for one in words.removeprefix(PEOPLE).split(",") if one.strip()}
    seats = dict(Seat.objects.filter(is_active=True, user__email__in=addresses).values_list("user__email", "id"))
    if strange := sorted(addresses - seats.keys()):
        raise UnknownCircle(", ".join(strange))
    return PEOPLE + ",".join(sorted(str(seat) for seat in seats.values()))
