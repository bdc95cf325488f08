# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to recognising people: who somebody is, among the people one sees."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.payloads import Day, Payload, needs
from plein.identity.profiles import MOST, Profile
from plein.identity.queries import Candidate, match
from plein.identity.wording import waterfall

router = Router(tags=["identity"])

Heard = Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=MOST)]


class ProfileIn(Payload):
    """Somebody as heard; what is not known is left out."""

    names: Heard = []
    emails: Heard = []
    phones: Heard = []
    handles: Annotated[Heard, Field(description="addresses of profiles, network:name, or bare names")] = []
    organization: Annotated[str, Field(max_length=300)] = ""
    place: Annotated[str, Field(max_length=300, description="with or without a postcode")] = ""
    birth_date: Day | None = None


class MatchReasonOut(BaseModel):
    """One line of the waterfall: what is compared, how alike it is, in words, and what that weighs."""

    field: str
    level: str
    words: str
    bits: float
    sum: float


class MatchCandidateOut(BaseModel):
    """Somebody it may be; bits are the last sum of the reasons."""

    id: UUID
    name: str
    bits: float
    probability: float
    is_certain: bool
    reasons: list[MatchReasonOut]


class MatchOut(BaseModel):
    """What to do (automatic, review, suggestion or none), and who it may be, the likeliest first."""

    verdict: str
    candidates: list[MatchCandidateOut]


def profile_of(payload: ProfileIn) -> Profile:
    """What was heard."""
    return Profile(
        names=tuple(payload.names),
        emails=tuple(payload.emails),
        phones=tuple(payload.phones),
        handles=tuple(payload.handles),
        organization=payload.organization,
        place=payload.place,
        birth_date=payload.birth_date,
    )


def candidate_out(one: Candidate) -> MatchCandidateOut:
    """A candidate with its waterfall."""
    return MatchCandidateOut(
        id=one.id,
        name=one.name,
        bits=round(one.bits, 2),
        probability=round(one.probability, 4),
        is_certain=one.is_certain,
        reasons=[
            MatchReasonOut(
                field=line.field,
                level=line.level,
                words=line.words,
                bits=round(line.bits, 2),
                sum=round(line.sum, 2),
            )
            for line in waterfall(one)
        ],
    )


@router.post("/match", response=MatchOut, summary="Ask who somebody is")
@needs("read")
def match_profile(request: HttpRequest, payload: ProfileIn) -> MatchOut:
    """Among the people you see. A name alone is never more than a suggestion; nothing is written."""
    del request
    found = match(profile_of(payload))
    audit_look("relation", found.candidates, how="search")
    return MatchOut(verdict=found.verdict, candidates=[candidate_out(one) for one in found.candidates])
