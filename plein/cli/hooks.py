# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein hooks …`: addresses at which other programs tell us of contact."""

import argparse
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from plein.channels.models import Policy
from plein.cli.connections import add_whose, taken
from plein.cli.people import audience_named
from plein.cli.speech import CommandTrouble, hand_over, tell
from plein.hooks.actions import HookFacts, add_hook, point_at, remove_hook
from plein.hooks.models import Hook
from plein.hooks.queries import addresses_of, hooks
from plein.hooks.refusals import CannotHook
from plein.hooks.vocabulary import Place, Preset, Signing
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

HELP = "addresses at which other programs tell of contact"
needs_database = True

type Told = tuple[dict[str, Any], list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    add = _command(kinds, "add", "make an address; it and its secret are shown once")
    add.add_argument("name", metavar="NAME", help="how you call it")
    add.add_argument("--kind", choices=Preset.values, default=Preset.TELEPHONE.value, help="which program calls")
    add.add_argument(
        "--signing",
        choices=Signing.values,
        default=Signing.STANDARD.value,
        help="how it signs: Standard Webhooks (default), as GitHub does, or not at all",
    )
    add.add_argument("--policy", choices=Policy.values, default=Policy.NOBODY.value, help="who becomes a person")
    add.add_argument("--circle", default="everyone", metavar="WHO", help="who sees what comes in; default: everyone")
    add.add_argument("--secret-from", default="", metavar="FILE", help="the file with the secret that the program gave")
    add.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="WORD=POINTER",
        help=f"where in a call a word of ours is, as a JSON pointer; may be repeated: {', '.join(Place.values)}",
    )
    _command(kinds, "list", "which addresses there are, and how it goes")
    remove = _command(kinds, "remove", "take an address away for good; what it brought in stays")
    remove.add_argument("name", metavar="NAME", help="the name or the id of a hook")


def _command(kinds: Any, name: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = kinds.add_parser(name, help=words, description=words)
    add_whose(made)
    return made


def run(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with taken(arguments) as actor:
        permit(actor, "manage")
        try:
            result, lines = WHAT[arguments.what](actor, arguments)
        except CannotHook as refusal:
            raise CommandTrouble(str(refusal)) from refusal
    if arguments.json:
        hand_over({**result, "seconds": round(time.monotonic() - began, 2)})
    else:
        for line in lines:
            tell(line)
    return 0


def _add(actor: Entrance, arguments: argparse.Namespace) -> Told:
    if any(one.name == arguments.name for one in hooks()):
        raise CommandTrouble(f"There is a hook called {arguments.name} already. Give another name.")
    facts = HookFacts(
        name=arguments.name,
        preset=arguments.kind,
        signing=arguments.signing,
        policy=arguments.policy,
        circle=audience_named(arguments.circle),
        secret=_secret(arguments.secret_from),
    )
    opened = add_hook(actor=actor, facts=facts)
    if arguments.map:
        point_at(actor=actor, hook=opened.hook, mapping=dict(map(_pointed, arguments.map)))
    address = settings.PLEIN_URL.rstrip("/") + reverse("hooks:receive", args=[opened.path])
    lines = [f"address: {address}", *([f"secret:  {opened.secret}"] if opened.secret else [])]
    result = {"hook": opened.hook.id, "name": opened.hook.name, "address": address, "secret": opened.secret}
    return result, [*lines, "Write these down in the other program: they are not shown again."]


def _secret(path: str) -> str:
    try:
        return Path(path).read_text().strip() if path else ""
    except (OSError, UnicodeDecodeError) as trouble:
        raise CommandTrouble(f"{path} cannot be read.") from trouble


def _pointed(text: str) -> tuple[str, str]:
    place, _sign, pointer = text.partition("=")
    if place not in Place.values or not pointer.startswith("/"):
        raise CommandTrouble(f"--map wants WORD=POINTER, such as phone=/call/from; {text} is none.")
    return place, pointer


def _list(actor: Entrance, arguments: argparse.Namespace) -> Told:
    del actor, arguments
    found = hooks()
    addresses = addresses_of(found)
    shown = [
        {
            "id": one.id,
            "name": one.name,
            "kind": one.preset,
            "signing": one.signing,
            "policy": one.policy,
            "is_open": one.is_open,
            "is_ready": one.is_ready,
            "counts": one.counts,
            "turned_away": addresses[one.id].wrong if one.id in addresses else 0,
            "last_at": one.last_at,
        }
        for one in found
    ]
    lines = [f"{one.name}: {one.preset}, {'open' if one.is_open else 'rests'}, {one.counts}" for one in found]
    return {"hooks": shown}, lines or ["No program calls yet."]


def _remove(actor: Entrance, arguments: argparse.Namespace) -> Told:
    hook = _named(arguments.name)
    remove_hook(actor=actor, hook=hook)
    return {"hook": hook.id, "name": hook.name}, [f"{hook.name} is gone. What it brought in stays."]


def _named(words: str) -> Hook:
    found = [one for one in hooks() if words in (one.name, str(one.id))]
    if len(found) != 1:
        raise CommandTrouble(f"There is no hook called {words}. `plein hooks list` names those there are.")
    return found[0]


WHAT = {"add": _add, "list": _list, "remove": _remove}
