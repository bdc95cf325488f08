# SPDX-License-Identifier: AGPL-3.0-or-later
import hashlib
from typing import Any

from plein.notifications.models import Device, Preference
from plein.notifications.vocabulary import Channel, Kind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

CHOICES = frozenset({"rhythm", "mail_hour", "has_quiet_hours", "quiet_from", "quiet_until", "is_paused"})
#: More than anybody has; the one that was added first makes room.
MOST_DEVICES = 20


def choose(*, actor: Entrance, grid: dict[str, dict[str, bool]] | None = None, **choices: Any) -> Preference:
    """Keep by what means, and when, the actor wants to be told; only about oneself, so it is no history."""
    permit(actor, "read")
    unknown = choices.keys() - CHOICES
    if unknown:
        raise TypeError(f"nothing to choose: {sorted(unknown)}")
    if grid is not None:
        choices["grid"] = {
            str(kind): {str(channel): bool(grid.get(kind, {}).get(channel)) for channel in Channel} for kind in Kind
        }
    saved, _made = Preference.objects.update_or_create(seat_id=actor.seat_id, defaults=choices)
    return saved


def add_device(*, actor: Entrance, endpoint: str, p256dh: str, auth: str, name: str = "") -> Device:
    """Let a browser be woken; it is its present user's, whoever used it before."""
    permit(actor, "read")
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    facts = {"seat_id": actor.seat_id, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "name": name[:80]}
    device, _made = Device.objects.update_or_create(digest=digest, defaults=facts)
    kept = Device.objects.filter(seat_id=actor.seat_id).order_by("-created_at", "-id").values_list("id", flat=True)
    Device.objects.filter(seat_id=actor.seat_id).exclude(id__in=list(kept[:MOST_DEVICES])).delete()
    return device


def forget_device(*, actor: Entrance, device: Device) -> None:
    """Let a browser sleep from now on."""
    permit(actor, "read")
    Device.objects.filter(id=device.id, seat_id=actor.seat_id).delete()
