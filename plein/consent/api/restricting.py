# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to keeping somebody's data without using them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.consent import actions
from plein.consent.api.door import router
from plein.consent.queries import restriction_of
from plein.core.audit import audit_look
from plein.core.payloads import Payload, act, needs
from plein.relations.models import Relation
from plein.trust.seats import seat_of


class RestrictionOut(BaseModel):
    """Whether somebody's data are not used, since when and why."""

    is_restricted: bool
    since: datetime | None
    reason: str
    by: UUID | None


class NewRestriction(Payload):
    """Why nothing of them is used for now."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


def _person(relation_id: UUID) -> Relation:
    found: Relation | None = Relation.objects.filter(id=relation_id).first()
    if found is None or not found.is_person:
        raise Http404
    audit_look("relation", [found])
    return found


def _told(relation: Relation) -> RestrictionOut:
    found = restriction_of(relation.id)
    if found is None:
        return RestrictionOut(is_restricted=False, since=None, reason="", by=None)
    return RestrictionOut(is_restricted=True, since=found.since, reason=found.reason, by=found.seat_id)


@router.get(
    "/relations/{relation_id}/restriction", response=RestrictionOut, summary="Read whether somebody's data are used"
)
def read_restriction(request: HttpRequest, relation_id: UUID) -> RestrictionOut:
    """Nothing goes out to them while they are not."""
    del request
    return _told(_person(relation_id))


@router.put("/relations/{relation_id}/restriction", response=RestrictionOut, summary="Use nothing of somebody for now")
def put_restriction(request: HttpRequest, relation_id: UUID, payload: NewRestriction) -> RestrictionOut:
    """Their data are kept, and nothing goes out to them, whatever they said yes to."""
    relation = _person(relation_id)
    with act(request, "restrict_person"):
        actions.restrict(actor=seat_of(request), relation=relation, reason=payload.reason)
    return _told(relation)


@router.delete(
    "/relations/{relation_id}/restriction", response={204: None}, summary="Use again what we have of somebody"
)
@needs("manage")
def lift_restriction(request: HttpRequest, relation_id: UUID) -> Status[None]:
    """They are told so by mail."""
    relation = _person(relation_id)
    with act(request, "lift_restriction"):
        actions.lift_restriction(actor=seat_of(request), relation=relation)
    return Status(204, None)
