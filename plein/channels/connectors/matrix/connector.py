# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears the rooms that an account on Matrix is in, and answers there."""

import json
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from plein.channels.base import Cursor
from plein.channels.connectors.answers import mapping, objects, parse
from plein.channels.connectors.matrix.events import FEW, Room, heard, is_name
from plein.channels.connectors.matrix.server import Server
from plein.channels.connectors.posts import clean, moment, one_line, server_address
from plein.channels.live import SPEAKING, Glimpse, Heard, Outgoing, Sent, Trouble, Visit
from plein.core.ids import now

#: So far back is read at first, when the owner says nothing else.
_LOOKS_BACK = timedelta(days=90)
#: So long the server is asked to wait for news at once, in seconds.
_WAIT = 30.0
LONGEST = 20_000
#: A server answers the same question from memory for a while (Synapse for two minutes): after a visit that broke off
#: that is not all there is by now. So it is asked on until nothing is new, and so often at most.
_MOST_TURNS = 20


class Settings(BaseModel):
    """Which account, and which of its rooms to hear."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(title="Server", description="For example https://matrix.org", max_length=300)
    token: SecretStr = Field(
        title="Access token",
        description="In Element under Settings, Help and about, Advanced: of a session of its own.",
    )
    folders: tuple[str, ...] = Field(default=(), title="Rooms", description="None chosen: all that are not encrypted")
    colleagues: bool = Field(default=False, title="Colleagues speak too", description=SPEAKING)

    @field_validator("server")
    @classmethod
    def _address(cls, value: str) -> str:
        return server_address(value)


class MatrixConnector:
    """Matrix rooms."""

    key: ClassVar[str] = "matrix"
    label: ClassVar[str] = "Matrix"
    icon: ClassVar[str] = "messages"
    Settings: ClassVar[type[BaseModel]] = Settings
    can_send: ClassVar[bool] = True
    can_wait: ClassVar[bool] = True
    longest: ClassVar[int] = LONGEST
    only_answers: ClassVar[bool] = True

    def look(self, visit: Visit) -> Glimpse:
        """Whose account it is, and how many people there are in each room that can be heard."""
        server = _server(visit)
        me, found = server.me(), server.sync("", limit=1)
        counts = {}
        for number, told in server.joined(found).items():
            room, members = Room(number), mapping(told.get("summary")).get("m.joined_member_count")
            if not _learn(room, told, me):
                counts[room.label] = members if type(members) is int and members >= 0 else 0
        return Glimpse(account=me, counts=counts)

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Heard | None]]:
        """What is new in each room, oldest first."""
        yield from _Hearing(visit).all()

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """Wait until something is new in a room."""
        server, since, until = _server(visit), _places(visit.cursor)[0], monotonic() + most_seconds
        while since and monotonic() < until and not visit.should_stop():
            found = server.sync(since, wait=max(0.0, min(_WAIT, until - monotonic())), limit=1)
            if server.joined(found):
                return True
            since = clean(found.get("next_batch"), 1000)
        return False

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """Answer in the room where it was said; the key makes a second try the first one."""
        room, _slash, number = outgoing.in_reply_to.partition("/")
        if not room.startswith("!") or not number:
            raise Trouble("On Matrix something can only be said in answer to a message.", is_lasting=True)
        if len(outgoing.text) > LONGEST:
            raise Trouble(f"A message on Matrix has at most {LONGEST} characters.", is_lasting=True)
        content: dict[str, Any] = {"msgtype": "m.text", "body": outgoing.text}
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": number}}
        said = _server(visit).say(room, outgoing.key, content)
        return Sent(f"{room}/{said}", f"https://matrix.to/#/{room}/{said}")


class _Hearing:
    """One visit: where the last one ended, and of each room what was heard since, should this visit break off."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.settings = _settings(visit)
        self.server = _server(visit)
        self.since, self.done, self.rooms = _places(visit.cursor)

    def cursor(self) -> Cursor:
        held: dict[str, Any] = {"since": self.since, "rooms": self.rooms}
        if self.done:
            held["done"] = self.done
        return json.dumps(held, separators=(",", ":"), sort_keys=True)

    def all(self) -> Iterator[tuple[Cursor, Heard | None]]:
        me = self.server.me()
        for _turn in range(_MOST_TURNS):
            found = self.server.sync(self.since)
            if self.server.forgot:
                # All is read anew: what is here already is known by what it says.
                self.since, self.done, self.server.forgot = "", {}, False
            joined = self.server.joined(found)
            yield from self._rooms(joined, me)
            if joined and self.visit.should_stop():
                return
            before, self.since, self.done = self.since, clean(found.get("next_batch"), 1000), {}
            if not joined or self.since == before:
                break
        if self.cursor() != self.visit.cursor:
            yield self.cursor(), None

    def _rooms(self, joined: dict[str, dict[str, Any]], me: str) -> Iterator[tuple[Cursor, Heard | None]]:
        for number, told in joined.items():
            name, *others = self.rooms.get(number, [""])
            room = Room(number, name, tuple(others))
            is_closed = _learn(room, told, me)
            self.rooms[number] = [room.name, *room.others]
            if not is_closed and self._is_chosen(room):
                yield from self._room(room, mapping(told.get("timeline")))
            if self.visit.should_stop():
                return

    def _is_chosen(self, room: Room) -> bool:
        """Whether it is to be heard: a room is known by its identifier, whatever it is called now."""
        chosen = {one.rpartition(" ")[2] for one in self.settings.folders}
        return not chosen or room.id in chosen

    def _room(self, room: Room, timeline: dict[str, Any]) -> Iterator[tuple[Cursor, Heard | None]]:
        events = self._events(room, timeline)
        last = self.done.get(room.id, "")
        numbers = [clean(one.get("event_id"), 300) for one in events]
        start = numbers.index(last) + 1 if last in numbers else 0
        for number, event in zip(numbers[start:], events[start:], strict=True):
            if self.visit.should_stop():
                return
            self.done[room.id] = number
            yield self.cursor(), heard(event, room, self.server.host)

    def _events(self, room: Room, timeline: dict[str, Any]) -> list[dict[str, Any]]:
        """What was said since the last visit, oldest first; at first, from when on the owner wants to hear."""
        begin = None if self.since else (self.visit.since or now() - _LOOKS_BACK)
        found = objects(timeline.get("events"))
        start = clean(timeline.get("prev_batch"), 1000)
        if start and (begin is not None or timeline.get("limited") is True):
            for page in self.server.before(room.id, start, self.since):
                found = [*reversed(page), *found]
                if begin is not None and any((at := _at(one)) is not None and at < begin for one in page):
                    break
        once = {clean(one.get("event_id"), 300): one for one in found}
        _name(room, found)
        return [one for number, one in once.items() if number and (begin is None or (_at(one) or begin) >= begin)]


def _at(event: dict[str, Any]) -> Any:
    return moment(event.get("origin_server_ts"))


def _learn(room: Room, told: dict[str, Any], me: str) -> bool:
    """Know what a room is called and who is in it; whether it is encrypted, so that nothing can be heard there."""
    timeline = objects(mapping(told.get("timeline")).get("events"))
    state = [*objects(mapping(told.get("state")).get("events")), *(one for one in timeline if "state_key" in one)]
    _name(room, state)
    summary = mapping(told.get("summary"))
    heroes, members = summary.get("m.heroes"), summary.get("m.joined_member_count")
    if isinstance(heroes, list):
        others = [one for one in heroes if is_name(one) and one != me]
        is_small = type(members) is not int or members <= FEW
        room.others = tuple(others[:FEW]) if is_small else ()
        if not room.name:
            room.name = ", ".join(room.names.get(one, one) for one in others[:3])
    return any(one.get("type") == "m.room.encryption" for one in state)


def _name(room: Room, events: list[dict[str, Any]]) -> None:
    """Take over names of people and of the room from what says them."""
    for one in events:
        content = mapping(one.get("content"))
        if one.get("type") == "m.room.member" and is_name(one.get("state_key")):
            shown = one_line(content.get("displayname"), 200)
            room.names[one["state_key"]] = shown or one["state_key"]
        elif one.get("type") == "m.room.name" and one_line(content.get("name")):
            room.name = one_line(content.get("name"), 200)
        elif one.get("type") == "m.room.canonical_alias" and not room.name:
            room.name = one_line(content.get("alias"), 200)


def _places(cursor: Cursor) -> tuple[str, dict[str, str], dict[str, list[str]]]:
    """Where the last visit ended, what it heard of each room when it broke off, and what rooms are called."""
    try:
        held = mapping(parse(cursor or "{}"))
    except ValueError:
        held = {}
    done = {name: clean(one, 300) for name, one in mapping(held.get("done")).items() if isinstance(one, str)}
    rooms = {
        name: [clean(part, 500) for part in one]
        for name, one in mapping(held.get("rooms")).items()
        if isinstance(one, list) and one
    }
    return clean(held.get("since"), 1000), done, rooms


def _settings(visit: Visit) -> Settings:
    assert isinstance(visit.settings, Settings)
    return visit.settings


def _server(visit: Visit) -> Server:
    settings = _settings(visit)
    return Server(settings.server, settings.token.get_secret_value(), visit.net)
