# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes on paper for who lost the telephone: ten, each works once, and only their hashes are kept.

A code has 60 random bits. Its hash is keyed with a key that is not in the database, so who reads the table has nothing
to compare guesses with; it is slow and salted with whose code it is, so who has the key too would need more computers
than there are; and guessing at the door is slowed down.
"""

import secrets

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings
from django.utils.crypto import salted_hmac

from plein.core.ids import now
from plein.trust.models import RecoveryCode, User

COUNT, LENGTH, GROUP = 10, 12, 4
#: No letter that is read as another or as a digit.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def _keyed(user: User, plain: str, key: str) -> bytes:
    return salted_hmac(f"plein.recovery.{user.id}", plain, key, algorithm="sha256").digest()


def _slowly(user: User, keyed: bytes) -> str:
    made = hash_secret_raw(
        keyed, salt=user.id.bytes, time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
    )
    return made.hex()


def _plain(code: str) -> str:
    return "".join(char for char in code.lower() if char in LETTERS)


def _digests(user: User, code: str) -> list[str]:
    """As it may be kept: under any key there was, for codes on paper outlive it; and not slowly, as we once did."""
    plain = _plain(code)
    if len(plain) != LENGTH:
        return []
    keyed = [_keyed(user, plain, str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return [*(_slowly(user, one) for one in keyed), *(one.hex() for one in keyed)]


def renew(user: User) -> list[str]:
    """Ten fresh codes in place of all earlier ones; this is the only time that anybody sees them."""
    codes = ["".join(secrets.choice(LETTERS) for _letter in range(LENGTH)) for _code in range(COUNT)]
    RecoveryCode.objects.filter(user=user).delete()
    key = str(settings.SECRET_KEY)
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user=user, digest=_slowly(user, _keyed(user, code, key))) for code in codes]
    )
    return ["-".join(code[place : place + GROUP] for place in range(0, LENGTH, GROUP)) for code in codes]


def accepts(user: User, code: str) -> bool:
    """Whether this is one of the user's codes that was not used before; it is used up by this."""
    unused = RecoveryCode.objects.filter(user=user, digest__in=_digests(user, code), used_at__isnull=True)
    return bool(unused.update(used_at=now()))


def left(user: User) -> int:
    """How many codes the user still has."""
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()
