# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein connect …`: has accounts heard, looks whether they can be, lets them rest, hears them no more."""

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from plein.channels.actions import (
    HearingWishes,
    add_connection,
    look_first,
    look_into,
    pause_connection,
    remove_connection,
    resume_connection,
    set_connection,
)
from plein.channels.connecting import connector_of
from plein.channels.connectors.known import CONNECTORS
from plein.channels.live import Glimpse
from plein.channels.models import Connection, Policy
from plein.channels.websub import telling_of
from plein.cli.connections import add_whose, connection_named, taken
from plein.cli.connector_settings import names_of, typed_secrets, typed_settings
from plein.cli.people import audience_named
from plein.cli.speech import CommandTrouble, hand_over, tell
from plein.moments.actions import begin_hearing
from plein.moments.models import Gives
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

HELP = "have accounts heard: mail, feeds, Mastodon, Bluesky"
needs_database = True

type Told = tuple[dict[str, Any], list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    add = _command(kinds, "add", "look at an account, and listen to it from now on")
    add.formatter_class = argparse.RawDescriptionHelpFormatter
    add.epilog = "\n".join(("settings of each kind, and in brackets its secrets:", *map(_settings_told, CONNECTORS)))
    add.add_argument("kind", choices=[one.key for one in CONNECTORS], metavar="KIND", help=", ".join(_keys()))
    add.add_argument("--name", default="", help="how you call it; default: the name of the kind")
    add.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a setting; may be repeated")
    _add_secret(add)
    add.add_argument("--inside", action="store_true", help="the server is in our own network (administrators)")
    add.add_argument("--since", type=_day, metavar="DATE", help="hear nothing older than this day: 2026-05-01")
    add.add_argument(
        "--policy",
        choices=Policy.values,
        default=Policy.ANSWERED.value,
        help="who becomes a person: whom our side wrote to or answered (default), everyone, nobody",
    )
    add.add_argument("--circle", default="me", metavar="WHO", help="who may see it: me (default), everyone, team:…")
    add.add_argument(
        "--shares",
        choices=[one for one in Gives.values if one != Gives.NOTHING],
        default=Gives.EVERYTHING.value,
        help="what they see of it: that there was contact, also the subject, or everything (default)",
    )
    add.add_argument("--dry-run", action="store_true", help="only look what is there; nothing is kept")
    _command(kinds, "list", "which accounts are heard, and how it goes")
    for name, words in (
        ("test", "look whether an account can be heard, without hearing it"),
        ("pause", "let it rest; nothing is lost"),
        ("resume", "listen again from where it stopped"),
        ("remove", "listen no more and forget the password; people, addresses and history stay"),
    ):
        one = _command(kinds, name, words)
        one.add_argument("name", metavar="NAME", help="the name or the id of a connection")
        if name == "resume":
            _add_secret(one)


def _command(kinds: Any, name: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = kinds.add_parser(name, help=words, description=words)
    add_whose(made)
    return made


def _add_secret(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--secret-from",
        action="append",
        default=[],
        metavar="[FIELD=]FILE",
        help="the file with the password or token; - reads it from standard input, or asks for it",
    )


def _keys() -> list[str]:
    return [one.key for one in CONNECTORS]


def _settings_told(connector: Any) -> str:
    plain, secret = names_of(connector)
    return f"  {connector.key}: {', '.join(plain)}" + (f" [{', '.join(secret)}]" if secret else "")


def _day(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.strptime(text, "%Y-%m-%d"))  # noqa: DTZ007 — the next word says where
    except ValueError as trouble:
        raise argparse.ArgumentTypeError("a day is written as 2026-05-01") from trouble


def run(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with taken(arguments) as actor:
        result, lines = WHAT[arguments.what](actor, arguments)
    if arguments.json:
        hand_over({**result, "seconds": round(time.monotonic() - began, 2)})
    else:
        for line in lines:
            tell(line)
    return 0


def _add(actor: Entrance, arguments: argparse.Namespace) -> Told:
    permit(actor, "import")
    connector = connector_of(arguments.kind)
    name = arguments.name.strip() or connector.label
    if Connection.objects.filter(seat_id=actor.seat_id, name=name).exists():
        raise CommandTrouble(f"You have a connection called {name} already. Give another --name.")
    account: dict[str, Any] = {
        "connector": connector.key,
        "settings": typed_settings(connector, arguments.set, arguments.secret_from),
        "is_inside": arguments.inside,
    }
    audience = audience_named(arguments.circle)
    seen = look_first(actor=actor, **account)
    shown, lines = _seen(seen)
    result = {"connection": None, "name": name, "kind": connector.key, "is_dry_run": arguments.dry_run, **shown}
    if arguments.dry_run:
        return result, [*lines, "Nothing is kept: this was a dry run."]
    made = add_connection(actor=actor, name=name, seen=seen, **account)
    folders = tuple(made.settings.get("folders", ()))
    wishes = HearingWishes(arguments.policy, audience, arguments.since, folders)
    begin_hearing(actor=actor, connection=made, wishes=wishes, gives=arguments.shares)
    return {**result, "connection": made.id}, [*lines, f"From now on Plein listens to {name}."]


def _seen(seen: Glimpse) -> Told:
    """What a look showed, as a result and in lines."""
    shown = {"account": seen.account, "counts": dict(seen.counts), "senders": len(seen.senders)}
    return shown, [f"account: {seen.account}", *(f"{name}: {count}" for name, count in seen.counts.items())]


def _test(actor: Entrance, arguments: argparse.Namespace) -> Told:
    found = connection_named(actor, arguments.name)
    shown, lines = _seen(look_into(actor=actor, connection=found))
    return {"connection": found.id, "name": found.name, **shown}, [*lines, f"{found.name} can be heard."]


def _list(actor: Entrance, arguments: argparse.Namespace) -> Told:
    del arguments
    permit(actor, "read")
    found = list(Connection.objects.order_by("name", "id"))
    seats = [one.seat_id for one in found if one.seat_id]
    owners = dict(Seat.objects.filter(id__in=seats).values_list("id", "user__email"))
    rows = [_row(actor, one) | {"owner": owners.get(one.seat_id) if one.seat_id else None} for one in found]
    return {"connections": rows}, [_line(row) for row in rows] or ["Nothing is listened to."]


def _row(actor: Entrance, one: Connection) -> dict[str, Any]:
    names = ("id", "name", "account", "state", "policy", "since", "tried_at", "succeeded_at", "next_try_at")
    told = {name: getattr(one, name) for name in names}
    hub = telling_of(one)
    # How much was known already counts messages and people that others may not know of.
    told["counts"] = one.counts if one.seat_id == actor.seat_id else {}
    return {**told, "kind": one.connector, "problem": one.problem_told, "hub": hub.state if hub else None}


def _line(row: dict[str, Any]) -> str:
    last = f"last heard {row['succeeded_at']:%Y-%m-%d %H:%M}" if row["succeeded_at"] else "not heard yet"
    parts = (row["name"], row["kind"], row["account"], row["owner"], row["state"], last, row["problem"])
    return "  ".join(str(part) for part in parts if part)


def _pause(actor: Entrance, arguments: argparse.Namespace) -> Told:
    found = pause_connection(actor=actor, connection=connection_named(actor, arguments.name))
    return _stands(found), [f"{found.name} is paused: nothing is heard until you resume it, and nothing is lost."]


def _resume(actor: Entrance, arguments: argparse.Namespace) -> Told:
    found = connection_named(actor, arguments.name)
    secrets = typed_secrets(connector_of(found.connector), arguments.secret_from)
    if secrets:
        set_connection(actor=actor, connection=found, settings=secrets, name="")
    found = resume_connection(actor=actor, connection=found)
    return _stands(found), [f"Plein listens to {found.name} again, from where it stopped."]


def _remove(actor: Entrance, arguments: argparse.Namespace) -> Told:
    found = connection_named(actor, arguments.name)
    result = {"connection": found.id, "name": found.name, "state": "removed"}
    remove_connection(actor=actor, connection=found)
    words = "is no longer listened to, and its password is forgotten. People, addresses and history stay."
    return result, [f"{found.name} {words}"]


def _stands(found: Connection) -> dict[str, Any]:
    return {"connection": found.id, "name": found.name, "state": found.state}


WHAT: dict[str, Callable[[Entrance, argparse.Namespace], Told]] = {
    "add": _add,
    "test": _test,
    "list": _list,
    "pause": _pause,
    "resume": _resume,
    "remove": _remove,
}
