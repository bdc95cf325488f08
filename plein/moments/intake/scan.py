# SPDX-License-Identifier: AGPL-3.0-or-later
"""The look ahead: who wrote to whom, how often, in what kind of message, before anything is written."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from plein.channels.base import Header, Message, Unreadable, sender_of
from plein.channels.connectors.mail import scan_headers
from plein.moments.intake.names import clean_name
from plein.relations.domains import company_domain, domain_of

RECIPIENTS = ("to", "cc", "bcc")
_SENT = re.compile(
    r"(?:\A|[/._\s\\])_?(?:sent|sent[-_ ]?(?:mail|items|messages|box)?|outbox|verzonden(?:[-_ ]items|[-_ ]berichten)?"
    r"|verstuurd|gesendet(?:e[-_ ](?:objekte|elemente))?|postausgang|envoy[ée]s?|[ée]l[ée]ments[-_ ]envoy[ée]s"
    r"|inviata)\Z",
    re.IGNORECASE,
)
_NAMES_KEPT = 5


@dataclass(slots=True)
class Heard:
    """How often an address wrote and was written to, in personal mail, and what it was called."""

    wrote: int = 0
    got: int = 0
    names: dict[str, int] = field(default_factory=dict)
    other: int = 0

    @property
    def name(self) -> str:
        """The name heard most often."""
        return max(self.names, key=lambda name: (self.names[name], name), default="")


@dataclass
class Scan:
    """What a store of mail holds, by its headers."""

    messages: int = 0
    unreadable: int = 0
    copies: int = 0
    natures: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    heard: dict[str, Heard] = field(default_factory=dict)
    #: From an address to an address, in personal mail: how often.
    letters: dict[tuple[str, str], int] = field(default_factory=dict)
    #: Addresses of mailing lists themselves.
    lists: set[str] = field(default_factory=set)
    sent_from: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    _seen: set[int] = field(default_factory=set)

    def add(self, header: Header | Message) -> None:
        """Count one message."""
        self.messages += 1
        self.natures[header.nature] += 1
        sender = sender_of(header)
        writer = sender.address if sender else ""
        self._count_date(header, writer)
        self._count_owner(header, writer)
        recipients = {a.address for a in header.addresses if a.role in RECIPIENTS and a.address}
        for address in header.addresses:
            if address.address and address.name:
                self._count_name(address.address, address.name)
        if header.nature != "personal":
            self._count_other(header, writer, recipients)
            return
        if writer:
            self._of(writer).wrote += 1
        for recipient in recipients:
            self._of(recipient).got += 1
            if writer:
                self.letters[writer, recipient] = self.letters.get((writer, recipient), 0) + 1

    def _of(self, address: str) -> Heard:
        found = self.heard.get(address)
        if found is None:
            found = self.heard[address] = Heard()
        return found

    def _count_name(self, address: str, heard_name: str) -> None:
        name = clean_name(heard_name)
        if name:
            names = self._of(address).names
            if name in names or len(names) < _NAMES_KEPT:
                names[name] = names.get(name, 0) + 1

    def _count_date(self, header: Header | Message, writer: str) -> None:
        mark = hash((writer, header.sent_at, header.subject))
        self.copies += mark in self._seen
        self._seen.add(mark)
        if header.sent_at is not None:
            self.first = header.sent_at if self.first is None else min(self.first, header.sent_at)
            self.last = header.sent_at if self.last is None else max(self.last, header.sent_at)

    def _count_owner(self, header: Header | Message, writer: str) -> None:
        if writer and _SENT.search(header.folder):
            self.sent_from[writer] += 1
        domains = {domain_of(address.address) for address in header.addresses if address.address}
        self.reached.update(domains)

    def _count_other(self, header: Header | Message, writer: str, recipients: set[str]) -> None:
        for address in {writer, *recipients} - {""}:
            self._of(address).other += 1
            # The identifier of a list is its address with a dot for the at sign.
            if header.list_id and address.replace("@", ".") == header.list_id:
                self.lists.add(address)

    def guess_ours(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """Who "our side" is: who sent from folders with sent mail, else what is known, else whom nearly all is to."""
        if self.sent_from:
            return self._senders()
        # A colleague's address stands for our domain, unless anybody may have an address there.
        known = tuple(dict.fromkeys((company_domain(own) or own) if "@" in own else own for own in known))
        if any(own in self.heard or own in self.reached for own in known):
            return known
        if self.reached and self.messages:
            domain, count = self.reached.most_common(1)[0]
            if count >= 0.8 * self.messages and company_domain(f"x@{domain}"):
                return (domain,)
        owner = max(self.heard.items(), key=lambda item: item[1].got, default=None)
        if owner is not None and owner[1].got >= 0.5 * self.messages:
            return (owner[0],)
        return known

    def _senders(self) -> tuple[str, ...]:
        domains: Counter[str] = Counter()
        for address, count in self.sent_from.items():
            domains[company_domain(address) or address] += count
        total = sum(domains.values())
        return tuple(own for own, count in domains.most_common(5) if count >= 0.1 * total)

    def save(self, path: Path) -> None:
        """Keep it for the choices that follow, and for the import itself."""
        numbers = {address: number for number, address in enumerate(self.heard)}
        body = {
            "heard": [[a, h.wrote, h.got, h.other, h.names] for a, h in self.heard.items()],
            "letters": [[numbers[one], numbers[other], count] for (one, other), count in self.letters.items()],
            "lists": sorted(self.lists),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{uuid4().hex}.part")
        try:
            partial.write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` kept: all that deciding who becomes a person takes."""
        body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        scan = cls()
        addresses: list[str] = []
        for address, wrote, got, other, names in body["heard"]:
            scan.heard[address] = Heard(wrote, got, names, other)
            addresses.append(address)
        scan.letters = {(addresses[one], addresses[other]): count for one, other, count in body["letters"]}
        scan.lists = set(body["lists"])
        return scan


def scan_store(path: Path, on_progress: Callable[[Scan], None], every: int = 500) -> Scan:
    """Read the headers of a store; `on_progress` is called now and then and may raise to stop."""
    scan = Scan()
    for count, item in enumerate(_items(path), 1):
        if isinstance(item, Unreadable):
            scan.unreadable += 1
        else:
            scan.add(item)
        if count % every == 0:
            on_progress(scan)
    return scan


def _items(path: Path) -> Iterator[Header | Unreadable]:
    for _cursor, item in scan_headers(path):
        yield item
