# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key with which a language model is asked: sealed, and only for the address it was meant for."""

import json

from plein.trust import secret_box

_NAME = "opinions"


def keep_key(address: str, key: str) -> None:
    """Keep a key for this address."""
    secret_box.put(_NAME, json.dumps({"for": address, "key": key}))


def key_for(address: str) -> str:
    """The key for this address, "" when there is none; raises Unopenable."""
    found = json.loads(secret_box.get(_NAME) or "{}")
    return str(found.get("key", "")) if found.get("for") == address else ""


def forget_key() -> None:
    """Forget it."""
    secret_box.discard(_NAME)
