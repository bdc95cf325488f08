# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who is not whom."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja.responses import Status
from pydantic import BaseModel

from plein.core.payloads import Payload, act
from plein.identity import actions
from plein.identity.api.door import ProfileIn, profile_of, router
from plein.identity.models import Apart
from plein.identity.queries.apart import apart_of
from plein.relations.models import Relation
from plein.trust.seats import seat_of


class ApartIn(Payload):
    """Who it is not: another person, or somebody as heard."""

    relation: UUID
    other: UUID | None = None
    profile: ProfileIn | None = None


class ApartOut(BaseModel):
    """That somebody is not another person, or not the one who was heard; `key` is what of that is remembered."""

    id: UUID
    relation: UUID
    other: UUID | None
    key: str
    decided_by: UUID | None
    decided_at: datetime


class ApartListOut(BaseModel):
    """All of it."""

    rows: list[ApartOut]


def _out(one: Apart) -> ApartOut:
    return ApartOut(
        id=one.id,
        relation=one.relation_id,
        other=one.other_id,
        key=one.key,
        decided_by=one.decided_by_id,
        decided_at=one.decided_at,
    )


@router.get("/relations/{relation_id}/apart", response=ApartListOut, summary="List who somebody is not")
def list_apart(request: HttpRequest, relation_id: UUID) -> ApartListOut:
    """As far as you may see."""
    del request
    relation = get_object_or_404(Relation.objects, id=relation_id)
    return ApartListOut(rows=[_out(one) for one in apart_of(relation.id)])


@router.post("/apart", response={201: ApartListOut}, summary="Say that this is not them")
def keep_apart(request: HttpRequest, payload: ApartIn) -> Status[ApartListOut]:
    """Remembered for good: they are suggested for one another no more, until somebody takes it back."""
    relation = get_object_or_404(Relation.objects, id=payload.relation)
    other = get_object_or_404(Relation.objects, id=payload.other) if payload.other else None
    profile = profile_of(payload.profile) if payload.profile else None
    with act(request, "keep_apart"):
        made = actions.keep_apart(actor=seat_of(request), relation=relation, other=other, profile=profile)
    return Status(201, ApartListOut(rows=[_out(one) for one in made]))


@router.delete("/apart/{apart_id}", response={204: None}, summary="Forget that it was not them")
def allow_again(request: HttpRequest, apart_id: UUID) -> None:
    """They may be suggested for one another again."""
    apart = get_object_or_404(Apart.objects, id=apart_id)
    with act(request, "allow_again"):
        actions.allow_again(actor=seat_of(request), apart=apart)
