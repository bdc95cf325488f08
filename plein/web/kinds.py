# SPDX-License-Identifier: AGPL-3.0-or-later
"""How each kind of contact moment looks: its icon and its chalk."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KindLook:
    """The icon and the chalk family of one kind."""

    icon: str
    tone: str


LOOKS = {
    "visit": KindLook("map-pin", "yellow"),
    "meeting": KindLook("calendar-event", "yellow"),
    "appointment": KindLook("calendar-event", "yellow"),
    "call": KindLook("phone", "mint"),
    "voicemail": KindLook("record-mail", "mint"),
    "letter": KindLook("mailbox", "orange"),
    "email": KindLook("mail", "grey"),
    "text": KindLook("device-mobile-message", "blue"),
    "chat": KindLook("message-circle", "blue"),
    "social": KindLook("messages", "blue"),
    "note": KindLook("notes", "lilac"),
    "todo": KindLook("checkbox", "mint"),
}
ALIASES = {
    "phone": "call",
    "phone_call": "call",
    "mail": "email",
    "e-mail": "email",
    "text_message": "text",
    "sms": "text",
    "social_post": "social",
    "to_do": "todo",
    "action": "todo",
}
UNKNOWN = KindLook("message", "grey")


def look_of(kind: str) -> KindLook:
    """Find the look of a kind by any of the names it goes by."""
    key = str(kind).lower()
    return LOOKS.get(ALIASES.get(key, key), UNKNOWN)
