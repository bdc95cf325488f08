# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links that let somebody in once."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust.models import OneTimeLink, User

LINK_LIFETIME = timedelta(hours=24)


def digest_of(secret: str) -> str:
    """How a link or a token is kept: as a hash; both have at least 128 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_one_time_link(*, user: User) -> str:
    """A path that signs this user in, once, within a day. Only its hash is kept."""
    with no_workspace("make a link"):
        secret = secrets.token_urlsafe(32)
        OneTimeLink.objects.create(digest=digest_of(secret), user=user, expires_at=now() + LINK_LIFETIME)
        return f"/sign-in/{secret}/"


def take_one_time_link(secret: str) -> User | None:
    """The user of a link that is still good; the link is spent by this."""
    with no_workspace("take a link"), transaction.atomic():
        link = (
            OneTimeLink.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(digest=digest_of(secret), used_at__isnull=True, expires_at__gt=now(), user__is_active=True)
            .first()
        )
        if link is None:
            return None
        OneTimeLink.objects.filter(id=link.id).update(used_at=now())
        return link.user


def link_is_good(secret: str) -> bool:
    """Whether a link could still sign somebody in; asking does not spend it."""
    with no_workspace("look at a link"):
        return OneTimeLink.objects.filter(
            digest=digest_of(secret), used_at__isnull=True, expires_at__gt=now(), user__is_active=True
        ).exists()
