# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waking devices by Web Push. The push service learns nothing: what is sent says only that something is new.

The device's own script fetches the words with the session of the browser, so that whoever was signed out, or may no
longer see it, reads nothing. The key that signs is the workspace's, in the secret box.
"""

import http.client
import json
import logging
import ssl
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.utils.translation import gettext as _
from webpush import WebPush, WebPushSubscription
from webpush.vapid import VAPID

from plein.core import outside
from plein.core.ids import now
from plein.notifications.models import Device, Notification
from plein.notifications.queries.preferences import preference_of, quiet_until, wants
from plein.notifications.vocabulary import Channel
from plein.trust import secret_box
from plein.trust.models import User
from plein.trust.seats import entered
from plein.trust.zones import zone_of

logger = logging.getLogger(__name__)
SECRET = "web-push"  # noqa: S105 — the name under which the key lies in the secret box
SECONDS = 15
#: How long the push service keeps a message for a device that is off: a working day.
KEPT_SECONDS = 12 * 3600
GONE = (http.client.NOT_FOUND, http.client.GONE)
TAKEN = (http.client.OK, http.client.CREATED, http.client.ACCEPTED, http.client.NO_CONTENT)


def public_key() -> str:
    """The key by which browsers know this workspace; made at its first use."""
    return str(VAPID.get_application_server_key(serialization.load_pem_public_key(_keys()["public"].encode())))


def _keys() -> dict[str, str]:
    kept = secret_box.get(SECRET)
    if kept is not None:
        return dict(json.loads(kept))
    private, public, _application_key = VAPID.generate_keys()
    keys = {"private": private.decode(), "public": public.decode()}
    secret_box.put(SECRET, json.dumps(keys))
    return keys


def has_devices(seat: UUID) -> bool:
    """Whether a colleague has a device that may be woken."""
    return Device.objects.filter(seat_id=seat).exists()


def checked_endpoint(text: str) -> str:
    """The address of a device at its push service; raises ValueError for what Plein does not send to."""
    parts = urlsplit(text)
    is_local = settings.PLEIN_PUSH_INSIDE and parts.scheme == "http"
    if (parts.scheme != "https" and not is_local) or not parts.hostname or parts.username or len(text) > 2000:
        raise ValueError(_("This browser gave an address that Plein does not send to."))
    return text


def send(user: User, workspace: int, notification: UUID) -> datetime | None:
    """Wake the devices of a user, if it is still new to them; returns when to try again while it is quiet there.

    The line over which it goes is used while no transaction is open.
    """
    with entered(user, workspace, door="worker") as actor:
        row = Notification.objects.filter(id=notification, seat_id=actor.seat_id, read_at__isnull=True).first()
        preference = preference_of(actor.seat_id)
        if row is None or preference.is_paused or not wants(preference, row.kind, Channel.PUSH):
            return None
        later = quiet_until(preference, zone_of(user), now())
        if later is not None:
            return later
        line = Notification.objects.filter(seat_id=actor.seat_id, line=row.line)
        if line.filter(pushed_at__isnull=False).exists():
            return None
        line.update(pushed_at=now())
        devices, keys = list(Device.objects.filter(seat_id=actor.seat_id)), _keys()
    _wake(user, workspace, devices, keys, str(row.line))
    return None


def _wake(user: User, workspace: int, devices: list[Device], keys: dict[str, str], line: str) -> None:
    writer = WebPush(keys["private"].encode(), keys["public"].encode(), subscriber=_contact(), ttl=KEPT_SECONDS)
    answers = {device.id: _deliver(writer, device, line) for device in devices}
    gone = [id for id, status in answers.items() if status in GONE]
    taken = [id for id, status in answers.items() if status in TAKEN]
    with entered(user, workspace, door="worker"):
        Device.objects.filter(id__in=gone).delete()
        Device.objects.filter(id__in=taken).update(reached_at=now())
    if answers and not taken and len(gone) < len(answers):
        logger.warning("a push service answered %s", sorted(set(answers.values())))


def _contact() -> str:
    """Whom a push service may write to about us; it must look like an address."""
    host = urlsplit(settings.PLEIN_URL).hostname or "localhost"
    return f"plein@{host if '.' in host else 'plein.example'}"


def _deliver(writer: WebPush, device: Device, line: str) -> int:
    """Hand one message over; returns the status of the answer, 0 when there was none."""
    try:
        subscription = WebPushSubscription.model_validate(
            {"endpoint": device.endpoint, "keys": {"auth": device.auth, "p256dh": device.p256dh}}
        )
        message = writer.get(json.dumps({"new": line}), subscription)
        return _post(device.endpoint, message.encrypted, dict(message.headers) | {"urgency": "normal"})
    except (OSError, ValueError, http.client.HTTPException) as trouble:
        logger.info("a device was not reached: %s", type(trouble).__name__)
        return 0


def _post(address: str, body: bytes, headers: dict[str, object]) -> int:
    parts = urlsplit(checked_endpoint(address))
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    plug = outside.connect(host, port, timeout=SECONDS, may_be_inside=settings.PLEIN_PUSH_INSIDE)
    line = http.client.HTTPConnection(host, port, timeout=SECONDS)
    line.sock = ssl.create_default_context().wrap_socket(plug, server_hostname=host) if is_secure else plug
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path or "/", body, {name: str(value) for name, value in headers.items()})
        return line.getresponse().status
    finally:
        line.close()
