# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of a connector as they are typed: plain ones as words, secrets only from a file or what is typed in."""

import getpass
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_origin

from plein.channels.connecting import KEPT_APART, secret_fields
from plein.channels.live import Connector
from plein.cli.speech import CommandTrouble


def names_of(connector: Connector) -> tuple[list[str], list[str]]:
    """The plain settings of a connector, and its secrets, in the order of its form."""
    secret = secret_fields(connector)
    fields = [one for one in connector.Settings.model_fields if one not in KEPT_APART]
    return [one for one in fields if one not in secret], [one for one in fields if one in secret]


def typed_settings(connector: Connector, pairs: Iterable[str], sources: Iterable[str]) -> dict[str, Any]:
    """What was given with --set and --secret-from; what is wrong with it is said without saying a value."""
    values = _plain(connector, pairs) | typed_secrets(connector, sources)
    secrets = names_of(connector)[1]
    if secrets and not any(one in values for one in secrets):
        title = connector.Settings.model_fields[secrets[0]].title or secrets[0]
        raise CommandTrouble(
            f"{connector.label} wants a secret ({title}): give it with --secret-from FILE, or with - to type it."
        )
    return values


def typed_secrets(connector: Connector, sources: Iterable[str]) -> dict[str, str]:
    """The secrets that were given: each from a file, or from standard input; without a name it is the first one."""
    known = names_of(connector)[1]
    values: dict[str, str] = {}
    for source in sources:
        name, _sign, rest = source.partition("=")
        field, place = (name, rest) if name in known and rest else (known[0] if known else "", source)
        if not field:
            raise CommandTrouble(f"{connector.label} has no secret: leave --secret-from out.")
        values[field] = _read(place)
    return values


def _plain(connector: Connector, pairs: Iterable[str]) -> dict[str, Any]:
    plain, secret = names_of(connector)
    values: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise CommandTrouble(f"--set wants FIELD=VALUE, and FIELD is one of {', '.join(plain)}.")
        if name in secret:
            raise CommandTrouble(
                f"{name} is a secret: on the command line others could read it. Give --secret-from {name}=FILE."
            )
        if name not in plain:
            raise CommandTrouble(f"{connector.label} has no setting {name}; it has {', '.join(plain)}.")
        if get_origin(connector.Settings.model_fields[name].annotation) is tuple:
            several = tuple(one.strip() for one in value.split(",") if one.strip())
            values[name] = (*values.get(name, ()), *several)
        else:
            values[name] = value
    return values


def _read(place: str) -> str:
    if place == "-":
        # Nothing that is typed shows on the screen.
        text = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.read()
    else:
        try:
            text = Path(place).read_text(encoding="utf-8")
        except (OSError, ValueError) as trouble:
            raise CommandTrouble(f"There is no secret to read at {place}.") from trouble
    secret = text.strip("\r\n")
    if not secret:
        raise CommandTrouble("The secret is empty.")
    return secret
