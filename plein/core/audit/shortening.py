# SPDX-License-Identifier: AGPL-3.0-or-later
"""Old lines go, from the beginning only; the sealed end of what went stays, so that the rest can still be verified."""

from datetime import datetime, timedelta

from django.db import connection

from plein.core import chain
from plein.core.audit.verifying import Misfit, verify
from plein.core.ids import new_id
from plein.core.isolation.context import Context, workspace_context
from plein.core.models import AuditEntry

#: Nobody shortens it further; the database refuses, too.
KEPT_AT_LEAST = timedelta(days=90)


class DoesNotFit(Exception):
    """A log that was tampered with is not shortened: that would seal over it."""

    def __init__(self, misfit: Misfit) -> None:
        super().__init__(misfit.reason)
        self.misfit = misfit


def shorten(workspace: int, before: datetime) -> int:
    """Take the lines of one chain away that are older than this; returns how many. Raises DoesNotFit."""
    place = None if workspace == chain.NOWHERE else workspace
    with workspace_context(Context(workspace_id=place, door="audit")), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM plein_audit_head()")
        if not AuditEntry.objects.filter(at__lt=before).exists():
            return 0
        misfit = verify(workspace).misfit
        if misfit is not None:
            raise DoesNotFit(misfit)
        stays = AuditEntry.objects.filter(at__gte=before).order_by("seq").first()
        goes = AuditEntry.objects.order_by("-seq")
        last = (goes.filter(seq__lt=stays.seq) if stays else goes).first()
        if last is None:
            return 0
        name, key = chain.present_key()
        digest = bytes(last.hash)
        seal = chain.head_seal(key, "start", workspace, last.seq, digest)
        cursor.execute("SELECT plein_audit_shorten(%s, %s, %s, %s, %s)", [new_id(), last.seq, digest, name, seal])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
