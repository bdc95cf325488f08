# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein keys`: the keys outside the database, and sealing everything with a fresh one."""

import argparse
import time

from plein.cli.speech import CommandTrouble, hand_over, say, tell
from plein.core.audit import audit_apart
from plein.operate import keyring
from plein.operate.places import places
from plein.trust.resealing import Resealed, reseal_everything

HELP = "show the keys that seal secrets, or take a fresh one"
needs_database = True
#: What is written while everything is sealed anew is sealed with the newest key; twice is once more than needed.
ROUNDS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["show", "rotate"], help="show: how many there are; rotate: take a fresh one")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    return _show(arguments.json) if arguments.act == "show" else _rotate(arguments.json)


def _counts() -> dict[str, int | bool]:
    keys = keyring.ring()
    states = [key.state for key in keys]
    return {
        "keys": len(keys),
        "retired": states.count(keyring.RETIRED),
        "rotating": keyring.OLD in states,
        "elsewhere": keyring.elsewhere(),
    }


def _show(as_json: bool) -> int:
    facts = _counts()
    if as_json:
        hand_over(facts)
        return 0
    tell(f"{facts['keys']} keys, {facts['retired']} of them retired.")
    if facts["rotating"]:
        tell("A rotation began and did not end: type `plein keys rotate` again.")
    return 0


def _rotate(as_json: bool) -> int:
    begin = time.monotonic()
    with keyring.one_at_a_time():
        was_rotating = keyring.is_rotating()
        if keyring.elsewhere():
            say("The keys are kept elsewhere: sealing everything with the first of them.")
        elif was_rotating:
            say("Going on with the rotation that did not end.")
        else:
            keyring.add_key()
            say("A fresh key is first now; what the one before sealed is sealed anew.")
        done = _reseal()
        retired = 0 if keyring.elsewhere() else keyring.retire_old()
    audit_apart("rotate_keys", door="cli", kind="log", resealed=done.anew)
    facts = {
        "resealed": done.anew,
        "already": done.already,
        "unopenable": done.unopenable,
        "retired": retired,
        "went_on": was_rotating,
        "seconds": round(time.monotonic() - begin, 1),
    }
    if as_json:
        hand_over(facts)
        return 0
    tell(f"{done.anew} secrets are sealed with the newest key now.")
    if done.unopenable:
        say(f"{done.unopenable} could be opened by no key here; whoever made them enters them again.")
    if not keyring.elsewhere():
        say(f"Keep a copy of {places().secret_key} in another safe place, all lines of it.")
    say("Start Plein again when it suits you: from then on the fresh key signs, too.")
    return 0


def _reseal() -> Resealed:
    whole = Resealed()
    for _round in range(ROUNDS):
        done = reseal_everything()
        whole.anew, whole.already, whole.unopenable = whole.anew + done.anew, done.already, done.unopenable
        if not done.anew:
            whole.already -= whole.anew
            return whole
    raise CommandTrouble("Something keeps sealing with an older key. Start Plein again, then type the same again.")
