# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waits at every connection that can call, so that what is new is on the timeline within seconds.

One process of an installation listens: it holds a lock of the database, and when it ends another one takes over. Each
connection has a thread that waits without holding a line to the database; whoever hears a call visits at once, under
the same lease as every other visit. What nobody called for comes with the visit of each minute.
"""

import logging
import threading
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, connections

from plein.channels.connecting import NotUsable, connector_of, visit_of, way_out
from plein.channels.connectors.known import CONNECTORS
from plein.channels.live import Trouble
from plein.channels.models import Connection, ConnectionState
from plein.core.ids import now
from plein.moments.hearing.backing_off import pause_after
from plein.moments.hearing.lease import AtWork
from plein.moments.hearing.visitor import Visitor
from plein.moments.queries.hearing import waiting_connections
from plein.trust.seats import NoSeat, entered, user_of_job
from plein.trust.secret_box import Unopenable

logger = logging.getLogger(__name__)
#: So often is looked which connections there are, and whether this process may still listen.
ROUND_SECONDS = 5.0
#: A wait is begun anew after so long.
WAIT_SECONDS = 25 * 60.0
#: So many at once are waited at, and visited: the others have the visit of each minute.
MOST_WAITING, MOST_VISITS = 300, 2
#: A call after which nothing was new is not answered again before this.
AFTER_NOTHING = 30.0
#: Which lock of the database says that somebody listens.
LOCK = 5_201_886_310_412


@dataclass
class _Waiting:
    """One connection somebody waits at."""

    workspace: int
    user: UUID
    connection: UUID
    ended: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


class Listeners:
    """Everybody who waits, in the one process that listens."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._waiting: dict[UUID, _Waiting] = {}
        self._visits = threading.BoundedSemaphore(MOST_VISITS)
        self._line: psycopg.Connection | None = None
        self._leader: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._leader = threading.Thread(target=self._lead, name="listeners", daemon=True)
        self._leader.start()

    def stop(self, seconds: float = 10.0) -> None:
        """End every wait; what is being stored at this moment is stored first."""
        until = monotonic() + seconds
        self._ended.set()
        everybody = [one.thread for one in self._waiting.values()]
        for one in self._waiting.values():
            one.ended.set()
        for thread in (self._leader, *everybody):
            if thread is not None:
                thread.join(timeout=max(0.1, until - monotonic()))

    def _lead(self) -> None:
        while not self._ended.is_set():
            try:
                wanted = self._wanted() if self._may_listen() else {}
                self._agree(wanted)
            except (DatabaseError, psycopg.Error, OSError) as trouble:
                logger.info("listening goes on when the database is back: %s", type(trouble).__name__)
                self._let_go()
            finally:
                connections.close_all()
            self._ended.wait(ROUND_SECONDS)
        self._let_go()

    def _may_listen(self) -> bool:
        """Whether this process is the one that listens; the lock lasts as long as its line to the database."""
        if self._line is not None:
            self._line.execute("SELECT 1")
            return True
        line = psycopg.connect(**_parameters(), autocommit=True)
        taken = line.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        if taken is None or not taken[0]:
            line.close()
            return False
        self._line = line
        return True

    def _let_go(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _wanted(self) -> dict[UUID, _Waiting]:
        kinds = [one.key for one in CONNECTORS if one.can_wait]
        found = waiting_connections(kinds)[:MOST_WAITING]
        return {connection: _Waiting(workspace, user, connection) for workspace, user, connection in found}

    def _agree(self, wanted: dict[UUID, _Waiting]) -> None:
        """Wait at all that are wanted, and at no others."""
        for one in list(self._waiting.values()):
            if one.connection not in wanted:
                one.ended.set()
            if one.thread is None or not one.thread.is_alive():
                del self._waiting[one.connection]
        for key, one in wanted.items():
            if key not in self._waiting and not self._ended.is_set():
                self._waiting[key] = one
                one.thread = threading.Thread(target=self._wait_at, args=[one], name=f"wait {key}", daemon=True)
                one.thread.start()

    def _wait_at(self, one: _Waiting) -> None:
        failures = 0
        while not one.ended.is_set():
            try:
                self._once(one)
                failures = 0
            except (NoSeat, Connection.DoesNotExist):
                return
            except (Trouble, NotUsable, Unopenable, DatabaseError) as trouble:
                failures += 1
                logger.info("waiting at %s: %s", one.connection, type(trouble).__name__)
                one.ended.wait(pause_after(failures, getattr(trouble, "retry_after", None)).total_seconds())
            except Exception:
                logger.exception("waiting at %s", one.connection)
                failures += 1
                one.ended.wait(pause_after(failures).total_seconds())
            finally:
                connections.close_all()

    def _once(self, one: _Waiting) -> None:
        """One wait, and the visit after it when there is news."""
        found = self._present(one)
        if found is None:
            one.ended.wait(1.0)
            return
        with closing(way_out(found)) as net:
            with entered(user_of_job(str(one.user)), one.workspace, door="worker"):
                visit = visit_of(found, net, should_stop=one.ended.is_set)
            # A wait takes half an hour: nobody holds a line to the database so long.
            connections.close_all()
            is_called = connector_of(found.connector).wait(visit, most_seconds=WAIT_SECONDS)
        if is_called and not one.ended.is_set():
            self._visit(one, before=found.cursor)

    def _present(self, one: _Waiting) -> Connection | None:
        """The connection as it is, or None while somebody visits it."""
        with entered(user_of_job(str(one.user)), one.workspace, door="worker"):
            found: Connection = Connection.objects.get(id=one.connection)
        if found.state != ConnectionState.ACTIVE or found.failures:
            one.ended.set()
            return None
        is_visited = found.lease_until is not None and found.lease_until > now()
        return None if is_visited else found

    def _visit(self, one: _Waiting, before: str) -> None:
        visitor = Visitor(user_of_job(str(one.user)), one.workspace, one.connection, should_stop=one.ended.is_set)
        with self._visits:
            try:
                visitor.visit()
            except AtWork:
                one.ended.wait(1.0)
                return
        after = self._present(one)
        if after is not None and after.cursor == before:
            one.ended.wait(AFTER_NOTHING)


def _parameters() -> dict[str, Any]:
    parameters = dict(connections["default"].get_connection_params())
    for name in ("context", "cursor_factory"):
        parameters.pop(name, None)
    return parameters
