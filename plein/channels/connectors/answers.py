# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads what the programs of networks answer: JSON of the right shape, or trouble in a plain sentence.

Connectors know no Django, so their sentences are plain English.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from plein.channels.live import Reply, Trouble


def parse(body: bytes | str) -> Any:
    """The value of a JSON text; raises ValueError for everything else, however it was made."""
    text = body.decode("utf-8-sig", "replace") if isinstance(body, bytes) else body
    try:
        return json.loads(text)
    except RecursionError as trouble:
        raise ValueError("too deep") from trouble


def read(reply: Reply) -> Any:
    """The JSON of an answer that went well; raises Trouble for refusals, failures and garbage."""
    refuse(reply)
    try:
        return parse(reply.body)
    except ValueError as trouble:
        raise Trouble(f"What {host(reply)} answered is not what it should be.") from trouble


def refuse(reply: Reply) -> None:
    """Raise Trouble when an answer says that it did not go well."""
    name = host(reply)
    if reply.status == 401:
        raise Trouble(f"{name} does not let us in: give the password or token again.", is_lasting=True)
    if reply.status == 403:
        raise Trouble(f"{name} does not allow this with the password or token that was given.", is_lasting=True)
    if reply.status == 404:
        raise Trouble(f"{name} does not know what was asked for: look whether the address is right.")
    if not 200 <= reply.status < 300:
        raise Trouble(f"{name} could not answer ({reply.status}).")


def mapping(value: Any) -> dict[str, Any]:
    """An object, or an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, without what is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def wanted_list(reply: Reply) -> list[dict[str, Any]]:
    """The objects of an answer that has to be a list."""
    value = read(reply)
    if not isinstance(value, list):
        raise Trouble(f"What {host(reply)} answered is not what it should be.")
    return objects(value)


def wanted_object(reply: Reply) -> dict[str, Any]:
    """An answer that has to be an object."""
    value = read(reply)
    if not isinstance(value, dict):
        raise Trouble(f"What {host(reply)} answered is not what it should be.")
    return value


def links(header: str) -> Iterator[tuple[str, str]]:
    """The relations and addresses of a Link header."""
    for piece in header[:20_000].split("<")[1:]:
        target, _, parameters = piece.partition(">")
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip().partition("=")
            if name.strip().lower() == "rel":
                for rel in value.strip(' ",').split():
                    yield rel.lower(), target.strip()


def host(reply: Reply) -> str:
    """The machine that answered."""
    return urlsplit(reply.url).hostname or "The other side"
