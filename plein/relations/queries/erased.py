# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether an address is of somebody who was erased: a keyed hash of it is kept, which says nothing of who that was."""

from collections.abc import Iterable
from datetime import datetime

from plein.relations.digests import digests_of
from plein.relations.models import ErasedAddress


def erased_at(values: Iterable[str], kind: str = "email") -> dict[str, datetime]:
    """Which of these addresses, in their normal form, were of somebody who was erased, and when; one query."""
    digests = {digest: value for value in values for digest in digests_of(kind, value)}
    if not digests:
        return {}
    rows = ErasedAddress.objects.filter(digest__in=list(digests)).order_by("erased_at")
    return {digests[digest]: at for digest, at in rows.values_list("digest", "erased_at")}


def all_erased() -> dict[str, datetime]:
    """The hashes of all of them, and when; one query."""
    return dict(ErasedAddress.objects.order_by("erased_at").values_list("digest", "erased_at"))
