# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what another strength of a kind of tie would do."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.payloads import Payload, needs
from plein.network.api.door import router
from plein.network.queries.kinds import floor_of, kind_effects, type_of


class KindStrengthIn(Payload):
    """How strong ties of this kind would be: in a word, or `exact` with a percentage."""

    strength: Literal["none", "weak", "ordinary", "strong", "exact"] = "exact"
    percent: Annotated[int, Field(ge=1, le=99)] | None = None


class TiedPairOut(BaseModel):
    """Two who have such a tie, how strong the strongest tie between them is, and would be."""

    one: UUID
    other: UUID
    strength: float
    would_be: float


class KindEffectsOut(BaseModel):
    """How many ties of this kind one sees, and what it would make of some of them."""

    count: int
    ties: list[TiedPairOut]


@router.post(
    "/network/tie-types/{type_id}/preview",
    response=KindEffectsOut,
    summary="Look what another strength of a kind of tie would do",
)
@needs("manage")
def preview_tie_type(request: HttpRequest, type_id: UUID, payload: KindStrengthIn) -> KindEffectsOut:
    """Nothing changes."""
    del request
    type = type_of(type_id)
    if type is None:
        raise Http404
    count, found = kind_effects(type, floor_of(payload.strength, payload.percent))
    audit_look("relation", [relation for one in found for relation in (one.one, one.other)], how="list")
    ties = [
        TiedPairOut(
            one=one.one.id, other=one.other.id, strength=round(one.strength, 4), would_be=round(one.would_be, 4)
        )
        for one in found
    ]
    return KindEffectsOut(count=count, ties=ties)
