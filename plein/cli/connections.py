# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which connection a command is about, for whom it works, and how what cannot be is said."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied

from plein.channels.connecting import NotUsable
from plein.channels.live import Trouble
from plein.channels.models import Connection
from plein.cli.people import seat_named, user_named
from plein.cli.speech import CommandTrouble
from plein.core.isolation import no_workspace
from plein.trust.circles import UnknownCircle
from plein.trust.models import User
from plein.trust.seats import Entrance, entered
from plein.trust.secret_box import Unopenable


def add_whose(parser: argparse.ArgumentParser) -> None:
    """Whose connections they are, and how the result is told."""
    parser.add_argument("--user", default="", metavar="EMAIL", help="whose connections; default: the first user")
    parser.add_argument("--workspace", default="", metavar="NAME", help="default: the user's oldest seat")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


@contextmanager
def taken(arguments: argparse.Namespace) -> Iterator[Entrance]:
    """Work for the user who is meant; what cannot be is one sentence."""
    email = arguments.user or _first_user()
    user, seat = user_named(email), seat_named(email, arguments.workspace)
    try:
        with entered(user, seat.workspace_id, door="cli") as actor:
            yield actor
    except PermissionDenied as refusal:
        raise CommandTrouble(f"{user.email} may not do this.") from refusal
    except UnknownCircle as trouble:
        wanted = "everyone, me, a team of yours, or people:EMAIL,EMAIL"
        raise CommandTrouble(f"--circle wants {wanted}; {trouble} is none of these.") from trouble
    except Unopenable as trouble:
        raise CommandTrouble("The key of this Plein does not open the password: give it again.") from trouble
    except (NotUsable, Trouble) as trouble:
        raise CommandTrouble(str(trouble)) from trouble


def connection_named(actor: Entrance, words: str) -> Connection:
    """The connection with this name or id: one of one's own, else one that somebody shares."""
    seen = [one for one in Connection.objects.order_by("created_at", "id") if words in (one.name, str(one.id))]
    found = [one for one in seen if one.seat_id == actor.seat_id] or seen
    if not found:
        raise CommandTrouble(f"There is no connection called {words}. `plein connect list` names those there are.")
    if len(found) > 1:
        ids = ", ".join(str(one.id) for one in found)
        raise CommandTrouble(f"More than one connection is called {words}. Give an id instead: {ids}.")
    return found[0]


def _first_user() -> str:
    with no_workspace("the first user"):
        first = User.objects.filter(is_active=True).order_by("created_at", "id").first()
    if first is None:
        raise CommandTrouble("There is nobody yet. Add somebody with `plein user add EMAIL --role owner`.")
    return str(first.email)
