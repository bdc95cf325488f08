# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keyed hash of an erased address: another one than that of the never-contact list, so the two cannot be joined."""

import hashlib
import hmac

from django.conf import settings

from plein.core.isolation import workspace_id


def _hashed(secret: str, kind: str, value: str) -> str:
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"plein-erasedlist").digest()
    return hmac.new(key, f"{workspace_id()}\n{kind}\n{value}".encode(), hashlib.sha256).hexdigest()


def digest_of(kind: str, value: str) -> str:
    """The keyed hash of a contact point in its normal form, different in every workspace."""
    return _hashed(settings.SECRET_KEY, kind, value)


def digests_of(kind: str, value: str) -> list[str]:
    """Its hashes under the present key and under those of before."""
    return [_hashed(str(secret), kind, value) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
