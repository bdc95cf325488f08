# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells that somebody calls, while it rings."""

from collections.abc import Iterable
from datetime import timedelta

from plein.core.events import publish
from plein.core.ids import now
from plein.hooks.events import CallRings
from plein.hooks.mapping import Reading
from plein.hooks.models import Delivery, Hook

#: What came in before that rings no more.
JUST_NOW = timedelta(minutes=2)


def ring_for(hook: Hook, calls: Iterable[tuple[Delivery, Reading]]) -> None:
    """Tell of those that ring and come from outside: what we call ourselves, we know."""
    for one, reading in calls:
        theirs = reading.message.addresses[0]
        is_by_us = reading.ours is not None and theirs.address == reading.ours.address
        is_fresh = one.received_at > now() - JUST_NOW
        if reading.rings and is_fresh and theirs.kind == "phone" and not is_by_us:
            called = (reading.ours.address or reading.ours.name) if reading.ours is not None else ""
            publish(CallRings(one.id, theirs.address, called, hook.circle_id))
