# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a snapshot of the network, and doing without one."""

import time
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from plein.core.ids import new_id, now
from plein.core.isolation import workspace_id
from plein.network.models import Snapshot
from plein.network.queries.snapshots import is_large, is_wanted
from plein.network.snapshot.building import made
from plein.network.snapshot.files import sweep, write
from plein.network.snapshot.seen import Seen
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: One maker at a time in a workspace.
LOCK = 7_351_003


def take_snapshot(*, actor: Entrance) -> Snapshot:
    """Make a snapshot of the network as it is, and use it from now on in place of the one before.

    It follows from what is there, so it is no history and nothing to turn back.
    """
    permit(actor, "manage")
    began = time.monotonic()
    _alone()
    note, arrays = made()
    found = Snapshot(id=new_id(), at=now(), relations=note.relations, halves=note.halves)
    found.bytes = write(str(found.id), note, arrays)
    Snapshot.objects.all().delete()
    found.seconds = time.monotonic() - began
    found.save(force_insert=True)
    # What came later is told by the feed; what was there before is in the snapshot.
    _forget_feed(min((note.begun.until, *note.begun.open)))
    transaction.on_commit(partial(sweep, workspace_id(), str(found.id)))
    return found


def drop_snapshot(*, actor: Entrance) -> None:
    """Do without a snapshot: the database answers everything."""
    permit(actor, "manage")
    _alone()
    if Snapshot.objects.exists():
        Snapshot.objects.all().delete()
    transaction.on_commit(partial(sweep, workspace_id(), ""))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        seen = Seen.of(cursor.fetchone()[0])
    _forget_feed(min((seen.until, *seen.open)))


def keep_snapshot(*, actor: Entrance) -> Snapshot | None:
    """Make a snapshot when one is wanted, and none where the network is small or it is switched off."""
    permit(actor, "manage")
    if not settings.PLEIN_SNAPSHOT or not is_large():
        drop_snapshot(actor=actor)
        return None
    return take_snapshot(actor=actor) if is_wanted() else None


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, workspace_id()])


def _forget_feed(before: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_network_forget_feed(%s)", [before])
