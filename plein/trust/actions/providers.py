# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ways to sign in through somebody else: setting them up, and whom they let in."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from plein.core.ids import now
from plein.core.isolation import Context, no_workspace, workspace_context
from plein.core.operations import operation
from plein.trust import secret_box
from plein.trust.actions.workspaces import give_seat, make_user, workspace_of
from plein.trust.models import ExternalIdentity, Role, SignInProvider, User
from plein.trust.permissions import permit, require_proof
from plein.trust.providers import Identity
from plein.trust.queries import find_user, seats_of
from plein.trust.seats import Entrance


class Unknown(Exception):
    """A provider knows somebody whom nobody here knows under that name."""


class Taken(Exception):
    """There is an account with that address, or that name at the provider is another user's."""


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A way to sign in as an administrator describes it."""

    name: str
    issuer: str
    client_id: str
    is_inside: bool
    is_active: bool
    domains: list[str]
    seat_role: str


def _box(provider: UUID) -> str:
    return f"sign-in:{provider}"


def set_provider(*, actor: Entrance, provider_id: UUID, facts: ProviderFacts, secret: str = "") -> SignInProvider:
    """Start or change a way to sign in; an empty secret leaves the one there is, if it goes to the same issuer."""
    permit(actor, "manage")
    require_proof(actor)
    values = {name: getattr(facts, name) for name in ProviderFacts.__dataclass_fields__}
    with operation("change_sign_in"):
        known = provider_of(actor, provider_id)
        if known is not None and known.issuer != facts.issuer and not secret:
            # A secret never goes to somebody it was not meant for.
            secret_box.discard(_box(provider_id))
        provider, _made = SignInProvider.objects.update_or_create(
            id=provider_id, into_workspace=actor.workspace_id, defaults=values
        )
        if secret:
            secret_box.put(_box(provider.id), secret)
    return provider


def remove_provider(*, actor: Entrance, provider: SignInProvider) -> None:
    """Take a way to sign in away; the names of our users there are kept, for when it comes back."""
    permit(actor, "manage")
    require_proof(actor)
    with operation("remove_sign_in"):
        SignInProvider.objects.filter(id=provider.id, into_workspace=actor.workspace_id).delete()
        secret_box.discard(_box(provider.id))


def providers_of(actor: Entrance) -> list[SignInProvider]:
    """The ways to sign in of the workspace in force."""
    return list(SignInProvider.objects.filter(into_workspace=actor.workspace_id).order_by("name", "id"))


def provider_of(actor: Entrance, provider_id: UUID) -> SignInProvider | None:
    """One of the ways to sign in of the workspace in force."""
    return SignInProvider.objects.filter(into_workspace=actor.workspace_id, id=provider_id).first()


def has_secret(provider_id: UUID) -> bool:
    """Whether the secret box has a secret for this provider."""
    return secret_box.get(_box(provider_id)) is not None


def secret_of(provider: SignInProvider) -> str:
    """The secret, for talking to the provider, from outside its workspace."""
    with workspace_context(Context(workspace_id=provider.into_workspace, door="sign-in")):
        return secret_box.get(_box(provider.id)) or ""


def front_providers() -> list[SignInProvider]:
    """What the sign-in page offers: the ways of the company that this Plein began with, whose people run it.

    Another workspace gives its people an address of its own: what it sets up is on nobody else's page.
    """
    active = list(SignInProvider.objects.filter(is_active=True).order_by("name", "id"))
    if not active:
        return []
    first = User.objects.order_by("created_at", "id").first()
    if first is None:
        return []
    try:
        home = workspace_of(first).id
    except LookupError:
        return []
    return [provider for provider in active if provider.into_workspace == home]


def providers_into(workspace: int) -> list[SignInProvider]:
    """The ways into a workspace, for somebody who was invited there."""
    return list(SignInProvider.objects.filter(into_workspace=workspace, is_active=True).order_by("name", "id"))


def connect(*, user: User, identity: Identity) -> None:
    """Remember under which name a provider knows a user; raises Taken when it is another user's name."""
    with no_workspace("connect"), transaction.atomic():
        found, _made = ExternalIdentity.objects.get_or_create(
            issuer=identity.issuer, subject=identity.subject, defaults={"user": user, "email": identity.email}
        )
        if found.user_id != user.id:
            raise Taken


def user_behind(*, provider: SignInProvider, identity: Identity, language: str) -> User:
    """Whom a provider means: by issuer and subject, never by an address.

    Somebody new gets a seat by themselves when the provider vouches for an address in one of the chosen domains and
    nobody has that address yet. Raises Unknown or Taken.
    """
    with no_workspace("sign in through a provider"), transaction.atomic():
        known = (
            ExternalIdentity.objects.select_related("user")
            .filter(issuer=identity.issuer, subject=identity.subject)
            .first()
        )
        if known is not None:
            return _known(provider, known, identity)
        domain = identity.email.rpartition("@")[2]
        if not (identity.is_verified and domain and domain in provider.domains):
            raise Unknown
        if find_user(identity.email) is not None:
            raise Taken
        name = identity.name or identity.email.partition("@")[0]
        user = make_user(email=identity.email, name=name, language=language)
        give_seat(workspace=provider.into_workspace, user=user, role=_role(provider))
        connect(user=user, identity=identity)
        return user


def _role(provider: SignInProvider) -> str:
    """Nobody becomes more than a member by coming along."""
    return provider.seat_role if provider.seat_role in (Role.MEMBER, Role.GUEST) else Role.MEMBER


def _known(provider: SignInProvider, known: ExternalIdentity, identity: Identity) -> User:
    has_seat = any(seat.is_active and seat.workspace_id == provider.into_workspace for seat in seats_of(known.user))
    if not known.user.is_active or not has_seat:
        raise Unknown
    ExternalIdentity.objects.filter(id=known.id).update(
        last_used_at=now(), vouched_at=now() if identity.is_vouched else None
    )
    return known.user
