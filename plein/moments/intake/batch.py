# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a few hundred messages at once, in a dozen statements, inside the transaction of the caller."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.base import Message, Unreadable, sender_of
from plein.core import blobs
from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.core.isolation import current, workspace_id
from plein.moments.actions.sharing import settle_new
from plein.moments.events import MomentsBroughtIn
from plein.moments.intake.appointments import own_parts, write_appointments
from plein.moments.intake.book import AddressBook, stub
from plein.moments.intake.bounces import join_reports
from plein.moments.intake.bringer import Bringer
from plein.moments.intake.drafts import (
    Draft,
    Part,
    add_parts,
    direction_of,
    draft_of,
    key_of,
    letter_of,
    plausible,
    reach_of,
    recognisable,
    references_of,
    source_of,
)
from plein.moments.intake.forgetting import Forgetting
from plein.moments.intake.rows import fetch, insert_rows
from plein.moments.intake.threads import thread
from plein.moments.models import (
    Attachment,
    MessageReference,
    Moment,
    MomentSource,
    MomentSubject,
    MomentText,
    Participant,
)
from plein.moments.queries.sharing import Rule

#: A copy of a mail is known by one whose text its bringer may read; of a colleague who gives the envelope only, each
#: keeps their own.
_COPIES = """
    SELECT DISTINCT ON (m.fingerprint) m.fingerprint, m.id, m.occurred_at FROM moments_moment m
      JOIN moments_text t ON t.workspace_id = m.workspace_id AND t.moment_id = m.id AND t.circle_id = ANY(%s)
     WHERE m.workspace_id = %s AND m.fingerprint = ANY(%s) AND m.circle_id = ANY(%s) ORDER BY m.fingerprint, m.id
"""
#: Mail that Plein sent itself is known by its identifier: a gateway may have changed its text. The sender must be the
#: same, for whoever got the mail knows its identifier too.
_SENT = """
    SELECT s.external_id, cp.kind, cp.network, cp.value, m.id, m.occurred_at
      FROM moments_source s
      JOIN moments_moment m ON m.workspace_id = s.workspace_id AND m.id = s.moment_id AND m.source = 'hand'
           AND m.circle_id = ANY(%s)
      JOIN moments_participant p ON p.workspace_id = m.workspace_id AND p.moment_id = m.id AND p.role = 'from'
      JOIN relations_contact_point cp ON cp.workspace_id = p.workspace_id AND cp.id = p.contact_point_id
     WHERE s.workspace_id = %s AND s.external_id = ANY(%s)
"""
_PARTS = """
    SELECT moment_id, role, contact_point_id, CASE WHEN contact_point_id IS NULL THEN heard_name ELSE '' END,
           relation_id
      FROM moments_participant WHERE workspace_id = %s AND moment_id = ANY(%s)
"""
_SOURCES = """
    SELECT moment_id, external_id, mailbox, folder FROM moments_source WHERE workspace_id = %s AND moment_id = ANY(%s)
"""
#: `was` comes twice, so that the index on threads serves also where the database knows little of the workspace.
_MOVE = """
    UPDATE moments_moment m SET thread_id = x.wanted FROM unnest(%s::uuid[], %s::uuid[]) AS x (was, wanted)
     WHERE m.workspace_id = %s AND m.thread_id = x.was AND m.thread_id = ANY(%s)
"""
type SourceKey = tuple[UUID, str, str, str]


@dataclass
class Counts:
    """What came of messages."""

    messages: int = 0
    imported: int = 0
    duplicates: int = 0
    unreadable: int = 0
    appointments: int = 0
    undated: int = 0


@dataclass
class Batch:
    """One batch being written."""

    bringer: Bringer
    book: AddressBook
    last_time: datetime | None = None
    counts: Counts = field(default_factory=Counts)

    @property
    def rule(self) -> Rule:
        """What colleagues get, exceptions apart."""
        return self.bringer.rules.default

    def write(self, items: Sequence[Message | Unreadable]) -> None:
        """Write all of it; the caller's transaction makes it one step."""
        messages = [recognisable(item) for item in items if isinstance(item, Message)]
        self._write_problems([item for item in items if isinstance(item, Unreadable)])
        self.counts.messages += len(items)
        if not messages:
            return
        found = len(messages)
        self.book.learn_all(a for message in messages for a in message.addresses)
        messages = Forgetting(self.book).cleaned(messages)
        fresh, copies = self._sort_out(messages)
        letters = [letter_of(draft) for draft in fresh]
        threads = thread(letters, self.book.wide)
        join_reports(fresh, letters, self.book, threads)
        for draft in fresh:
            draft.thread = threads.find(draft.thread)
        moved = threads.moved()
        if moved:
            were = [one for one, _into in moved]
            fetch_nothing(_MOVE, [were, [into for _one, into in moved], workspace_id(), were])
        self._write_moments(fresh)
        self._write_copies(copies)
        self.counts.appointments += write_appointments(fresh, self.book, self.bringer.id, self.rule)
        settle_new(self.bringer.rules, [draft.id for draft in fresh])
        if fresh:
            publish(MomentsBroughtIn(tuple(draft.id for draft in fresh)))
        self.counts.imported += len(fresh)
        self.counts.duplicates += found - len(fresh)

    def _sort_out(self, messages: Sequence[Message]) -> tuple[list[Draft], list[tuple[UUID, datetime, Message]]]:
        """Tell new messages from copies of what is here, among themselves too."""
        prints = list({message.fingerprint for message in messages if message.fingerprint})
        readable = [list(current().circles), workspace_id(), prints, self.book.wide]
        here = {row[0]: row[1:] for row in fetch(_COPIES, readable)}
        ids = list({message.external_id[:500] for message in messages})
        sent = {(row[0], *row[1:4]): row[4:] for row in fetch(_SENT, [self.book.wide, workspace_id(), ids])}
        fresh: dict[str, Draft] = {}
        copies: list[tuple[UUID, datetime, Message]] = []
        for message in messages:
            sender = sender_of(message)
            writer = (sender.kind, sender.network, sender.address) if sender else ("", "", "")
            known = here.get(message.fingerprint) or sent.get((message.external_id[:500], *writer))
            if known:
                copies.append((*known, message))
            elif message.fingerprint and message.fingerprint in fresh:
                draft = fresh[message.fingerprint]
                draft.copies.append(message)
                add_parts(draft, message.addresses, self.book)
            else:
                fresh[message.fingerprint or message.external_id] = draft_of(message, self.book, self._time_of(message))
        return list(fresh.values()), copies

    def _time_of(self, message: Message) -> datetime:
        if message.sent_at is None:
            # The message before it in the store is the best clue there is.
            self.counts.undated += 1
            return self.last_time or now()
        self.last_time = plausible(message.sent_at)
        return self.last_time

    def _write_moments(self, drafts: Sequence[Draft]) -> None:
        circle, at = {"circle_id": self.book.circle_id}, now()
        subject, text = own_parts(self.rule)
        texts = {draft.id: new_id() for draft in drafts}
        insert_rows(
            Moment,
            ("id", "kind", "source", "direction", "reach", "nature", "occurred_at", "thread_id", "fingerprint"),
            [
                (d.id, d.message.kind, source_of(d.message), direction_of(d), reach_of(d), d.message.nature, d.at,
                 d.thread, d.message.fingerprint)
                for d in drafts
            ],
            {"recorded_by_id": current().seat_id, "created_at": at, "updated_at": at, **circle},
        )  # fmt: skip
        insert_rows(
            MomentSubject,
            ("id", "moment_id", "title", "key", "location"),
            [
                (new_id(), d.id, d.message.subject[:1000], key_of(d.message), d.message.place.strip()[:300])
                for d in drafts
            ],
            circle | {"own_circle_id": subject},
        )
        insert_rows(
            MomentText,
            ("id", "moment_id", "text", "html", "quote_from", "signature_from"),
            [
                (texts[d.id], d.id, d.message.text, d.message.html, d.message.quote_from, d.message.signature_from)
                for d in drafts
            ],
            circle | {"own_circle_id": text},
        )
        self._write_parts([(d.id, d.at, part) for d in drafts for part in d.parts.values()])
        self._write_organizations([(d.id, d.at, found) for d in drafts for found in sorted(d.organizations)])
        self._write_sources(
            {_source_key(d.id, copy): copy for d in drafts if d.message.fingerprint for copy in d.copies}
        )
        insert_rows(
            MessageReference,
            ("id", "moment_id", "external_id"),
            [(new_id(), d.id, identifier) for d in drafts for identifier in references_of(d.message)],
            circle,
        )
        self._write_attachments(drafts, texts)

    def _write_parts(self, parts: Sequence[tuple[UUID, datetime, Part]]) -> None:
        insert_rows(
            Participant,
            ("id", "moment_id", "occurred_at", "role", "contact_point_id", "heard_name", "relation_id", "is_ours"),
            [(new_id(), moment, at, *part) for moment, at, part in parts],
            {"circle_id": self.book.circle_id},
        )

    def _write_organizations(self, found: Sequence[tuple[UUID, datetime, UUID]]) -> None:
        self._write_parts([(moment, at, ("for", None, "", relation, False)) for moment, at, relation in found])

    def _write_sources(self, sources: dict[SourceKey, Message]) -> None:
        insert_rows(
            MomentSource,
            ("id", "moment_id", "external_id", "mailbox", "folder", "list_name", "note", "url"),
            [
                (new_id(), *key, (copy.list_name or copy.list_id)[:300], _note_of(copy), web_address(copy.url))
                for key, copy in sources.items()
            ],
            {"circle_id": self.book.circle_id, "import_id": self.bringer.id},
        )

    def _write_attachments(self, drafts: Sequence[Draft], texts: dict[UUID, UUID]) -> None:
        rows: list[tuple[Any, ...]] = []
        for draft in drafts:
            for part in draft.message.attachments:
                self._adopt(part.sha256)
                rows.append(
                    (new_id(), draft.id, texts[draft.id], part.name[:300], part.mime[:120], part.size, part.sha256,
                     part.content_id[:300], part.is_inline)
                )  # fmt: skip
        insert_rows(
            Attachment,
            ("id", "moment_id", "text_id", "name", "mime", "size", "sha256", "content_id", "is_inline"),
            rows,
            {"circle_id": self.book.circle_id},
        )

    def _write_copies(self, copies: Sequence[tuple[UUID, datetime, Message]]) -> None:
        """A copy adds where it was found, and recipients that the first copy did not name."""
        if not copies:
            return
        moments = list({moment for moment, _at, _message in copies})
        sources: set[SourceKey] = set(fetch(_SOURCES, [workspace_id(), moments]))
        self._write_sources(
            {
                key: message
                for moment, _at, message in copies
                for key in [_source_key(moment, message)]
                if key not in sources
            }
        )
        present = fetch(_PARTS, [workspace_id(), moments])
        named = {(moment, role, point, name) for moment, role, point, name, _relation in present}
        bound = {(moment, relation) for moment, role, _point, _name, relation in present if role == "for"}
        parts: list[tuple[UUID, datetime, Part]] = []
        organizations: set[tuple[UUID, datetime, UUID]] = set()
        for moment, at, message in copies:
            draft = Draft(message, moment, at, moment)
            add_parts(draft, message.addresses, self.book)
            # Who was erased stands in the first copy already.
            added = [
                (key, part) for key, part in draft.parts.items() if (moment, *key) not in named and key[2] != stub()
            ]
            named.update((moment, *key) for key, _part in added)
            parts.extend((moment, at, part) for _key, part in added)
            if added:
                organizations |= {(moment, at, o) for o in draft.organizations if (moment, o) not in bound}
        self._write_parts(parts)
        self._write_organizations(sorted(organizations))

    def _write_problems(self, problems: Sequence[Unreadable]) -> None:
        self.counts.unreadable += len(problems)
        gone = Forgetting(self.book) if problems else None
        files = {one.sha256 for one in problems if one.sha256}
        kept = {one for one in files if gone and not gone.names_somebody(self.bringer.spool / one)}
        for sha256 in kept:
            self._adopt(sha256)
        if problems:
            self.bringer.refuse([one if one.sha256 in kept else replace(one, sha256="") for one in problems])

    def _adopt(self, sha256: str) -> None:
        if sha256:
            waiting = self.bringer.spool / sha256
            if waiting.exists():
                blobs.adopt(waiting, sha256)


def web_address(url: str) -> str:
    """Where a message can be read at its source; "" when that is no web address."""
    return url if len(url) <= 1000 and url.startswith(("https://", "http://")) else ""


def _note_of(message: Message) -> str:
    """What was wrong with a copy, in sentences."""
    notes = list(message.defects)
    if message.sent_at is None:
        notes.insert(0, _("It has no usable date: it stands at the time of the message before it."))
    return " ".join(notes)[:500]


def _source_key(moment: UUID, message: Message) -> SourceKey:
    return (moment, message.external_id[:500], message.mailbox[:300], message.folder[:500])


def fetch_nothing(statement: str, parameters: Sequence[Any]) -> None:
    """Carry out a statement that answers nothing."""
    fetch(f"{statement} RETURNING 1", parameters)


_THREADS = """
    SELECT count(DISTINCT m.thread_id) FROM core_change c
      JOIN moments_moment m ON m.workspace_id = c.workspace_id AND m.id = c.row_id
     WHERE c.workspace_id = %s AND c.operation_id = %s AND c.table_name = 'moments_moment' AND c.kind = 'I'
"""


def threads_made(operation_id: UUID | None) -> int:
    """How many conversations the moments of one operation belong to."""
    return int(fetch(_THREADS, [workspace_id(), operation_id])[0][0])
