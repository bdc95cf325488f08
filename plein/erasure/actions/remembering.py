# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of addresses, as keyed hashes: nothing goes there, and they are known when they come in again."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plein.consent.models import NeverContact
from plein.relations.digests import digest_of
from plein.relations.models import ErasedAddress
from plein.trust.seats import Entrance


def keep_silent(actor: Entrance, never: set[tuple[str, str]]) -> None:
    """Put hashes of addresses on the list of those that are never used, where they are not yet."""
    known = set(
        NeverContact.objects.filter(digest__in=[digest for _kind, digest in never]).values_list("digest", flat=True)
    )
    NeverContact.objects.bulk_create(
        [NeverContact(kind=kind, digest=digest, reason=_("removed on request"), seat_id=actor.seat_id)
         for kind, digest in sorted(never) if digest not in known]
    )  # fmt: skip


def hashes_of(points: Iterable[tuple[str, str]]) -> set[str]:
    """By which contact points, given by kind and value, are known when they come in again."""
    return {digest_of(kind, value) for kind, value in points if kind in ErasedAddress.KINDS}


def know_again(gone: set[str]) -> None:
    """Keep the hashes by which addresses of somebody who was erased are known when they come in again."""
    known = set(ErasedAddress.objects.filter(digest__in=gone).values_list("digest", flat=True))
    ErasedAddress.objects.bulk_create([ErasedAddress(digest=one) for one in sorted(gone - known)])
