# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secret box: credentials for the outside world, encrypted with a key that is not in the database."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.operate.keyring import secrets_of_ring
from plein.trust.models import Secret


class Unopenable(RuntimeError):
    """The key of this Plein does not fit a secret: it was sealed with another one, or damaged."""


def _fernet(secret: str) -> Fernet:
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"plein-secretbox").digest()
    return Fernet(base64.urlsafe_b64encode(key))


@lru_cache(maxsize=4)
def _box_of(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in secrets])


def _box() -> MultiFernet:
    """Seals with the newest key, opens with any: asked anew each time, for the ring may have got a fresh key."""
    return _box_of(tuple(secrets_of_ring()))


def is_newest(sealed: bytes) -> bool:
    """Whether the newest key sealed this."""
    try:
        _box_of(tuple(secrets_of_ring()[:1])).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def sealed_anew(sealed: bytes) -> bytes:
    """The same, sealed with the newest key; raises Unopenable."""
    try:
        return _box().rotate(sealed)
    except InvalidToken as error:
        raise Unopenable("sealed with a key that is not here") from error


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
