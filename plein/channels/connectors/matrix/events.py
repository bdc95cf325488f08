# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes messages of events in rooms: what was said, what was said anew, and what was taken back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from plein.channels.base import Address, Edited, Gone, Message, Role
from plein.channels.connectors.answers import mapping
from plein.channels.connectors.posts import Post, clean, message_of, moment, one_line

NETWORK = "matrix"
#: In a room of more people than this, who else is in it is not told of each message.
FEW = 8
_NAME = re.compile(r"@[^\s:/]{1,250}:[^\s/]{1,250}\Z")
_REPLY = re.compile(r"<mx-reply>.{0,20000}?</mx-reply>", re.DOTALL)
#: What stands for a file that we do not fetch.
_FILES = frozenset({"m.image", "m.file", "m.audio", "m.video"})


@dataclass(slots=True)
class Room:
    """A room as far as we know it: its name, who else is in it while they are few, and how people call them."""

    id: str
    name: str = ""
    others: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What stands where one chooses rooms; the identifier, for names are not unique."""
        return f"{self.name} {self.id}".strip()

    def address(self, name: str, role: Role) -> Address:
        """Somebody in the room."""
        return Address(role, one_line(self.names.get(name), 200), name.lower(), "handle", NETWORK)


def is_name(value: object) -> bool:
    """Whether something is the name of somebody on the network."""
    return isinstance(value, str) and _NAME.match(value) is not None


def heard(event: Mapping[str, Any], room: Room, server: str) -> Message | Edited | Gone | None:
    """What an event is; None for what says nothing, such as who came and went."""
    kind, content = event.get("type"), mapping(event.get("content"))
    if kind == "m.room.redaction":
        gone = clean(event.get("redacts") or content.get("redacts"), 300)
        return Gone(f"{room.id}/{gone}") if gone else None
    if kind != "m.room.message" or not is_name(event.get("sender")) or not clean(event.get("event_id")):
        return None
    relation = mapping(content.get("m.relates_to"))
    if relation.get("rel_type") == "m.replace":
        edited = clean(relation.get("event_id"), 300)
        found = _message(event, mapping(content.get("m.new_content")), edited, room, server)
        return Edited(found) if found and edited else None
    return _message(event, content, clean(event.get("event_id"), 300), room, server)


def _message(event: Mapping[str, Any], content: dict[str, Any], number: str, room: Room, server: str) -> Message | None:
    relation = mapping(content.get("m.relates_to"))
    answers = clean(mapping(relation.get("m.in_reply_to")).get("event_id"), 300)
    root = clean(relation.get("event_id"), 300) if relation.get("rel_type") == "m.thread" else ""
    text, html = _text(content, is_answer=bool(answers)), ""
    if content.get("format") == "org.matrix.custom.html":
        html = _REPLY.sub("", clean(content.get("formatted_body")))
    if not text.strip():
        return None
    sender = clean(event.get("sender"), 500)
    return message_of(
        Post(
            external_id=f"{room.id}/{number}",
            author=room.address(sender, "from"),
            to=tuple(room.address(one, "to") for one in room.others if one != sender),
            sent_at=moment(event.get("origin_server_ts")),
            text=text,
            html=html,
            in_reply_to=f"{room.id}/{answers}" if answers else "",
            root=f"{room.id}/{root}" if root else "",
            kind="chat",
            is_public=False,
            url=f"https://matrix.to/#/{quote(room.id, safe='!:')}/{quote(number, safe='$')}",
            place=room.name or room.id,
            folder=room.label,
            mailbox=server,
        )
    )


def _text(content: dict[str, Any], *, is_answer: bool) -> str:
    """What it says, without the words it answers, which programs put above it."""
    body, kind = clean(content.get("body")), clean(content.get("msgtype"))
    if is_answer and body.startswith("> <"):
        body = "\n".join(_below_quote(body.split("\n")))
    if kind == "m.emote":
        return f"* {body}"
    if kind in _FILES:
        name = one_line(content.get("filename")) or one_line(body)
        return f"[{name}]" if name == one_line(body) else f"{body}\n[{name}]"
    return body


def _below_quote(lines: list[str]) -> list[str]:
    start = next((place for place, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return lines[start + 1 :] if start < len(lines) and not lines[start].strip() else lines[start:]
