# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets one worker at a time write an import; see plein/core/leases.py."""

from django.db import connection
from django.utils.translation import gettext as _

from plein.channels.models import ImportState, MailImport
from plein.core import leases
from plein.core.isolation import workspace_id
from plein.core.leases import AtWork, Lease, Superseded

__all__ = ["AtWork", "Lease", "Superseded", "is_abandoned", "one_writer_at_a_time", "take"]

IMPORTS = leases.Workplace(MailImport._meta.db_table, (ImportState.SCANNING, ImportState.RUNNING))


def take(mail_import: MailImport) -> Lease:
    """Take the import, or raise AtWork when a living worker has it."""
    lease = IMPORTS.take(mail_import.id, mail_import.holder)
    if lease is None:
        raise AtWork(_("Another process is bringing in “%(name)s” at this moment.") % {"name": mail_import.name})
    return lease


def is_abandoned(planned: MailImport) -> bool:
    """Whether nobody works on an import that says somebody does."""
    return leases.is_abandoned(planned.lease_until, planned.holder)


def one_writer_at_a_time() -> None:
    """Wait until no other import of this workspace writes: two must not make the same person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7533461, %s)", [workspace_id()])
