# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links that let somebody in once: to sign in, to come in for the first time, to choose another password."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust import secret_box
from plein.trust.events import ResetWanted
from plein.trust.models import OneTimeLink, User

LIFETIMES = {"sign_in": timedelta(hours=24), "invitation": timedelta(days=7), "reset": timedelta(hours=1)}
LINK_LIFETIME = LIFETIMES["sign_in"]


def digest_of(secret: str) -> str:
    """How a link or a token is kept: as a hash; both have at least 128 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_one_time_link(*, user: User, purpose: str = "sign_in") -> str:
    """A path that lets this user in, once, as long as its purpose allows. Only its hash is kept.

    A fresh invitation or reset takes the place of an earlier one.
    """
    with no_workspace("make a link"):
        secret = secrets.token_urlsafe(32)
        if purpose != "sign_in":
            OneTimeLink.objects.filter(user=user, purpose=purpose, used_at__isnull=True).delete()
        OneTimeLink.objects.create(
            digest=digest_of(secret),
            user=user,
            purpose=purpose,
            email=user.email,
            expires_at=now() + LIFETIMES[purpose],
        )
        return f"/sign-in/{secret}/"


def was_made_within(*, user: User, purpose: str, age: timedelta) -> bool:
    """Whether a link for this was made so short a time ago that it cannot have been forgotten yet."""
    with no_workspace("look at links"):
        since = now() + LIFETIMES[purpose] - age
        return OneTimeLink.objects.filter(user=user, purpose=purpose, expires_at__gt=since).exists()


def _good(secret: str) -> QuerySet[OneTimeLink]:
    """The link of a secret, if it works: not used, not too old, its user active, their address still the same."""
    is_theirs = Q(email=F("user__email")) | Q(email="")
    links = OneTimeLink.objects.select_related("user").filter(digest=digest_of(secret), used_at__isnull=True)
    return links.filter(is_theirs, expires_at__gt=now(), user__is_active=True)


def good_link(secret: str) -> OneTimeLink | None:
    """A link that could still let somebody in; asking does not spend it."""
    with no_workspace("look at a link"):
        return _good(secret).first()


def take_one_time_link(secret: str) -> User | None:
    """The user of a link that is still good; the link is spent by this."""
    with no_workspace("take a link"), transaction.atomic():
        link = _good(secret).select_for_update(of=("self",)).first()
        if link is None:
            return None
        OneTimeLink.objects.filter(id=link.id).update(used_at=now())
        return link.user


def forget_links(user: User) -> None:
    """Links with which one chooses a password, asked for or of an invitation, die when there is another password."""
    OneTimeLink.objects.filter(user=user, purpose__in=("reset", "invitation"), used_at__isnull=True).delete()


def want_reset(*, email: str) -> None:
    """Somebody wants another password. Known or not, the address is sealed and a job looks later whose it is."""
    sealed = secret_box.seal("reset", email.strip().lower()).decode()
    with transaction.atomic():
        publish(ResetWanted(sealed))
