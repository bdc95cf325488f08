# SPDX-License-Identifier: AGPL-3.0-or-later
"""Events: plain facts in the past tense that an action publishes and that other domains react to by jobs.

`plein/subscriptions.py` says which jobs follow which event. A job is deferred on the connection of the action, so it
exists exactly when what the action wrote exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plein.core.isolation import current

type Reaction = Callable[..., None]
_reactions: dict[type["Event"], list[Reaction]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; fields are ids and plain data."""


def subscribe(event: type[Event], *reactions: Reaction) -> None:
    """Name the reactions to an event. Only `plein/subscriptions.py` calls this."""
    _reactions.setdefault(event, []).extend(reactions)


def publish(event: Event) -> None:
    """Tell that something happened; each reaction enqueues its job in the running transaction."""
    for reaction in _reactions.get(type(event), []):
        reaction(event)


def job_context() -> dict[str, Any]:
    """For whom a job is to run: put into its arguments, so that the worker enters the same context."""
    context = current()
    return {"workspace": context.workspace_id, "user": str(context.user_id) if context.user_id else None}
