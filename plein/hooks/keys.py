# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secrets with which messages to a program are signed: the present one, and for a day the one before."""

import json
from datetime import datetime, timedelta
from typing import Any

from plein.core.ids import now
from plein.hooks.models import OutHook
from plein.hooks.signing import new_secret
from plein.trust import secret_box

#: So long both secrets sign, so that the other side can change over without losing anything.
BOTH = timedelta(days=1)


def _name(hook: OutHook) -> str:
    return f"webhook out {hook.id}"


def make_secret(hook: OutHook) -> str:
    """A fresh secret; the one before signs beside it for a day. It is shown once."""
    fresh = new_secret()
    before = _kept(hook)
    old = {"secret": before["secret"], "until": (now() + BOTH).isoformat()} if before else None
    secret_box.put(_name(hook), json.dumps({"secret": fresh, "old": old}))
    return fresh


def secrets_of(hook: OutHook) -> tuple[str, ...]:
    """The secrets that sign now, the newest first."""
    kept = _kept(hook)
    old = kept.get("old")
    if old and datetime.fromisoformat(old["until"]) > now():
        return kept["secret"], old["secret"]
    return (kept["secret"],) if kept else ()


def forget_secret(hook: OutHook) -> None:
    """Forget them."""
    secret_box.discard(_name(hook))


def _kept(hook: OutHook) -> dict[str, Any]:
    found = secret_box.get(_name(hook))
    return dict(json.loads(found)) if found else {}
