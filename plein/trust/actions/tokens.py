# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys to the REST door."""

import secrets
from datetime import timedelta
from uuid import UUID

from plein.core.audit import Fact, audit, audit_apart, keyed
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust.actions.links import digest_of
from plein.trust.models import ApiToken, User
from plein.trust.seats import Entrance

TOKEN_PREFIX = "plein_"  # noqa: S105 — a prefix that secret scanners can recognise, not a secret
#: A token that does what asks for a proof works no longer than this.
PROVEN_AT_MOST = timedelta(days=90)


def make_token(
    *,
    user: User,
    workspace: int,
    scope: str,
    lifetime: timedelta | None = None,
    name: str = "",
    is_proven: bool = False,
) -> str:
    """A token for the REST door; it is shown once, only its hash is kept.

    `is_proven` makes it one for what asks for a proof, too: whoever makes it has just given one, and it ends.
    """
    if is_proven and (lifetime is None or lifetime > PROVEN_AT_MOST):
        raise ValueError("a token for what asks for a proof ends")
    with no_workspace("make a token"):
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            digest=digest_of(secret),
            prefix=secret[:12],
            name=name,
            user=user,
            into_workspace=workspace,
            scope=scope,
            is_proven=is_proven,
            expires_at=now() + lifetime if lifetime else None,
        )
        _log("make_token", token, scope=scope, proven=is_proven)
        return secret


def _log(event: str, token: ApiToken, **facts: Fact) -> None:
    audit_apart(
        event, workspace=token.into_workspace, user=token.user_id, door="", kind="token", about=token.id, extra=facts
    )


def find_token(secret: str, address: str = "") -> ApiToken | None:
    """The token behind a secret, if it is still good; where it is used from is kept as a keyed hash."""
    with no_workspace("find a token"):
        tokens = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), revoked_at__isnull=True)
        token = tokens.first()
        if token is None or not token.user.is_active or (token.expires_at is not None and token.expires_at <= now()):
            return None
        if token.last_used_at is None:
            _log("first_use_of_token", token)
        if token.last_used_at is None or token.last_used_at < now() - timedelta(minutes=5):
            place = keyed("address", address)
            ApiToken.objects.filter(id=token.id).update(last_used_at=now(), last_used_from=place)
        return token


def revoke_token(*, actor: Entrance, token_id: UUID) -> None:
    """Make a token of one's own useless at once."""
    if ApiToken.objects.filter(id=token_id, user=actor.user).update(revoked_at=now()):
        audit("revoke_token", kind="token", about=token_id)
