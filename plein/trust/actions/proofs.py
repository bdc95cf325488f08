# SPDX-License-Identifier: AGPL-3.0-or-later
"""With what somebody proves who they are: a code app, passkeys, and codes on paper for when those are lost."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import now
from plein.core.operations import operation
from plein.trust import code_apps, recovery_codes, sessions
from plein.trust.actions.workspaces import works_elsewhere
from plein.trust.events import SecondFactorRemoved
from plein.trust.models import CodeApp, ExternalIdentity, Passkey, RecoveryCode, Seat, User
from plein.trust.passkeys import Made
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance
from plein.trust.watching import audit_user

MOST_PASSKEYS = 20
#: For how long the word of a provider counts where no session does: for tokens.
VOUCHED_FOR = timedelta(days=30)


class TooManyPasskeys(ValueError):
    """Nobody needs so many."""


def has_second_factor(user: User) -> bool:
    """Whether a password alone does not let this user in."""
    return CodeApp.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()


def is_vouched_for(user: User) -> bool:
    """Whether a provider said in the last month that it asks this user for more than a password."""
    return ExternalIdentity.objects.filter(user=user, vouched_at__gt=now() - VOUCHED_FOR).exists()


@transaction.atomic
def add_code_app(*, user: User, secret: bytes, code: str) -> list[str] | None:
    """Keep a code app that has proved itself by a code; None when the code is wrong.

    Returns fresh recovery codes when it is the first second factor, and none otherwise.
    """
    step = code_apps.step_of(secret, code)
    if step is None:
        return None
    is_first = not has_second_factor(user)
    CodeApp.objects.update_or_create(
        user=user, defaults={"sealed": code_apps.seal(user, secret), "last_step": step, "last_used_at": None}
    )
    audit_user("add_code_app", user)
    return recovery_codes.renew(user) if is_first else []


@transaction.atomic
def remove_code_app(*, user: User) -> None:
    """Forget the code app."""
    CodeApp.objects.filter(user=user).delete()
    audit_user("remove_code_app", user)
    _forget_codes_of_nothing(user)


@transaction.atomic
def add_passkey(*, user: User, name: str, made: Made) -> list[str]:
    """Keep the public half of a passkey; returns fresh recovery codes when it is the first second factor."""
    if Passkey.objects.filter(user=user).count() >= MOST_PASSKEYS:
        raise TooManyPasskeys
    is_first = not has_second_factor(user)
    Passkey.objects.create(
        user=user,
        name=name,
        credential_id=made.credential_id,
        credential=made.credential,
        sign_count=made.sign_count,
    )
    audit_user("add_passkey", user)
    return recovery_codes.renew(user) if is_first else []


@transaction.atomic
def remove_passkey(*, user: User, passkey_id: UUID) -> bool:
    """Forget one of the user's passkeys; False when it is not theirs."""
    gone, _kinds = Passkey.objects.filter(user=user, id=passkey_id).delete()
    if gone:
        audit_user("remove_passkey", user)
    _forget_codes_of_nothing(user)
    return bool(gone)


def rename_passkey(*, user: User, passkey_id: UUID, name: str) -> bool:
    """Call a passkey something else; False when it is not the user's."""
    return bool(Passkey.objects.filter(user=user, id=passkey_id).update(name=name))


def renew_recovery_codes(*, user: User) -> list[str]:
    """Ten fresh codes; the earlier ones are worth nothing from now on."""
    with transaction.atomic():
        audit_user("renew_recovery_codes", user)
        return recovery_codes.renew(user)


@transaction.atomic
def remove_second_factor(*, user: User) -> int:
    """Forget everything but the password, for somebody who lost it all, and sign them out everywhere."""
    gone = CodeApp.objects.filter(user=user).delete()[0] + Passkey.objects.filter(user=user).delete()[0]
    RecoveryCode.objects.filter(user=user).delete()
    audit_user("remove_second_factor", user)
    sessions.end(user)
    return gone


def remove_factor_of(*, actor: Entrance, seat: Seat) -> int:
    """Take the second step of a colleague away who lost it; they are told by mail, and signed out everywhere.

    Raises ValueError for oneself, and for who works in another workspace too: it is not ours alone to open theirs.
    """
    permit(actor, "own")
    require_proof(actor)
    if seat.id == actor.seat_id:
        raise ValueError(_("Your own second step is under Security."))
    if works_elsewhere(seat.user, seat.workspace_id):
        raise ValueError(_("They work in another workspace too: only whoever runs this Plein can take it away."))
    with operation("remove_second_factor"):
        gone = remove_second_factor(user=seat.user)
        publish(SecondFactorRemoved(seat.id))
    return gone


def disconnect(*, user: User, identity_id: UUID) -> bool:
    """Forget under which name a provider knows the user; False when it is not theirs."""
    return bool(ExternalIdentity.objects.filter(user=user, id=identity_id).delete()[0])


def _forget_codes_of_nothing(user: User) -> None:
    if not has_second_factor(user):
        RecoveryCode.objects.filter(user=user).delete()
