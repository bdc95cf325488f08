# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secret box: credentials for the outside world, encrypted with a key that is not in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.trust.models import Secret


class Unopenable(RuntimeError):
    """The key of this Plein does not fit a secret: it was sealed with another one, or damaged."""


def _box() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"plein-secretbox").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(about: str, value: str) -> bytes:
    """A secret of a user, who is in no workspace: it opens only for what it is about."""
    return _box().encrypt(f"{about}\n{value}".encode())


def unseal(about: str, sealed: bytes) -> str:
    """What was sealed about this; raises Unopenable."""
    try:
        opened = _box().decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise Unopenable(about) from error
    kept, _, value = opened.partition("\n")
    if kept != about:
        raise Unopenable(about)
    return value


def _bound(name: str, value: str) -> bytes:
    """A secret is bound to its workspace and name: a row copied elsewhere does not open."""
    return f"{workspace_id()}\n{name}\n{value}".encode()


def put(name: str, value: str) -> None:
    """Keep a secret under a name, in place of what was there."""
    Secret.objects.update_or_create(
        workspace_id=workspace_id(),
        name=name,
        defaults={"sealed": _box().encrypt(_bound(name, value)), "changed_at": now()},
    )


def get(name: str) -> str | None:
    """The secret of that name, or None; raises Unopenable."""
    found = Secret.objects.filter(name=name).first()
    if found is None:
        return None
    try:
        opened = _box().decrypt(bytes(found.sealed)).decode()
    except InvalidToken as error:
        raise Unopenable(name) from error
    place, _, rest = opened.partition("\n")
    sealed_name, _, value = rest.partition("\n")
    if (place, sealed_name) != (str(workspace_id()), name):
        raise Unopenable(name)
    return value


def discard(name: str) -> None:
    """Forget a secret."""
    Secret.objects.filter(name=name).delete()
