# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to oneself: what one is called, and the tokens one made."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from pydantic import BaseModel, Field

from plein.core.payloads import Payload, changed, checked, of_form
from plein.trust.actions import change_default_audience, change_profile, revoke_token
from plein.trust.api.door import router
from plein.trust.audience import Circle
from plein.trust.circles import default_audience
from plein.trust.forms import DefaultAudienceForm, ProfileForm
from plein.trust.models import ApiToken, Workspace
from plein.trust.permissions import ALLOWED, may
from plein.trust.seats import seat_of

#: What of a change is not about the profile.
ADDING = "default_audience"


class TokenOut(BaseModel):
    """A token of one's own, by the beginning of it; the rest is kept nowhere."""

    id: UUID
    prefix: str
    scope: str
    is_proven: bool = Field(description="Whether it may also do what asks for a proof.")
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str = Field(description="A keyed hash of the address it was used from last.")


class TokenList(BaseModel):
    """Tokens that are still good, the newest first."""

    items: list[TokenOut]


class Me(BaseModel):
    """For whom a token speaks, where, and what it may do."""

    user: UUID
    email: str
    name: str
    language: str
    seat: UUID
    role: str
    workspace: UUID
    workspace_name: str
    scope: str
    may: list[str]
    default_audience: str


@router.get("/me", response=Me, summary="Ask for whom this token speaks")
def read_me(request: HttpRequest) -> Me:
    """The user, the workspace, and what this token may do there."""
    actor = seat_of(request)
    workspace = Workspace.objects.get()
    return Me(
        user=actor.user.id,
        email=actor.user.email,
        name=actor.user.name,
        language=actor.user.language,
        seat=actor.seat_id,
        role=actor.role,
        workspace=workspace.public_id,
        workspace_name=workspace.name,
        scope=actor.scope,
        may=[verb for verb in ALLOWED if may(actor, verb)],
        default_audience=default_audience(),
    )


@of_form(ProfileForm, partial=True)
class ProfileChanges(Payload):
    """What to change of how one is called, how Plein looks, and for whom one adds things; what is left out stays."""

    default_audience: Circle | None = Field(default_factory=lambda: None)


@router.patch("/me", response={204: None}, summary="Change one's own profile")
def edit_me(request: HttpRequest, payload: ProfileChanges) -> None:
    """How one is called, in which language, by which clock."""
    actor = seat_of(request)
    user = actor.user
    present = {name: getattr(user, name) for name in ProfileForm.base_fields}
    values = checked(ProfileForm(changed(payload, present, but=ADDING), instance=user)).cleaned_data
    change_profile(user=user, **{name: values[name] for name in payload.model_fields_set - {ADDING}})
    if payload.default_audience is not None:
        wanted = checked(DefaultAudienceForm({ADDING: payload.default_audience})).cleaned_data[ADDING]
        change_default_audience(actor=actor, audience=wanted)


@router.get("/tokens", response=TokenList, summary="List one's own tokens")
def list_tokens(request: HttpRequest) -> TokenList:
    """For this workspace."""
    actor = seat_of(request)
    mine = ApiToken.objects.filter(user=actor.user, into_workspace=actor.workspace_id, revoked_at__isnull=True)
    return TokenList(
        items=[
            TokenOut(
                id=one.id,
                prefix=one.prefix,
                scope=one.scope,
                is_proven=one.is_proven,
                created_at=one.created_at,
                expires_at=one.expires_at,
                last_used_at=one.last_used_at,
                last_used_from=one.last_used_from,
            )
            for one in mine.order_by("-created_at")
        ]
    )


@router.delete("/tokens/{token_id}", response={204: None}, summary="Revoke one of one's own tokens")
def delete_token(request: HttpRequest, token_id: UUID) -> None:
    """It is useless from then on, also when it is the one that asks."""
    actor = seat_of(request)
    if not ApiToken.objects.filter(id=token_id, user=actor.user, revoked_at__isnull=True).exists():
        raise Http404
    revoke_token(actor=actor, token_id=token_id)
