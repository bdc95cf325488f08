# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets one worker at a time write an import: a lease on the database's clock, and a fence against older workers."""

import os
import socket
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from plein.channels.models import ImportState, MailImport
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.moments.intake.rows import fetch

LEASE_SECONDS = 20
_AT_WORK = (ImportState.SCANNING, ImportState.RUNNING)
_TAKE = """
    UPDATE channels_mail_import
       SET fence = fence + 1, holder = %s, lease_until = clock_timestamp() + make_interval(secs => %s)
     WHERE workspace_id = %s AND id = %s AND state = ANY(%s)
       AND (lease_until IS NULL OR lease_until < clock_timestamp() OR holder = %s OR holder = ANY(%s))
 RETURNING fence
"""
_RENEW = """
    UPDATE channels_mail_import SET lease_until = clock_timestamp() + make_interval(secs => %s)
     WHERE workspace_id = %s AND id = %s AND fence = %s AND state = ANY(%s) RETURNING 1
"""


class Superseded(Exception):
    """Another worker has the import now, or somebody paused or cancelled it."""


class AtWork(Exception):
    """Another process is bringing this in at this moment; the message says which."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write an import, as long as nobody took it over."""

    import_id: UUID
    fence: int

    def hold(self) -> None:
        """Renew the lease, and lock the import until the transaction ends; raises Superseded when it is lost."""
        held = fetch(_RENEW, [LEASE_SECONDS, workspace_id(), self.import_id, self.fence, list(_AT_WORK)])
        if not held:
            raise Superseded

    def release(self) -> None:
        """Let somebody else take it at once."""
        MailImport.objects.filter(id=self.import_id, fence=self.fence).update(lease_until=None, holder="")


def this_process() -> str:
    """The name of this process among all that may work on an import."""
    return f"{socket.gethostname()[:70]}:{os.getpid()}"


def take(mail_import: MailImport) -> Lease:
    """Take the import, or raise AtWork when a living worker has it."""
    gone = [mail_import.holder] if mail_import.holder and _is_gone(mail_import.holder) else []
    holder = this_process()
    taken = fetch(_TAKE, [holder, LEASE_SECONDS, workspace_id(), mail_import.id, list(_AT_WORK), holder, gone])
    if not taken:
        raise AtWork(_("Another process is bringing in “%(name)s” at this moment.") % {"name": mail_import.name})
    return Lease(mail_import.id, taken[0][0])


def is_abandoned(planned: MailImport) -> bool:
    """Whether nobody works on an import that says somebody does."""
    return planned.lease_until is None or planned.lease_until < now() or _is_gone(planned.holder)


def _is_gone(holder: str) -> bool:
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


def one_writer_at_a_time() -> None:
    """Wait until no other import of this workspace writes: two must not make the same person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7533461, %s)", [workspace_id()])
