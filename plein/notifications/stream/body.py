# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one stream says: how much is unread, and what came in, as its seat may see it at that moment."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from django.utils import timezone, translation

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.streams import at_the_desk
from plein.notifications.queries.lines import lines_of, mine, newest, unread_count
from plein.notifications.queries.preferences import preference_of, quiet_until
from plein.notifications.stream.hub import Stream, hub
from plein.notifications.stream.passes import Pass, good
from plein.notifications.stream.watched import marks_of
from plein.notifications.wording import shown, unread_words
from plein.trust.models import User
from plein.trust.seats import Entrance, NoSeat, entered
from plein.trust.zones import zone_of

HEARTBEAT_SECONDS = 20
#: Things that come in one after another are looked at together.
TOGETHER_SECONDS = 0.1
RETRY_MILLISECONDS = 2000
#: A row may be written a moment before it can be seen: this far back it is looked for once more.
LATENESS = timedelta(seconds=10)
MOST_AT_ONCE = 5
MOST_RESUMED = timedelta(hours=1)


@dataclass(slots=True)
class Told:
    """What a stream said already."""

    since: datetime
    ids: set[UUID] = field(default_factory=set)
    state: str = ""
    marks: dict[str, str] = field(default_factory=dict)


def resumed(last_event_id: str) -> datetime:
    """From when on to tell what came in: where the page left off, or now."""
    try:
        since = datetime.fromisoformat(last_event_id)
    except ValueError:
        return now()
    return max(since, now() - MOST_RESUMED) if since.tzinfo is not None and since <= now() else now()


async def said(stream: Stream, last_event_id: str = "") -> AsyncIterator[bytes]:
    """The bytes of a stream, for as long as its seat, its session and the server last."""
    told = Told(resumed(last_event_id))
    hub.add(stream)
    try:
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        while not stream.is_over:
            stream.woken.clear()
            piece = await _look(stream, told)
            if piece is None:
                stream.end()
                break
            if piece:
                yield piece
            while not stream.woken.is_set():
                if not await _woken(stream):
                    yield b": still here\n\n"
            await asyncio.sleep(TOGETHER_SECONDS)
        if not stream.is_stopping:
            # The page must not come back by itself: it would not be let in.
            yield b"event: end\ndata: {}\n\n"
    finally:
        hub.remove(stream)


async def _woken(stream: Stream) -> bool:
    try:
        await asyncio.wait_for(stream.woken.wait(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return False
    return True


async def _look(stream: Stream, told: Told) -> bytes | None:
    """What there is to say now; None when the stream is no longer allowed."""
    try:
        return await at_the_desk(look, stream.holder, told)
    except (DatabaseError, InterfaceError):
        # It is away; when it is back, everybody is woken.
        return b""


def look(holder: Pass, told: Told) -> bytes | None:
    """Look as the seat of the stream, in a transaction of its own."""
    if holder not in good([holder]):
        return None
    with no_workspace("whose stream it is"):
        user = User.objects.get(id=holder.user_id)
    try:
        with (
            entered(user, holder.workspace_id, door="stream") as actor,
            translation.override(user.language),
            timezone.override(zone_of(user)),
        ):
            return _piece(actor, told) + _moved(actor, told)
    except NoSeat:
        return None


def _moved(actor: Entrance, told: Told) -> bytes:
    """By name what else an open page shows and what is not as it was when the stream looked before."""
    marks = marks_of(actor)
    moved = [name for name, mark in marks.items() if told.marks.get(name, mark) != mark]
    told.marks = marks
    return b"".join(f"event: {name}\ndata: {{}}\n\n".encode() for name in moved)


def _piece(actor: Entrance, told: Told) -> bytes:
    preference = preference_of(actor.seat_id)
    rows = [
        row for row in newest(actor.seat_id, preference, after=told.since - LATENESS)[:50] if row.id not in told.ids
    ]
    # Counted last: what comes in between is counted now and told at the next waking.
    unread = unread_count(actor.seat_id, preference)
    fresh = [row for row in rows if row.at > told.since or told.ids or told.state]
    told.ids |= {row.id for row in rows}
    told.since = max([told.since, *(row.at for row in rows)])
    is_quiet = preference.is_paused or quiet_until(preference, zone_of(actor.user), now()) is not None
    news: list[dict[str, Any]] = []
    if fresh and not is_quiet:
        lines = lines_of(
            mine(actor.seat_id, preference), list(dict.fromkeys(row.line for row in fresh))[-MOST_AT_ONCE:]
        )
        news = [{"line": str(one.id), "text": one.sentence, "href": one.href} for one in map(shown, lines)]
    state = json.dumps({"unread": unread, "words": unread_words(unread)})
    if state == told.state and not news:
        return b""
    told.state = state
    data = json.dumps({**json.loads(state), "fresh": news})
    return f"id: {told.since.isoformat()}\ndata: {data}\n\n".encode()
