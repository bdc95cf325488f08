# SPDX-License-Identifier: AGPL-3.0-or-later
import secrets
from datetime import timedelta
from uuid import UUID

from plein.core.audit import audit, audit_apart, keyed
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.dav.models import DeviceKey, Told
from plein.trust.actions.links import digest_of
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: Letters that are not taken for each other when one types them over from a screen: five bits each.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS, OF = 5, 4
#: When it was used is written down no more often than this.
NOTED = timedelta(minutes=5)
MOST_KEYS = 40


class TooMany(ValueError):
    """Somebody has more passwords of devices than anybody has devices."""


def make_key(*, actor: Entrance, kind: str, name: str = "", reach: str = "mine", may_write: bool = True) -> str:
    """Make a password for a device, or an address to follow an agenda by; shown once, only its hash is kept."""
    permit(actor, "read")
    if DeviceKey.objects.filter(user=actor.user, revoked_at__isnull=True).count() >= MOST_KEYS:
        raise TooMany
    drawn = "".join(secrets.choice(LETTERS) for _place in range(GROUPS * OF))
    key = DeviceKey.objects.create(
        digest=digest_of(drawn),
        kind=kind,
        name=name,
        user=actor.user,
        into_workspace=actor.workspace_id,
        reach=reach,
        may_write=may_write and kind == "device" and actor.can_write,
    )
    audit("make_device_key", kind="token", about=key.id, device=kind == "device", writes=key.may_write)
    return "-".join(drawn[at : at + OF] for at in range(0, len(drawn), OF))


def plain(secret: str) -> str:
    """A secret as it was drawn, however somebody typed it over."""
    return "".join(char for char in secret.lower() if char in LETTERS)


def find_key(secret: str, *, kind: str, email: str = "", address: str = "") -> DeviceKey | None:
    """The key behind a secret, if it is still good and, of a device, of the user who is named."""
    with no_workspace("find a key of a device"):
        keys = DeviceKey.objects.select_related("user").filter(
            digest=digest_of(plain(secret)), kind=kind, revoked_at__isnull=True
        )
        key = keys.first()
        if key is None or not key.user.is_active:
            return None
        if kind == "device" and key.user.email.lower() != email.strip().lower():
            return None
        if key.last_used_at is None:
            audit_apart(
                "first_use_of_device_key",
                workspace=key.into_workspace,
                user=key.user_id,
                door="dav",
                kind="token",
                about=key.id,
            )
        if key.last_used_at is None or key.last_used_at < now() - NOTED:
            place = keyed("address", address)
            DeviceKey.objects.filter(id=key.id).update(last_used_at=now(), last_used_from=place)
        return key


def revoke_key(*, actor: Entrance, key_id: UUID) -> None:
    """Make a key of one's own useless at once."""
    permit(actor, "read")
    if DeviceKey.objects.filter(id=key_id, user=actor.user, revoked_at__isnull=True).update(revoked_at=now()):
        Told.objects.filter(key_id=key_id).delete()
        audit("revoke_device_key", kind="token", about=key_id)
