# SPDX-License-Identifier: AGPL-3.0-or-later
"""The operation under which a connection writes."""

from datetime import timedelta
from uuid import UUID

from plein.channels.models import Connection
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import begin


def operation_of_today(connection: Connection) -> UUID:
    """The operation under which a connection writes: one a day, so that a day can be turned back."""
    running = [connection.operation_id] if connection.operation_id else []
    present = Operation.objects.filter(id__in=running, undone_by__isnull=True).first()
    if present is not None and now() - present.started_at < timedelta(days=1):
        return present.id
    return begin("hear", connection_id=str(connection.id)).id
