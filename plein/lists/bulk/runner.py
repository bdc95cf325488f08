# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carries an act on many rows through, batch by batch. Each batch is one transaction that also says that it is done,
so the process may die at any moment: the next one goes on from there, and nothing is left out or done twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import now
from plein.core.leases import AtWork, Lease, Superseded, Workplace
from plein.core.models import Operation
from plein.lists.bulk.acts import CannotChange
from plein.lists.bulk.carrying import carry_out_batch
from plein.lists.bulk.models import BulkBatch, BulkRun, BulkState
from plein.lists.events import BulkEnded
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

logger = logging.getLogger(__name__)
RUNS = Workplace(BulkRun._meta.db_table, (BulkState.RUNNING,))


@dataclass
class Runner:
    """One worker's turn on one run."""

    user: User
    workspace: int
    run_id: UUID
    door: str = "worker"
    should_stop: Callable[[], bool] = lambda: False
    lease: Lease | None = field(default=None, repr=False)

    def carry_out(self) -> None:
        """Go on until it is done; trouble that is not the worker's own ends in the state "stopped", with the reason.

        Raises AtWork when a living worker has it. A database that does not answer is raised: nothing can be noted then.
        """
        with translation.override(self.user.language):
            try:
                self._take()
                while self._step():
                    self._stop_if_asked()
            except Superseded:
                return
            except CannotChange as refusal:
                self._fail(str(refusal))
            except PermissionDenied:
                self._fail(_("You may not do this any more."))
            except (OperationalError, InterfaceError, AtWork):
                raise
            except Exception:
                logger.exception("change of many %s", self.run_id)
                self._fail(_("Something unexpected happened here. Nothing is half done: try to go on."))

    def _take(self) -> None:
        with entered(self.user, self.workspace, door=self.door):
            run = BulkRun.objects.get(id=self.run_id)
            self.lease = RUNS.take(run.id, run.holder)
            if self.lease is None and run.state == BulkState.RUNNING:
                raise AtWork(_("Another process is at work on this at this moment."))
            if self.lease is None:
                raise Superseded

    def _step(self) -> bool:
        """Do the next batch; whether there may be another one."""
        with entered(self.user, self.workspace, door=self.door) as actor:
            self._held().hold()
            run = BulkRun.objects.get(id=self.run_id)
            batch = BulkBatch.objects.filter(run=run, is_done=False).order_by("number").first()
            if Operation.objects.filter(id=run.operation_id, undone_by__isnull=False).exists():
                # What was done so far was turned back meanwhile: the rest is not wanted either.
                end_run(run, BulkState.CANCELLED)
                return False
            if batch is None:
                end_run(run, BulkState.DONE)
                _tell(actor, run)
                return False
            carry_out_batch(actor, run, batch)
            return True

    def _stop_if_asked(self) -> None:
        if self.should_stop():
            with entered(self.user, self.workspace, door=self.door):
                self._held().release()
            raise Superseded

    def _fail(self, sentence: str) -> None:
        with entered(self.user, self.workspace, door=self.door) as actor:
            mine = BulkRun.objects.filter(id=self.run_id, fence=self._held().fence, state=BulkState.RUNNING)
            if mine.update(state=BulkState.FAILED, problem=sentence[:500], lease_until=None, holder=""):
                _tell(actor, BulkRun.objects.get(id=self.run_id))

    def _held(self) -> Lease:
        if self.lease is None:
            raise Superseded
        return self.lease


def end_run(run: BulkRun, state: BulkState) -> None:
    """Say that a run is over; what its batches were is of no use any more."""
    BulkBatch.objects.filter(run=run).delete()
    BulkRun.objects.filter(id=run.id).update(state=state, finished_at=now(), lease_until=None, holder="", problem="")


def _tell(actor: Entrance, run: BulkRun) -> None:
    publish(BulkEnded(run.id, actor.seat_id))
