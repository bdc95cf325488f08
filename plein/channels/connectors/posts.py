# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes messages of posts and chats, as networks tell them: clean text, a stable identity, moments in UTC."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from plein.channels.base import Address, Message, MessageKind
from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.mail.subjects import subject_key

#: More than this is no post.
LONGEST = 200_000
_BAD = re.compile("[\x00\ud800-\udfff]")
_SERVER = re.compile(r"https?://(?:[^\s/?#@:\[\]]{1,253}|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?\Z")
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """What a network tells about one post, before it is a message; `html` or `text` is what it says."""

    external_id: str
    author: Address
    sent_at: datetime | None
    text: str = ""
    html: str = ""
    subject: str = ""
    to: tuple[Address, ...] = ()
    in_reply_to: str = ""
    root: str = ""
    kind: MessageKind = "post"
    is_public: bool = True
    url: str = ""
    place: str = ""
    folder: str = ""
    mailbox: str = ""
    list_id: str = ""


def clean(value: object, at_most: int = LONGEST) -> str:
    """Text as a database takes it: what is no text becomes "", NUL and halves of characters go."""
    return _BAD.sub("", value[:at_most]) if isinstance(value, str) else ""


def one_line(value: object, at_most: int = 300) -> str:
    """Clean text on one line."""
    return " ".join(clean(value, at_most * 4).split())[:at_most]


def web_address(value: object) -> str:
    """An address on the web that one may click, or ""."""
    text = clean(value, 2000).strip()
    return text if text.startswith(("https://", "http://")) and not any(c <= " " for c in text) else ""


def server_address(value: str) -> str:
    """The address of a server, from what somebody typed; raises ValueError for what is none."""
    text = value.strip().rstrip("/")
    text = text if "://" in text else f"https://{text}"
    if not _SERVER.match(text):
        raise ValueError(f"{value!r} is no address of a server")
    return text


def moment(value: object) -> datetime | None:
    """An aware moment in UTC of an ISO 8601 text or milliseconds since 1970; None for what is none."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip()[:40])
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        elif isinstance(value, int) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value / 1000, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if _EARLIEST <= found < _LATEST else None


def message_of(post: Post) -> Message:
    """The message that a post is."""
    html = clean(post.html)
    text = clean(post.text) or html_to_text(html, LONGEST)
    subject = one_line(post.subject, 500)
    said = "\n".join((post.author.address, post.sent_at.isoformat() if post.sent_at else "", subject, text.strip()))
    before = tuple(dict.fromkeys(one for one in (post.root, post.in_reply_to) if one))
    return Message(
        external_id=clean(post.external_id, 1000),
        fingerprint=hashlib.sha256(said.encode()).hexdigest(),
        sent_at=post.sent_at,
        subject=subject,
        subject_key=subject_key(subject),
        text=text,
        html=html,
        quote_from=None,
        signature_from=None,
        addresses=(post.author, *(one for one in post.to if one.address != post.author.address)),
        in_reply_to=(post.in_reply_to,) if post.in_reply_to else (),
        references=before,
        nature="personal",
        list_id=post.list_id,
        list_name="",
        bounces=(),
        attachments=(),
        invitations=(),
        folder=one_line(post.folder),
        mailbox=one_line(post.mailbox),
        position=0,
        size=len(text),
        defects=(),
        kind=post.kind,
        is_public=post.is_public,
        url=web_address(post.url),
        place=one_line(post.place),
    )
