# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is logged of a user, who may have a seat in several workspaces: each of them has a log of its own."""

from plein.core.audit import Fact, audit, audit_apart, keyed
from plein.core.isolation.context import current
from plein.trust.models import User
from plein.trust.queries import seats_of


def audit_user(event: str, user: User, **facts: Fact) -> None:
    """Log something about how a user comes in, in every workspace they work in."""
    context = current()
    here = context.workspace_id
    if here is not None:
        audit(event, kind="user", about=user.id, extra=facts)
    for seat in seats_of(user):
        if seat.is_active and seat.workspace_id != here:
            audit_apart(
                event,
                workspace=seat.workspace_id,
                seat=seat.seat_id,
                user=user.id,
                kind="user",
                about=user.id,
                extra=facts,
            )


def audit_failure(email: str) -> None:
    """Log that somebody did not get in, the same for every address: known or not, it is logged outside workspaces."""
    audit_apart("sign_in_failed", account=keyed("account", email.strip().lower()))
