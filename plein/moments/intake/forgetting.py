# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail that comes in again of people who were erased: what of it may still be kept.

Their addresses are known by keyed hashes only, so each address and number in a text is hashed to see whether it is one.
Mail from before somebody was erased is treated as the erasure treated it. What they write later is new: it comes in.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from plein.channels.base import Invitation, Message
from plein.core.ids import new_id
from plein.core.isolation import workspace_id
from plein.moments.intake.book import AddressBook, key_of_address, stub
from plein.moments.intake.rows import fetch
from plein.relations.actions.contact_points import home_country
from plein.relations.contact import ContactError, email, phone
from plein.relations.digests import digests_of
from plein.relations.names import parse_name
from plein.relations.queries.erased import all_erased

_EMAIL = re.compile(r"[\w.!#$&'*+/=?^`{|}~-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w@.])(?:\+|00)?\d(?:[ ()./-]{0,3}\d){7,14}(?!\w)")
#: So much of a message that could not be read is looked through.
_LOOKED_THROUGH = 4 * 1024 * 1024
#: What an erasure left of contact with somebody alone, and what was left of it by an earlier import.
_LEFT = """
    SELECT m.occurred_at FROM moments_moment m
     WHERE m.workspace_id = %s AND (m.kind = 'email' OR m.source <> 'hand') AND m.fingerprint = ''
       AND m.occurred_at = ANY(%s) AND m.circle_id = ANY(%s)
"""


@dataclass(slots=True)
class Forgetting:
    """What is known of who was erased, for one batch; without anybody it leaves everything as it is."""

    book: AddressBook
    known: dict[str, datetime] = field(default_factory=all_erased)
    _country: str = ""
    _asked: dict[tuple[str, str], bool] = field(default_factory=dict)

    def cleaned(self, messages: Sequence[Message]) -> list[Message]:
        """The messages without who was erased since. Contact with them alone is an envelope, and only once."""
        if not self.known:
            return list(messages)
        kept: list[Message] = []
        bare: dict[datetime | None, Message] = {}
        for message in messages:
            gone = self._gone(message)
            if gone and self._is_alone(message, gone):
                bare.setdefault(message.sent_at, _envelope(message))
            elif self._is_before(message, self.known.values()):
                kept.append(self._redacted(message, gone))
            else:
                kept.append(message)
        here = self._left_here([at for at in bare if at is not None])
        return kept + [message for at, message in bare.items() if at not in here]

    def names_somebody(self, file: Path) -> bool:
        """Whether a message that could not be read has an address of somebody who was erased."""
        if not self.known or not file.exists():
            return False
        with file.open("rb") as stream:
            text = stream.read(_LOOKED_THROUGH).decode("utf-8", "replace")
        return any(self._is_erased("email", found) for found in _EMAIL.findall(text))

    def _gone(self, message: Message) -> dict[str, set[str]]:
        """The erased people of a message from before that: their addresses, with the names heard there."""
        found: dict[str, set[str]] = {}
        for one in message.addresses:
            at = self.book.gone.get(key_of_address(one))
            if at is not None and self._is_before(message, [at]):
                found.setdefault(key_of_address(one), set()).add(one.name)
        return found

    @staticmethod
    def _is_before(message: Message, times: Iterable[datetime]) -> bool:
        """Whether a message is from before any of these times; one without a date may be."""
        latest = max(times, default=datetime.max.replace(tzinfo=UTC))
        return message.sent_at is None or message.sent_at <= latest

    def _is_alone(self, message: Message, gone: dict[str, set[str]]) -> bool:
        """Whether nobody else from outside takes part."""
        others = {key_of_address(one) for one in message.addresses if one.address} - gone.keys()
        return all(address in self.book.known and self.book.known[address].is_ours for address in others)

    def _left_here(self, times: list[datetime]) -> set[datetime]:
        if not times:
            return set()
        return {row[0] for row in fetch(_LEFT, [workspace_id(), times, self.book.wide])}

    def _redacted(self, message: Message, gone: dict[str, set[str]]) -> Message:
        words = _pattern(gone)

        def clean(text: str) -> str:
            return self._without(text, words) if text else text

        def place(at: int | None) -> int | None:
            return None if at is None else len(clean(message.text[:at]))

        return replace(
            message,
            subject=clean(message.subject),
            place=clean(message.place),
            url=clean(message.url),
            text=clean(message.text),
            html=clean(message.html),
            quote_from=place(message.quote_from),
            signature_from=place(message.signature_from),
            external_id=clean(message.external_id),
            references=tuple(clean(one) for one in message.references),
            in_reply_to=tuple(clean(one) for one in message.in_reply_to),
            attachments=tuple(
                replace(one, name=clean(one.name))
                for one in message.attachments
                if not gone or one.mime != "text/calendar"
            ),
            invitations=tuple(_invitation(one, clean(one.summary), clean(one.description), clean(one.location))
                              for one in message.invitations),
        )  # fmt: skip

    def _without(self, text: str, words: re.Pattern[str] | None) -> str:
        inline = f"[{stub()}]"
        if words is not None:
            text = words.sub(inline, text)
        text = _EMAIL.sub(lambda found: inline if self._is_erased("email", found[0]) else found[0], text)
        return _PHONE.sub(lambda found: inline if self._is_erased("phone", found[0]) else found[0], text)

    def _is_erased(self, kind: str, written: str) -> bool:
        if (kind, written) not in self._asked:
            self._asked[kind, written] = self._look(kind, written)
        return self._asked[kind, written]

    def _look(self, kind: str, written: str) -> bool:
        try:
            contact = email(written.replace("%40", "@")) if kind == "email" else phone(written, country=self._home())
        except ContactError:
            return False
        return any(digest in self.known for digest in digests_of(kind, contact.value))

    def _home(self) -> str:
        self._country = self._country or home_country()
        return self._country


def _envelope(message: Message) -> Message:
    """That there was contact, when and by whom of us; nothing by which it could be known again."""
    return replace(
        message,
        external_id=f"removed:{new_id()}",
        fingerprint="",
        subject=stub(),
        subject_key="",
        text="",
        html="",
        quote_from=None,
        signature_from=None,
        in_reply_to=(),
        references=(),
        list_id="",
        list_name="",
        bounces=(),
        attachments=(),
        invitations=(),
        defects=(),
        url="",
        place="",
    )


def _invitation(one: Invitation, summary: str, description: str, location: str) -> Invitation:
    return replace(one, summary=summary, description=description, location=location)


def _pattern(gone: dict[str, set[str]]) -> re.Pattern[str] | None:
    """What finds these people in a text of theirs: their addresses, their names, and a first or last name alone."""
    words: set[str] = set()
    for key, names in gone.items():
        address = key.rpartition("\t")[2]
        words.add(re.escape(address).replace("@", "(?:@|%40)"))
        for name in names:
            parts = parse_name(name)
            called = (name, parts.full, parts.given, parts.family)
            words |= {r"(?:\s|\+|%20)+".join(map(re.escape, one.split())) for one in called if len(one.strip()) > 2}
    if not words:
        return None
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ordered)})(?!\w)", re.IGNORECASE)
