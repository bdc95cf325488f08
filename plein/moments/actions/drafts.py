# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from plein.core.events import publish
from plein.core.ids import now
from plein.moments.events import DraftBegun
from plein.moments.models import Draft
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_DRAFT = 100_000


def draft_of(seat_id: UUID, key: str) -> dict[str, Any]:
    """What a colleague was writing at a place, or nothing."""
    found = Draft.objects.filter(seat_id=seat_id, key=key).first()
    return dict(found.content) if found else {}


def save_draft(*, actor: Entrance, key: str, content: dict[str, Any]) -> None:
    """Keep what a colleague is writing, so that it is never lost; without any words there is nothing to keep."""
    permit(actor, "write")
    if not any(str(value).strip() for name, value in content.items() if name in ("text", "subject", "outcome")):
        discard_draft(actor=actor, key=key)
        return
    kept = {name: value[:LONGEST_DRAFT] if isinstance(value, str) else value for name, value in content.items()}
    _draft, is_new = Draft.objects.update_or_create(
        seat_id=actor.seat_id, key=key[:120], defaults={"content": kept, "changed_at": now()}
    )
    if is_new:
        publish(DraftBegun(key[:120]))


def discard_draft(*, actor: Entrance, key: str) -> None:
    """Forget what a colleague was writing: it was recorded, or they wiped it."""
    Draft.objects.filter(seat_id=actor.seat_id, key=key[:120]).delete()
