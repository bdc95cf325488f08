# SPDX-License-Identifier: AGPL-3.0-or-later
"""One visit to the account of a connection: each batch is one transaction that also saves the place to go on from."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError
from django.utils.translation import gettext as _

from plein.channels.base import Cursor
from plein.channels.connecting import NotUsable, connector_of, folder_of, visit_of, way_out
from plein.channels.events import ConnectionStopped, VisitEnded
from plein.channels.live import Heard, Trouble
from plein.channels.models import Connection, ConnectionState
from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import in_operation
from plein.moments.hearing.backing_off import pause_after, until_next
from plein.moments.hearing.daily import operation_of_today
from plein.moments.hearing.lease import HEARINGS, AtWork, Lease, Superseded
from plein.moments.hearing.pulling import Pull
from plein.moments.hearing.storing import Storing
from plein.trust.models import User
from plein.trust.seats import Entrance, entered
from plein.trust.secret_box import Unopenable

logger = logging.getLogger(__name__)


@dataclass
class Visitor:
    """One worker's visit to one connection."""

    user: User
    workspace: int
    connection_id: UUID
    door: str = "worker"
    should_stop: Callable[[], bool] = lambda: False
    heard: int = 0
    #: What came of it so far.
    came: dict[str, int] = field(default_factory=dict)
    _lease: Lease | None = field(default=None, repr=False)
    _storing: Storing | None = field(default=None, repr=False)
    _written: int = 0
    _gather_at: int = 300

    def visit(self) -> None:
        """Hear what is new; trouble of the other side is noted with the connection, not raised.

        Raises AtWork when somebody is there already. What another worker took over, or its owner paused, ends silently.
        """
        with self._entered():
            connection = Connection.objects.get(id=self.connection_id)
            if connection.state != ConnectionState.ACTIVE:
                return
            self._lease = HEARINGS.take(connection.id, connection.holder)
            if self._lease is None:
                raise AtWork(_("Another process is listening to “%(name)s” now.") % {"name": connection.name})
            self._save(tried_at=now())
        try:
            self._listen(connection)
            self._done()
        except Superseded:
            return
        except (Trouble, NotUsable, Unopenable) as trouble:
            with suppress(Superseded):
                self._troubled(trouble)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("connection %s", self.connection_id)
            words = _(
                "Something unexpected happened. Nothing is lost; Plein tries again, and the log says what it was."
            )
            with suppress(Superseded):
                self._troubled(Trouble(words))

    def _listen(self, connection: Connection) -> None:
        with closing(way_out(connection)) as net:
            with self._entered():
                visit = visit_of(connection, net, should_stop=self.should_stop)
            source = connector_of(connection.connector).fetch(visit)
            pull = Pull(source, self._beat, is_first=connection.succeeded_at is None)
            with closing(pull.batches()) as batches:
                for cursor, items in batches:
                    self._write(cursor, items)
                    self._gather_when_due(len(items))
                    if self.should_stop():
                        raise Superseded

    def _write(self, cursor: Cursor, items: list[Heard]) -> None:
        try:
            self._try(cursor, items)
        except IntegrityError:
            # Somebody removed a person or an address that the book still holds: ask again, once.
            self._storing = None
            self._try(cursor, items)

    def _try(self, cursor: Cursor, items: list[Heard]) -> None:
        with self._entered() as actor:
            self._held().hold()
            connection = Connection.objects.get(id=self.connection_id)
            if not items:
                self._save(cursor=cursor)
                return
            operation = operation_of_today(connection)
            if self._storing is None:
                self._storing = Storing(connection, actor)
            self._storing.counts.clear()
            with in_operation(operation):
                self._storing.store(items)
            counts = connection.counts
            for name, number in self._storing.counts.items():
                counts[name] = int(counts.get(name, 0)) + number
            self._save(cursor=cursor, counts=counts, operation_id=operation)
            came = dict(self._storing.counts)
        self.heard += len(items)
        for name, number in came.items():
            self.came[name] = self.came.get(name, 0) + number

    def _done(self) -> None:
        with self._entered():
            lease = self._held()
            lease.hold()
            connection = Connection.objects.get(id=self.connection_id)
            if self.heard and self._storing is not None:
                with in_operation(connection.operation_id):
                    self._storing.finish()
            self._save(
                succeeded_at=now(),
                problem="",
                failures=0,
                next_try_at=now() + until_next(connection),
            )
            publish(VisitEnded(connection.id, connection.connector))
            self._tidy(connection)
            lease.release()

    def _troubled(self, trouble: Exception) -> None:
        """Note what is wrong, and when to try again; what lasts waits for the owner, who is told.

        Who was overtaken notes nothing: somebody else knows better how it stands.
        """
        is_lasting = not isinstance(trouble, Trouble) or trouble.is_lasting
        with self._entered() as actor:
            lease = self._held()
            lease.hold()
            connection = Connection.objects.get(id=self.connection_id)
            failures = connection.failures + 1
            wait = pause_after(failures, getattr(trouble, "retry_after", None))
            words = _("Write the password again.") if isinstance(trouble, Unopenable) else str(trouble)
            changes: dict[str, Any] = {"problem": words[:500], "failures": failures, "next_try_at": now() + wait}
            if is_lasting:
                changes["state"] = ConnectionState.STOPPED
                publish(ConnectionStopped(connection.id, actor.seat_id))
            self._save(**changes)
            self._tidy(connection)
            lease.release()

    def _tidy(self, connection: Connection) -> None:
        """What was stored has its files; what was not comes again with its own."""
        if Connection.objects.filter(id=connection.id, fence=self._held().fence).exists():
            shutil.rmtree(folder_of(connection), ignore_errors=True)

    @contextmanager
    def _entered(self) -> Iterator[Entrance]:
        with entered(self.user, self.workspace, door=self.door) as actor:
            yield actor

    def _beat(self) -> None:
        with self._entered():
            self._held().hold()
        if self.should_stop():
            raise Superseded

    def _held(self) -> Lease:
        if self._lease is None:
            raise Superseded
        return self._lease

    def _save(self, **changes: Any) -> None:
        Connection.objects.filter(id=self.connection_id, fence=self._held().fence).update(**changes)

    def _gather_when_due(self, number: int) -> None:
        """Tell the planner in time what came in, as an import does."""
        self._written += number
        if self._written >= self._gather_at:
            self._gather_at = self._written * 4
            with self._entered():
                Storing.gather()
