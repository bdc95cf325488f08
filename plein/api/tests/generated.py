# SPDX-License-Identifier: AGPL-3.0-or-later
"""How requests are generated from the description: with good tokens in turn, and mostly about what there is.

Loaded by schemathesis itself, in a process of its own, which gets the world as JSON in `PLEIN_GENERATED`.
"""

import itertools
import json
import os
from typing import Any
from zlib import crc32

import schemathesis

WORLD: dict[str, Any] = json.loads(os.environ["PLEIN_GENERATED"])
TOKENS = itertools.cycle(WORLD["tokens"])


@schemathesis.auth()
class InTurn:
    """One token would be told to slow down."""

    def get(self, case: Any, context: Any) -> str:
        """The next token."""
        return str(next(TOKENS))

    def set(self, case: Any, data: str, context: Any) -> None:
        """Put it where it belongs."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Three times in four ask for something that is there."""
    if path_parameters and crc32(str(path_parameters).encode()) % 4:
        return {name: WORLD["ids"].get(name, value) for name, value in path_parameters.items()}
    return path_parameters


@schemathesis.hook
def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Fewer fields than the description promises are what was asked for, so nobody asks for them here."""
    return {name: value for name, value in query.items() if name != "fields"} if query else query
