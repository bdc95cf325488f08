# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries the import of an archive through, in the same small steps as one of mail."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from plein.channels.base import Cursor, Follow, Message, Unreadable
from plein.channels.connectors.archives import NotAnArchive, Settings, look_into, read_archive
from plein.channels.models import MAIL, ImportState, MailImport, Policy
from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.core.statistics import gather_statistics
from plein.moments.archives.owner import Owner, owner_of
from plein.moments.events import FollowsHeard
from plein.moments.intake.batch import Batch, threads_made
from plein.moments.intake.book import AddressBook, wide_circles
from plein.moments.intake.newcomers import Newcomers
from plein.moments.intake.rows import fetch
from plein.moments.intake.runner import Runner, added, numbers
from plein.moments.intake.shelf import bringer_of, clear, tell_brought_in
from plein.moments.queries.agenda import person_of
from plein.trust.models import User, Workspace

type Item = Message | Follow | Unreadable
_MADE = (
    "SELECT count(*) FROM core_change WHERE workspace_id = %s AND operation_id = %s AND table_name = %s AND kind = 'I'"
)
_MAILBOX = re.compile(r"\.(?:mbox|mbx|eml|emlx)(?:\.gz|\.xz|\.bz2)?\Z", re.IGNORECASE)


class ArchiveRunner(Runner):
    """One worker's turn on the import of an archive."""

    def scan(self) -> None:
        """Look what is in it and whose it is; what turns out to be no archive is looked at as mail."""
        with self.entered() as actor:
            planned = self._take()
            known = self._known_ours(actor)
        if not planned.source and _MAILBOX.search(planned.path):
            self._scan_mail(planned, known)
            return
        try:
            look = look_into(planned.path, settings=settings_of(planned), on_beat=self._beat)
        except NotAnArchive:
            if planned.source:
                raise
            self._scan_mail(planned, known)
            return
        ours = list(planned.ours) or [one for one in (look.owner, look.owner_name) if one]
        preview = asdict(look) | {"messages": look.messages + look.posts, "chats": look.messages}
        with self.entered():
            self._save(preview=preview, ours=ours, source=look.kind, state=ImportState.PREVIEW, counts={})
            self._held().release()

    def run(self) -> None:
        """Write all of it, some hundreds at a time; each time with its people, its messages and its ties."""
        with self.entered():
            planned = self._take()
        source = read_archive(planned.path, settings=settings_of(planned), cursor=planned.cursor or None)
        with closing(source):
            for cursor, items in _in_pieces(source, self.messages_at_once):
                self._write(cursor, items)
                self._gather_when_due(len(items))
                self._tell()
                self._stop_if_asked()
        with self._step() as (_actor, last):
            made = {"threads": threads_made(last.operation_id)}
            for name, table in (("ties", "relations_tie"), ("people", "relations_relation"),
                                ("proposals", "moments_proposal")):  # fmt: skip
                made[name] = _made(last.operation_id, table)
            counts = {**last.counts, **made, "stage": "done"}
            self._save(state=ImportState.DONE, counts=counts, finished_at=now(), lease_until=None, holder="")
            gather_statistics()
            tell_brought_in(self.import_id)
        clear(planned)
        self._tell()

    def _beat(self) -> None:
        with self.entered():
            self._held().hold()

    def _write(self, cursor: Cursor, items: Sequence[Item]) -> None:
        try:
            self._try(cursor, items)
        except IntegrityError:
            # Somebody removed a person or an address that the book still holds: ask again, once.
            self._book = None
            self._try(cursor, items)

    def _try(self, cursor: Cursor, items: Sequence[Item]) -> None:
        with self._step() as (actor, planned):
            owner = owner_of(planned.source, planned.ours, actor.user.email)
            follows = [one for one in items if isinstance(one, Follow)]
            if follows:
                # Ties come first: they say of people what a message does not, and who is known by which name.
                makes_people = planned.policy != Policy.NOBODY
                heard = owner.sides(follows)
                publish(FollowsHeard(planned.circle_id, makes_people, *heard, brought_by=planned.id))
                self._book = None
            book = self._book_of(planned, owner)
            messages = [owner.known(one) for one in items if isinstance(one, Message)]
            refused = [one for one in items if isinstance(one, Unreadable)]
            me = person_of(actor.seat_id)
            Newcomers(book, planned.policy, planned.id, actor.workspace_name, me.id if me else None).welcome(messages)
            last = planned.counts.get("last_time")
            batch = Batch(bringer_of(planned), book, datetime.fromisoformat(last) if last else None)
            batch.write([*messages, *refused])
            counts = added(planned.counts, follows=len(follows), **numbers(batch.counts))
            counts |= {"stage": "messages", "last_time": batch.last_time.isoformat() if batch.last_time else ""}
            self._save(counts=counts, cursor=cursor)

    def _book_of(self, planned: MailImport, owner: Owner) -> AddressBook:
        if self._book is None:
            domains = list(Workspace.objects.values_list("domains", flat=True).get())
            ours = (*domains, *(key for key in owner.keys if "\t" not in key))
            self._book = AddressBook(planned.circle_id, ours, wide_circles(planned.circle_id), own=owner.keys)
        return self._book


def settings_of(planned: MailImport) -> Settings:
    """What the reader is told of an archive."""
    kind = "" if planned.source in ("", MAIL) else planned.source
    return Settings.model_validate({"kind": kind, "owner": tuple(planned.ours)[:50]})


def worker_for(user: User, workspace: int, import_id: UUID, **more: Any) -> Runner:
    """The worker for an import, by what it reads."""
    mail = Runner(user, workspace, import_id, **more)
    with mail.entered():
        is_mail = MailImport.objects.filter(id=import_id, source=MAIL).exists()
    return mail if is_mail else ArchiveRunner(user, workspace, import_id, **more)


def _in_pieces(source: Iterator[tuple[Cursor, Item]], at_once: int) -> Iterator[tuple[Cursor, list[Item]]]:
    items: list[Item] = []
    cursor = ""
    for cursor, item in source:
        items.append(item)
        if len(items) >= at_once:
            yield cursor, items
            items = []
    if items:
        yield cursor, items


def _made(operation_id: UUID | None, table: str) -> int:
    return int(fetch(_MADE, [workspace_id(), operation_id, table])[0][0])
