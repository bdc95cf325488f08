# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts what reading a mail set yields, in the terms of the set's expected figures."""

import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from plein.channels.base import Message, Unreadable
from plein.channels.connectors.mail.headers import first, header_end, parse_headers
from plein.channels.connectors.mail.limits import Limits, NotAMailbox
from plein.channels.connectors.mail.mime import Part, content_type, take_apart
from plein.channels.connectors.mail.parse import parse_message
from plein.channels.connectors.mail.reader import read_messages
from plein.channels.connectors.mail.roles import read_roles
from plein.channels.connectors.mail.stores import read_store

type Figures = dict[str, object]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{4}})")
_SIMPLE_MARKS = re.compile(r"^(\s*(re|fw|fwd)\s*:\s*)+")


@dataclass(slots=True)
class Tally:
    """Running counts over the messages of a set, or of one mailbox in it."""

    messages: int = 0
    ids: set[str] = field(default_factory=set)
    fingerprints: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    senders: Counter[str] = field(default_factory=Counter)
    from_lines: set[str] = field(default_factory=set)
    ties: Counter[tuple[str, str]] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)
    natures: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    undated: int = 0
    replies: int = 0
    in_reply_to: int = 0

    def add(self, message: Message) -> None:
        """Count one message."""
        self.messages += 1
        self.ids.add(message.external_id)
        self.fingerprints.add(message.fingerprint)
        self.folders[message.folder] += 1
        self.natures[message.nature] += 1
        self.subjects[message.subject_key] += 1
        if message.list_id:
            self.lists[message.list_id] += 1
        self.replies += bool(message.in_reply_to or message.references)
        self.in_reply_to += bool(message.in_reply_to)
        self._add_date(message.sent_at)
        self._add_people(message)

    def _add_date(self, moment: datetime | None) -> None:
        if moment is None:
            self.undated += 1
            return
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)

    def _add_people(self, message: Message) -> None:
        sender = next((a.address for a in message.addresses if a.role == "from" and a.address), "")
        others = {a.address for a in message.addresses if a.role in ("to", "cc", "bcc") and a.address}
        if sender:
            self.senders[sender] += 1
            self.from_lines.add(sender)
        everybody = others | {sender} if sender else others
        self.addresses |= everybody
        self.domains.update(address.rpartition("@")[2] for address in everybody)
        for other in others - {sender}:
            if sender:
                self.ties[sender, other] += 1

    def figures(self) -> Figures:
        """Return the counts under the names that expected.json uses."""
        return {
            "messages": self.messages,
            "distinct_message_ids": len(self.ids),
            "unique_messages_by_from_date_subject_body": len(self.fingerprints),
            "distinct_addresses_from_to_cc_bcc": len(self.addresses),
            "distinct_senders": len(self.senders),
            "distinct_from": len(self.from_lines),
            "directed_ties_from_to": len(self.ties),
            "undirected_ties": len(self.undirected()),
            "tie_messages_total": sum(self.ties.values()),
            "first_date_utc": self.first.isoformat() if self.first else None,
            "last_date_utc": self.last.isoformat() if self.last else None,
            "unparsable_or_missing_date": self.undated,
            "with_in_reply_to_or_references": self.replies,
            "with_in_reply_to": self.in_reply_to,
        }

    def undirected(self) -> Counter[tuple[str, str]]:
        """Return how many messages went between each two addresses."""
        found: Counter[tuple[str, str]] = Counter()
        for (one, other), count in self.ties.items():
            found[min(one, other), max(one, other)] += count
        return found


@dataclass(slots=True)
class Result:
    """All that was found in one set, and how fast."""

    total: Tally = field(default_factory=Tally)
    boxes: dict[str, Tally] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    seconds: float = 0.0
    natures_by_folder: dict[str, Counter[str]] = field(default_factory=dict)
    bounce_reports: int = 0
    invitations: list[Figures] = field(default_factory=list)


def read_set(path: Path, *, by_mailbox: bool = False) -> Result:
    """Read a set through the reading process, as an import does."""
    result = Result()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="plein-sweep-") as spool:
        for _, item in read_messages(path, spool=Path(spool)):
            if isinstance(item, Unreadable):
                result.unreadable.append(item)
                continue
            result.total.add(item)
            if by_mailbox:
                result.boxes.setdefault(item.folder.split("/")[1], Tally()).add(item)
            result.natures_by_folder.setdefault(item.folder, Counter())[item.nature] += 1
            result.bounce_reports += bool(item.bounces)
            result.invitations.extend(_invitation_figures(item))
    result.seconds = time.perf_counter() - started
    return result


def _invitation_figures(message: Message) -> Iterable[Figures]:
    for event in message.invitations:
        yield {
            "method": event.method,
            "uid": event.uid,
            "organizer": event.organizer,
            "attendees": len(event.attendees),
            "sequence": event.sequence,
            "start": event.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ") if event.starts_at else None,
            "end": event.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ") if event.ends_at else None,
        }


def structure_figures(path: Path) -> Figures:
    """Count what a Message no longer shows: multipart messages, named parts, list names, folded subjects."""
    multipart = named = 0
    subjects: Counter[str] = Counter()
    lists: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for raw in read_store(path):
        if raw.problem:
            continue
        end, _ = header_end(raw.data, 0, len(raw.data))
        headers, _ = parse_headers(raw.data[:end])
        kind = content_type(first(headers, "content-type"), "text/plain")[0]
        multipart += kind.startswith("multipart/")
        if b"name" in raw.data:
            named += any(part.file_name() for part in take_apart(raw.data, Limits())[0].walk())
        subjects[_simple_subject(raw.data[:end])] += 1
        local = _MONTH.search(first(headers, "date"))
        if local:
            months[f"{local[2]}-{_MONTHS.index(local[1]) + 1:02}"] += 1
        if "list-id" in headers:
            lists[" ".join(first(headers, "list-id").split())] += 1
    return {
        "multipart": multipart,
        "with_named_attachment": named,
        "distinct_normalised_subjects": len(subjects),
        "subjects_with_2_or_more_messages": sum(count > 1 for count in subjects.values()),
        "list_ids": dict(lists),
        # Counted in the sender's own time, as the expected figures are.
        "months": dict(months),
    }


def _simple_subject(block: bytes) -> str:
    """Apply the simple rule of the expected figures: lower case, no re/fw/fwd, folds left in."""
    found = re.search(rb"^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)", block, re.IGNORECASE | re.MULTILINE)
    text = found[1].decode("utf-8", "replace") if found else ""
    return _SIMPLE_MARKS.sub("", text.lower()).strip()


def count_with_part(path: Path, kind: str) -> int:
    """Count the messages that have a part of one type."""
    readable = (raw for raw in read_store(path) if not raw.problem)
    return sum(any(part.type == kind for part in take_apart(raw.data, Limits())[0].walk()) for raw in readable)


def mime_figures(path: Path) -> Figures:
    """Describe one file of a set of single messages; nothing when it is no mail."""
    try:
        raw = next(read_store(path))
    except NotAMailbox:
        return {}
    message = parse_message(raw, None, Limits())
    root, _ = take_apart(raw.data, Limits())
    recipients = [a for a in message.addresses if a.role in ("to", "cc", "bcc") and a.address]
    return {
        **part_figures(root, path.stat().st_size),
        "from_": [a.address for a in message.addresses if a.role == "from" and a.address],
        "to_n": len(recipients),
    }


def part_figures(root: Part, size: int) -> Figures:
    """Describe one message the way expected.json does: leaf parts, named or attached parts, its type."""
    leaves = [part for part in root.walk() if not part.children]
    return {
        "bytes": size,
        "parts": len(leaves),
        "attachments": sum(bool(part.file_name() or part.disposition()[0] == "attachment") for part in leaves),
        "top_type": content_type(first(root.headers, "content-type"), "text/plain")[0],
        "has_calendar": any(part.type == "text/calendar" for part in leaves),
    }


def demo_figures(result: Result, roles: Path) -> Figures:
    """Count what the demo set tells about people, companies and months."""
    total = result.total
    listed = {role.address: role for role in read_roles(roles, "enron.com")}
    present = [listed[address] for address in total.addresses if address in listed]
    names = Counter(role.name for role in present if role.name)
    external = {address for address in total.addresses if not address.endswith("@enron.com")}
    return {
        "distinct_domains": len({address.rpartition("@")[2] for address in total.addresses}),
        "addresses_with_entry_in_people_roles": len(present),
        "with_name": sum(names.values()),
        "with_role": sum(bool(role.title) for role in present),
        "distinct_named_people": len(names),
        "people_with_more_than_one_address": sum(count > 1 for count in names.values()),
        "external_addresses": len(external),
        "external_domains": len({address.rpartition("@")[2] for address in external}),
        "top_domains_by_message": dict(total.domains),
        "top_senders": dict(total.senders),
        "top_20_undirected_ties": {f"{one} {other}": count for (one, other), count in total.undirected().items()},
    }
