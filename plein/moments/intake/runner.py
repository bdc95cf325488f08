# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries an import through, step by step. Each step is one transaction that also saves how far it came, so the process
may die between any two of them: the next one goes on from there, and nothing is lost or written twice.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from plein.channels.base import Message, Unreadable
from plein.channels.connectors.mail import read_messages
from plein.channels.models import MAIL, ImportState, MailImport
from plein.core.ids import now
from plein.core.isolation import in_operation
from plein.core.statistics import gather_statistics
from plein.moments.intake.ahead import MESSAGES, read_ahead
from plein.moments.intake.batch import Batch, Counts, threads_made
from plein.moments.intake.book import AddressBook, wide_circles
from plein.moments.intake.lease import Lease, Superseded, one_writer_at_a_time, take
from plein.moments.intake.people import PeopleMaker
from plein.moments.intake.plan import Plan, facts_of, make_plan, preview_of
from plein.moments.intake.scan import Scan, scan_store
from plein.moments.intake.shelf import bringer_of, choices_of, clear, keep_scan, kept_scan, spool_of, tell_brought_in
from plein.moments.queries.connections import addresses_of_mailboxes
from plein.trust.models import User, Workspace
from plein.trust.seats import Entrance, entered

PEOPLE_AT_ONCE = 500
type Progress = Callable[[MailImport], None]


def _silent(mail_import: MailImport) -> None:
    del mail_import


@dataclass
class Runner:
    """One worker's turn on one import."""

    user: User
    workspace: int
    import_id: UUID
    door: str = "worker"
    on_progress: Progress = _silent
    should_stop: Callable[[], bool] = lambda: False
    lease: Lease | None = None
    messages_at_once: int = MESSAGES
    people_at_once: int = PEOPLE_AT_ONCE
    _book: AddressBook | None = field(default=None, repr=False)
    _written: int = 0
    _gather_at: int = MESSAGES

    def scan(self) -> None:
        """Look what is in the store, and leave the counts for the user to choose by."""
        with self.entered() as actor:
            planned = self._take()
            known = self._known_ours(actor)
        self._scan_mail(planned, known)

    def _scan_mail(self, planned: MailImport, known: tuple[str, ...]) -> None:
        scan = scan_store(Path(planned.path), self._on_scan)
        ours = tuple(planned.ours) or scan.guess_ours(known)
        choices = choices_of(planned, ours)
        keep_scan(planned, scan)
        with self.entered():
            preview = {**facts_of(scan), "ours": list(ours), "policies": preview_of(scan, choices)}
            self._save(preview=preview, ours=list(ours), state=ImportState.PREVIEW, source=MAIL, counts={})
            self._held().release()

    def run(self) -> None:
        """Write people first, then messages; raises Superseded when somebody paused it or another worker took it."""
        with self.entered():
            planned = self._take()
        plan = make_plan(self._scan_of(planned), choices_of(planned, planned.ours))
        planned = self._write_people(plan, planned)
        planned = self._write_messages(planned)
        with self._step() as (_actor, last):
            news = PeopleMaker(self._address_book(last)).ask_about_jobs(last)
            counts = {**last.counts, "stage": "done", "threads": threads_made(last.operation_id), "job_news": news}
            self._save(state=ImportState.DONE, counts=counts, finished_at=now(), lease_until=None, holder="")
            gather_statistics()
            tell_brought_in(self.import_id)
        clear(planned)
        self._tell()

    @contextmanager
    def entered(self) -> Iterator[Entrance]:
        """The workspace, as the user whose import it is."""
        with entered(self.user, self.workspace, door=self.door) as actor:
            yield actor

    @contextmanager
    def _step(self) -> Iterator[tuple[Entrance, MailImport]]:
        """One transaction under the import's operation, which nobody else can write at the same time."""
        with self.entered() as actor:
            lease = self._held()
            lease.hold()
            planned = MailImport.objects.get(id=self.import_id)
            with in_operation(planned.operation_id):
                one_writer_at_a_time()
                yield actor, planned

    def _take(self) -> MailImport:
        planned: MailImport = MailImport.objects.get(id=self.import_id)
        self.lease = take(planned)
        return planned

    def _held(self) -> Lease:
        if self.lease is None:
            raise Superseded
        return self.lease

    def _known_ours(self, actor: Entrance) -> tuple[str, ...]:
        domains = list(Workspace.objects.values_list("domains", flat=True).get())
        return (*domains, actor.user.email, *addresses_of_mailboxes())

    def _on_scan(self, scan: Scan) -> None:
        if self.should_stop():
            raise Superseded
        with self.entered():
            self._held().hold()
            self._save(counts={"stage": "scan", "messages": scan.messages})
        self._tell()

    def _scan_of(self, planned: MailImport) -> Scan:
        scan = kept_scan(planned)
        if scan is None:
            scan = scan_store(Path(planned.path), self._on_beat)
            keep_scan(planned, scan)
        return scan

    def _on_beat(self, scan: Scan) -> None:
        del scan
        with self.entered():
            self._held().hold()

    def _address_book(self, planned: MailImport) -> AddressBook:
        if self._book is None:
            self._book = AddressBook(planned.circle_id, tuple(planned.ours), wide_circles(planned.circle_id))
        return self._book

    def _write_people(self, plan: Plan, planned: MailImport) -> MailImport:
        """People, the addresses of desks, and who waits, in pieces; `next_person` says which pieces are in."""
        pieces = list(_pieces(plan, self.people_at_once))
        for place, (kind, piece) in enumerate(pieces):
            if place < int(planned.counts.get("next_person", 0)):
                continue
            with self._step() as (actor, current):
                maker = PeopleMaker(self._address_book(current), actor.workspace_name, current.id)
                if kind == "people":
                    maker.make(piece)
                elif kind == "desks":
                    maker.make_desks(piece)
                else:
                    maker.propose(piece, self.import_id)
                counts = added(current.counts, people=maker.made.people, organizations=maker.made.organizations)
                counts |= {"stage": "people", "next_person": place + 1, "proposals": len(plan.waiting)}
                planned = self._save(counts=counts)
            self._gather_when_due(len(piece))
            self._tell()
            self._stop_if_asked()
        return planned

    def _write_messages(self, planned: MailImport) -> MailImport:
        source = read_messages(planned.path, spool=spool_of(planned), cursor=planned.cursor or None)
        with closing(read_ahead(source, self.messages_at_once)) as batches:
            for cursor, items in batches:
                planned = self._write_batch(cursor, items)
                self._gather_when_due(len(items))
                self._tell()
                self._stop_if_asked()
        return planned

    def _gather_when_due(self, number: int) -> None:
        """Tell the planner in time what came in.

        Where many rows are of others, it expects none of a new workspace: it then compares all that came in with each
        message, and a batch of 300 takes minutes.
        """
        self._written += number
        if self._written >= self._gather_at:
            self._gather_at = self._written * 4
            with self.entered():
                gather_statistics()

    def _write_batch(self, cursor: str, items: list[Message | Unreadable]) -> MailImport:
        try:
            return self._try_batch(cursor, items)
        except IntegrityError:
            # Somebody removed a person or an address that the book still holds: ask again, once.
            self._book = None
            return self._try_batch(cursor, items)

    def _try_batch(self, cursor: str, items: list[Message | Unreadable]) -> MailImport:
        with self._step() as (_actor, current):
            last = current.counts.get("last_time")
            batch = Batch(
                bringer=bringer_of(current),
                book=self._address_book(current),
                last_time=datetime.fromisoformat(last) if last else None,
            )
            batch.write(items)
            counts = added(current.counts, **numbers(batch.counts))
            counts |= {"stage": "messages", "last_time": batch.last_time.isoformat() if batch.last_time else ""}
            return self._save(counts=counts, cursor=cursor)

    def _save(self, **changes: Any) -> MailImport:
        """Save what changed; the caller's transaction holds the lease."""
        lease = self._held()
        MailImport.objects.filter(id=self.import_id, fence=lease.fence).update(**changes)
        saved: MailImport = MailImport.objects.get(id=self.import_id)
        return saved

    def _stop_if_asked(self) -> None:
        if self.should_stop():
            with self.entered():
                self._held().release()
            raise Superseded

    def _tell(self) -> None:
        if self.on_progress is not _silent:
            with self.entered():
                planned = MailImport.objects.get(id=self.import_id)
            self.on_progress(planned)


def _pieces(plan: Plan, at_once: int) -> Iterator[tuple[str, Any]]:
    for kind, everybody in (("people", plan.people), ("desks", plan.desks), ("waiting", plan.waiting)):
        for start in range(0, len(everybody), at_once):
            yield kind, everybody[start : start + at_once]


def numbers(counts: Counts) -> dict[str, int]:
    """What came of a batch, by name."""
    return {name: getattr(counts, name) for name in counts.__dataclass_fields__}


def added(counts: dict[str, Any], **more: int) -> dict[str, Any]:
    """Counts with these added to them."""
    return {**counts, **{name: int(counts.get(name, 0)) + number for name, number in more.items()}}
