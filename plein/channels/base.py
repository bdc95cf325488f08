# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a channel hands over: messages as plain frozen records that know neither the database nor Django.

These names are the contract between a connector, which reads, and the importer, which stores. A connector yields pairs
``(cursor, Message | Unreadable)``; giving the cursor back to the same connector resumes exactly after that item.
All text is clean for a database: no NUL characters, no lone surrogates.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type Role = Literal["from", "sender", "reply_to", "to", "cc", "bcc"]
type Nature = Literal["personal", "list", "newsletter", "auto_reply", "bounce"]
type MessageKind = Literal["email", "chat", "text", "post", "call", "voicemail", "letter", "note"]
type PointKind = Literal["email", "phone", "handle"]
type EntryKind = Literal["event", "card"]

# Opaque and JSON-able: keep it, hand it back, never look inside.
type Cursor = str


@dataclass(frozen=True, slots=True)
class Address:
    """One name and address as heard in a header, or as a network tells who wrote.

    ``address`` is lower-cased and its domain is in ASCII (IDN domains in their ``xn--`` form), or "" when the header
    held no usable address; ``name`` is the display name, or "" when there was none. Of a ``handle`` it is the name on
    ``network`` (a key of ``plein.relations.networks``, such as "mastodon": "name@host"; "matrix": "@name:host"), of a
    ``phone`` the number in E.164.
    """

    role: Role
    name: str
    address: str
    kind: PointKind = "email"
    network: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentPart:
    """A file that came with a message; its bytes are in the spool directory in a file named by ``sha256``."""

    name: str
    mime: str
    size: int
    sha256: str
    content_id: str
    is_inline: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar event inside a message: ``method`` is REQUEST, CANCEL, REPLY…, in capitals ("" if not given).

    ``starts_at`` and ``ends_at`` are aware moments in UTC. For a whole-day event they are midnight UTC and the end is
    exclusive. A time without a time zone is read as UTC.
    """

    method: str
    uid: str
    sequence: int
    summary: str
    location: str
    description: str
    starts_at: datetime | None
    ends_at: datetime | None
    is_all_day: bool
    organizer: str
    attendees: tuple[str, ...]
    status: str
    #: What each attendee answered, in capitals ("ACCEPTED", "" when nothing is said), in the order of the attendees.
    answers: tuple[str, ...] = ()
    #: Of a series, which one this is about: when it would begin. None for the whole.
    occurrence: datetime | None = None


@dataclass(frozen=True, slots=True)
class BounceReport:
    """Who was not reached, and why, as told by a delivery report; each field is "" when the report does not say."""

    recipient: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message, complete.

    ``external_id`` is the Message-ID without brackets, or ``sha256:<fingerprint>`` when there is none.
    ``fingerprint`` is equal for copies of one message in several folders or mailboxes: a SHA-256 over the sender's
    address, the date, the subject and the body (white space at both ends ignored).
    ``text`` is the plain body, made from ``html`` when the sender sent only that. ``html`` is as received: it must be
    sanitised before it is shown. ``quote_from`` and ``signature_from`` are offsets in ``text`` at which quoted history
    and the signature start (None: there is none). ``subject_key`` is the subject for threading, without reply marks.
    ``position`` and ``folder`` say where in the store the message was; ``mailbox`` names the store.
    ``defects`` are plain sentences about what was wrong and how it was read anyway.
    ``kind`` is what kind of contact it was; ``is_public`` says that it was meant for whoever reads along (a post on a
    square, a message in an open room); ``url`` is where it can be read at its source, ``place`` the room, list, page or
    conversation it stood in, as its people call it.
    """

    external_id: str
    fingerprint: str
    sent_at: datetime | None
    subject: str
    subject_key: str
    text: str
    html: str
    quote_from: int | None
    signature_from: int | None
    addresses: tuple[Address, ...]
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    nature: Nature
    list_id: str
    list_name: str
    bounces: tuple[BounceReport, ...]
    attachments: tuple[AttachmentPart, ...]
    invitations: tuple[Invitation, ...]
    folder: str
    mailbox: str
    position: int
    size: int
    defects: tuple[str, ...]
    kind: MessageKind = "email"
    is_public: bool = False
    url: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """Somebody follows somebody, or is connected with them, on a network.

    ``external_id`` is equal each time the same is heard. ``is_mutual`` is a connection that both agreed to. ``since``
    is None where the network does not say. ``headline`` and ``about`` are what the follower says of themselves,
    ``links`` the addresses on their page; ``organization`` and ``role`` where the network says they work. ``is_over``
    says that it ended.
    """

    external_id: str
    who: Address
    whom: Address
    network: str
    since: datetime | None = None
    is_mutual: bool = False
    headline: str = ""
    about: str = ""
    links: tuple[str, ...] = ()
    is_over: bool = False
    organization: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that its writer changed after we heard it, as it stands now; one we do not have any more stays away."""

    message: Message


@dataclass(frozen=True, slots=True)
class Gone:
    """A message or an entry that its writer, or the network, took away after we heard it."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment of a calendar, or one card of an address book, as it stands elsewhere.

    ``text`` is one iCalendar object with the events of one ``uid``, or one vCard. ``external_id`` is equal each time
    the same is heard, whatever changed in it, and a `Gone` with it says that it is not there any more. ``href`` and
    ``etag`` say where it stands and in which state, for writing it back; both are "" where it can only be read.
    ``collection`` is the calendar or book it stands in, as its owner calls it.
    """

    external_id: str
    kind: EntryKind
    uid: str
    text: str
    collection: str = ""
    href: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """All that stands in a calendar or book now: what was heard of it before and is not named here is gone."""

    collection: str
    external_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something in the store that did not become a message.

    ``reason`` is a plain sentence. The raw bytes are in the spool under ``sha256``; ``sha256`` is "" when they were
    not kept (a file that is no mail, or a message larger than the limit).
    """

    folder: str
    position: int
    reason: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """The light view of a message for a preview: who wrote to whom, when, and what kind of message it is."""

    external_id: str
    sent_at: datetime | None
    subject: str
    addresses: tuple[Address, ...]
    nature: Nature
    list_id: str
    list_name: str
    folder: str
    mailbox: str
    position: int
    size: int


def sender_of(message: Message | Header) -> Address | None:
    """Return who wrote a message: the first usable From address, else the Sender."""
    usable = [a for a in message.addresses if a.address]
    return next((a for a in usable if a.role == "from"), None) or next((a for a in usable if a.role == "sender"), None)
