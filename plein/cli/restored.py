# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a Plein that was just restored does before anybody works in it."""

from datetime import datetime

from django.utils import translation

from plein.core.audit import audit_apart
from plein.outbox.actions import hold_back
from plein.trust.models import Role
from plein.trust.queries import every_seat
from plein.trust.seats import entered


def log_restored(made_at: str, erased: int) -> None:
    """Every log goes on where the backup left it, and says so: what was logged since then is not in it."""
    made = int(datetime.fromisoformat(made_at).timestamp())
    for workspace in sorted({seat.workspace_id for seat in every_seat()} | {0}):
        audit_apart("restore", workspace=workspace or None, door="cli", made=made, erased=erased)


def hold_mail() -> int:
    """Mail that was waiting when the backup was made may have left since: nobody sends it twice by restoring."""
    held = 0
    for seat in every_seat():
        if seat.is_active and seat.user.is_active and seat.role != Role.GUEST:
            with translation.override(seat.user.language), entered(seat.user, seat.workspace_id, door="cli") as actor:
                held += hold_back(actor=actor)
    return held
