# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from plein.core.ids import now
from plein.notifications.models import Notification
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def mark_read(*, actor: Entrance, lines: Iterable[UUID] | None = None) -> datetime | None:
    """Note that the actor read these lines, or all there are; returns the moment that `mark_unread` turns back."""
    permit(actor, "read")
    unread = Notification.objects.filter(seat_id=actor.seat_id, read_at__isnull=True)
    if lines is not None:
        unread = unread.filter(line__in=list(lines))
    moment = now()
    return moment if unread.update(read_at=moment) else None


def mark_unread(*, actor: Entrance, lines: Iterable[UUID] = (), read_at: datetime | None = None) -> int:
    """Note that the actor did not read these lines after all, or what was marked at one moment."""
    permit(actor, "read")
    mine = Notification.objects.filter(seat_id=actor.seat_id, read_at__isnull=False)
    found = mine.filter(read_at=read_at) if read_at is not None else mine.filter(line__in=list(lines))
    return found.update(read_at=None)
