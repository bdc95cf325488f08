# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of one message: the moment it is to be, before it is written."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from plein.channels.base import Address, Message, sender_of
from plein.channels.connectors.mail.subjects import subject_key
from plein.core.ids import new_id
from plein.moments.intake.book import AddressBook, Entry, key_of_address, stub
from plein.moments.intake.threads import Letter, is_marked
from plein.moments.vocabulary import Direction, Reach
from plein.relations.vocabulary import Source

RECIPIENTS = ("to", "cc", "bcc")
#: From this many recipients on, a message is meant for many.
MANY = 10
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)
_REFERENCES_KEPT = 20

#: What people say to each other in one place: of these what is said close together belongs together.
TALKS = ("chat", "text")

type Part = tuple[str, UUID | None, str, UUID | None, bool]


@dataclass(slots=True)
class Draft:
    """A message on its way to be a moment; `parts` are role, contact point, name, relation, on our side."""

    message: Message
    id: UUID
    at: datetime
    thread: UUID
    parts: dict[tuple[str, UUID | None, str], Part] = field(default_factory=dict)
    organizations: set[UUID] = field(default_factory=set)
    writer: Entry | None = None
    copies: list[Message] = field(default_factory=list)


def draft_of(message: Message, book: AddressBook, at: datetime) -> Draft:
    """The moment that a message is to be; its addresses are in the book."""
    draft = Draft(message, new_id(), at, new_id())
    sender = sender_of(message)
    draft.writer = book.known.get(key_of_address(sender)) if sender else None
    draft.copies.append(message)
    add_parts(draft, message.addresses, book)
    return draft


def add_parts(draft: Draft, addresses: tuple[Address, ...], book: AddressBook) -> None:
    """Add who is named in the headers of a copy, each once per part."""
    for address in addresses:
        entered = key_of_address(address)
        if entered in book.gone:
            draft.parts.setdefault((address.role, None, stub()), (address.role, None, stub(), None, False))
            continue
        entry = book.known.get(entered) if entered else None
        point = entry.point if entry else None
        key = (address.role, point, "" if point else address.name)
        if key in draft.parts:
            continue
        relation = entry.relation if entry else None
        draft.parts[key] = (address.role, point, address.name[:300], relation, bool(entry and entry.is_ours))
        if entry and entry.organization and address.role in ("from", *RECIPIENTS):
            draft.organizations.add(entry.organization)


def recognisable(message: Message) -> Message:
    """The message with the mark by which it is known again: of mail what it says, of all else its identifier.

    A post that was edited is the same post, and the same words said twice in a chat are two messages.
    """
    if message.kind == "email":
        return message
    mark = hashlib.sha256(f"{message.kind}\n{message.external_id}".encode()).hexdigest()
    return replace(message, fingerprint=mark)


def source_of(message: Message) -> str:
    """From where a moment of this message comes."""
    return Source.MAIL if message.kind == "email" else Source.IMPORT


def plausible(sent_at: datetime) -> datetime:
    """A date that every calendar in the world can show."""
    return min(max(sent_at, _EARLIEST), _LATEST)


def direction_of(draft: Draft) -> str:
    """Who sought whom, as seen from our side."""
    if draft.writer is None or not draft.writer.is_ours:
        return Direction.INBOUND
    theirs = any(
        not ours and (point or name == stub())
        for role, point, name, _relation, ours in draft.parts.values()
        if role in RECIPIENTS
    )
    if draft.message.is_public or draft.message.kind == "post":
        # Said on a square, to whoever is there.
        return Direction.OUTBOUND
    return Direction.OUTBOUND if theirs else Direction.INTERNAL


def reach_of(draft: Draft) -> str:
    """Meant for one, or for many."""
    recipients = {point for role, point, *_rest in draft.parts.values() if role in RECIPIENTS}
    is_many = draft.message.nature in ("list", "newsletter") or len(recipients) > MANY
    return Reach.MANY if is_many or draft.message.is_public else Reach.ONE


def key_of(message: Message) -> str:
    """What is equal for the messages of one conversation by their subject, in a chat by its place; else ""."""
    if message.kind in TALKS:
        place = f"{message.mailbox}\n{message.place}"
        return hashlib.sha256(f"talk\n{place}".encode()).hexdigest()[:32] if message.place else ""
    subject = message.subject_key if message.kind == "email" else ""
    if message.nature == "auto_reply" and ":" in message.subject:
        subject = subject_key(message.subject.partition(":")[2]) or subject
    return hashlib.sha256(subject.encode()).hexdigest()[:32] if subject else ""


def references_of(message: Message) -> tuple[str, ...]:
    """The messages this one says it answers: the first and the last ones of a long list."""
    found = tuple(dict.fromkeys((*message.references, *message.in_reply_to)))
    if len(found) > _REFERENCES_KEPT:
        found = (*found[: _REFERENCES_KEPT // 2], *found[-_REFERENCES_KEPT // 2 :])
    return tuple(identifier[:500] for identifier in found)


def letter_of(draft: Draft) -> Letter:
    """The draft as threading sees it."""
    message = draft.message
    references = references_of(message)
    people = frozenset(point for role, point, *_rest in draft.parts.values() if point and role in ("from", *RECIPIENTS))
    return Letter(
        key=key_of(message),
        thread=draft.thread,
        at=draft.at,
        is_marked=is_marked(message.subject) or message.nature == "auto_reply",
        has_references=bool(references),
        writer=draft.writer.point if draft.writer else None,
        is_talk=message.kind in TALKS,
        people=people,
        identifiers=(*{copy.external_id[:500]: None for copy in draft.copies}, *references),
    )
