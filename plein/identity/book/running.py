# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries one comparing of the whole book through: read, compare, write. Each step says how far it is, in a file and in
the row of the run, so the process may die at any moment: the next one goes on from there, and nothing is done twice.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.core.leases import AtWork, Lease, Superseded, Workplace
from plein.identity.book.clusters import Against, groups
from plein.identity.book.columns import columns_of
from plein.identity.book.extra import DUCKDB, SPARK, NoExtra, engine, engine_on_spark
from plein.identity.book.files import file_of, folder_of, forget_file
from plein.identity.book.reading import how_many, people_after
from plein.identity.book.writing import forget_older, write_pairs
from plein.identity.comparing import weights
from plein.identity.models import BookRun, RunState
from plein.operate.places import private_folder
from plein.trust.models import User
from plein.trust.seats import entered

logger = logging.getLogger(__name__)
RUNS = Workplace(BookRun._meta.db_table, (RunState.RUNNING,))
#: From how many bits a pair is worth a look, and from how many people are put together.
WORTH, TOGETHER = 3.0, 10.0
AT_ONCE = 1_000
READ, COMPARE, WRITE = "read", "compare", "write"


@dataclass
class Runner:
    """One worker's turn on one run."""

    user: User
    workspace: int
    run_id: UUID
    door: str = "worker"
    backend: str = DUCKDB
    tell: Callable[[str, int, int], None] = lambda step, done, total: None
    should_stop: Callable[[], bool] = lambda: False
    lease: Lease | None = field(default=None, repr=False)

    def carry_out(self) -> None:
        """Go on until it is done; trouble that is not the worker's own ends in the state "stopped", with the reason.

        Raises AtWork when a living worker has it, and whatever the database says when it does not answer.
        """
        with translation.override(self.user.language):
            try:
                self._take()
                self._steps()
            except Superseded:
                return
            except NoExtra as missing:
                self._fail(str(missing))
            except PermissionDenied:
                self._fail(_("You may not do this any more."))
            except (OperationalError, InterfaceError, AtWork):
                raise
            except Exception:
                logger.exception("comparing of the book %s", self.run_id)
                self._fail(_("Something unexpected happened here. Nothing is half done: begin again."))

    def _take(self) -> None:
        with entered(self.user, self.workspace, door=self.door):
            run = BookRun.objects.get(id=self.run_id)
            self.lease = RUNS.take(run.id, run.holder)
            if self.lease is None and run.state == RunState.RUNNING:
                raise AtWork(_("Another process is at work on this at this moment."))
            if self.lease is None:
                raise Superseded

    def _steps(self) -> None:
        made = engine()
        weigh = engine_on_spark().weigh_in(folder_of(self.run_id)) if self.backend == SPARK else None
        path = file_of(self.run_id)
        private_folder(path.parent)
        try:
            book = made.opened(path)
        except made.Held as held:
            raise AtWork(_("Another process is at work on this at this moment.")) from held
        try:
            self._read(book)
            self._say(COMPARE, 0, 1)
            known = weights()
            book.keys()
            book.compare(made.Numbers(known.m, known.u, known.expected), WORTH, weigh)
            self._write(book, book.prior(made.Numbers(known.m, known.u, known.expected)))
        finally:
            book.close()
        forget_file(self.run_id)

    def _read(self, book: Any) -> None:
        while not book.is_done(READ):
            count, last = book.last()
            with entered(self.user, self.workspace, door=self.door):
                self._held().hold()
                people = people_after(UUID(last) if last else None)
                total = how_many() if people else count
                self._note(READ, count, total)
            if not people:
                book.finish(READ)
                return
            numbered = [(count + place, one.circle, one) for place, one in enumerate(people)]
            book.bring(
                columns_of((number, circle, one.parts) for number, circle, one in numbered),
                {
                    "person": [number for number, _circle, _one in numbered],
                    "id": [str(one.id) for _number, _circle, one in numbered],
                    "circle": [circle for _number, circle, _one in numbered],
                    "marks": [json.dumps(one.marks) for _number, _circle, one in numbered],
                },
            )
            self.tell(READ, count + len(people), total)
            self._stop_if_asked()

    def _write(self, book: Any, prior: float) -> None:
        known = [(UUID(one), circle, json.loads(marks)) for one, circle, marks in book.known()]
        together = self._together(book, known)
        total = book.count(WORTH)
        with entered(self.user, self.workspace, door=self.door):
            self._held().hold()
            run = BookRun.objects.get(id=self.run_id)
            start = run.done if run.step == WRITE else 0
            forget_older(run.id)
            self._note(WRITE, start, total, people=len(known))
        fields = [one.key for one in book.plan.fields]
        for batch in batched(book.pairs(WORTH, start), AT_ONCE):
            with entered(self.user, self.workspace, door=self.door):
                self._held().hold()
                write_pairs(self.run_id, prior, batch, known, together, fields)
                start += len(batch)
                self._note(WRITE, start, total)
            self.tell(WRITE, start, total)
            self._stop_if_asked()
        with entered(self.user, self.workspace, door=self.door):
            self._held().hold()
            BookRun.objects.filter(id=self.run_id).update(
                state=RunState.DONE, pairs=total, finished_at=now(), lease_until=None, holder="", problem=""
            )

    def _together(self, book: Any, known: Sequence[tuple[UUID, int, dict[str, str]]]) -> dict[int, int]:
        """Who are one, among those whom everyone here sees: nobody's group tells of somebody hidden."""
        shared: Iterable[tuple[int, int]] = (
            (one, other) for one, other, *_rest in book.pairs(TOGETHER) if not (known[one][1] or known[other][1])
        )
        return groups(
            list(shared), Against({number: marks for number, (_id, _circle, marks) in enumerate(known) if marks})
        )

    def _say(self, step: str, done: int, total: int) -> None:
        with entered(self.user, self.workspace, door=self.door):
            self._held().hold()
            if BookRun.objects.get(id=self.run_id).step != WRITE:
                self._note(step, done, total)
        self.tell(step, done, total)

    def _note(self, step: str, done: int, total: int, **more: int) -> None:
        BookRun.objects.filter(id=self.run_id).update(step=step, done=done, total=total, **more)

    def _stop_if_asked(self) -> None:
        if self.should_stop():
            with entered(self.user, self.workspace, door=self.door):
                self._held().release()
            raise Superseded

    def _fail(self, sentence: str) -> None:
        with entered(self.user, self.workspace, door=self.door):
            BookRun.objects.filter(id=self.run_id, fence=self._held().fence, state=RunState.RUNNING).update(
                state=RunState.FAILED, problem=sentence[:500], lease_until=None, holder="", finished_at=now()
            )
        forget_file(self.run_id)

    def _held(self) -> Lease:
        if self.lease is None:
            raise Superseded
        return self.lease
