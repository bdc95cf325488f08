# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets one worker at a time carry on with a long piece of work: a lease on the database's clock, and a fence.

The work is a row with the columns `state`, `fence`, `holder` and `lease_until`. `fence` counts the workers that took
it: only the latest may write. `lease_until` is how long the present one may be silent, `holder` which process it is.
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.ids import now
from plein.core.isolation import workspace_id

LEASE_SECONDS = 20
_TAKE = """
    UPDATE {table}
       SET fence = fence + 1, holder = %s, lease_until = clock_timestamp() + make_interval(secs => %s)
     WHERE workspace_id = %s AND id = %s AND state = ANY(%s)
       AND (lease_until IS NULL OR lease_until < clock_timestamp() OR holder = %s OR holder = ANY(%s))
 RETURNING fence
"""
_RENEW = """
    UPDATE {table} SET lease_until = clock_timestamp() + make_interval(secs => %s)
     WHERE workspace_id = %s AND id = %s AND fence = %s AND state = ANY(%s) RETURNING 1
"""
_RELEASE = "UPDATE {table} SET lease_until = NULL, holder = '' WHERE workspace_id = %s AND id = %s AND fence = %s"


class Superseded(Exception):
    """Another worker has the work now, or somebody paused or cancelled it."""


class AtWork(Exception):
    """Another process is doing this at this moment; the message says which."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """A table of long pieces of work, and the states in which somebody works on one."""

    table: str
    at_work: tuple[str, ...]

    def take(self, work: UUID, holder: str) -> "Lease | None":
        """Take a piece of work whose row names this holder, or None when a living worker has it."""
        gone = [holder] if holder and is_gone(holder) else []
        me = this_process()
        taken = _ask(
            _TAKE.format(table=self.table),
            [me, LEASE_SECONDS, workspace_id(), work, list(self.at_work), me, gone],
        )
        return Lease(self, work, taken[0][0]) if taken else None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to carry on with a piece of work, as long as nobody took it over."""

    place: Workplace
    work: UUID
    fence: int

    def hold(self) -> None:
        """Renew the lease, and lock the row until the transaction ends; raises Superseded when it is lost."""
        renew = _RENEW.format(table=self.place.table)
        if not _ask(renew, [LEASE_SECONDS, workspace_id(), self.work, self.fence, list(self.place.at_work)]):
            raise Superseded

    def release(self) -> None:
        """Let somebody else take it at once."""
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE.format(table=self.place.table), [workspace_id(), self.work, self.fence])


def this_process() -> str:
    """The name of this process among all that may work on something."""
    return f"{socket.gethostname()[:70]}:{os.getpid()}"


def is_abandoned(lease_until: datetime | None, holder: str) -> bool:
    """Whether nobody works on something that says somebody does."""
    return lease_until is None or lease_until < now() or is_gone(holder)


def is_gone(holder: str) -> bool:
    """Whether the holder was a process of this machine that has ended."""
    host, _colon, pid = holder.rpartition(":")
    if host != socket.gethostname()[:70] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _ask(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
