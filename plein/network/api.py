# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the network: who can introduce us, degrees, mutual contacts, and who is around somebody."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel

from plein.core.audit import audit_look
from plein.core.ids import now
from plein.network.queries import COLLEAGUES, ME, Evidence, Path, Question, Step, degrees, ego, introductions, mutual
from plein.network.wording import sentence
from plein.relations.models import Relation
from plein.trust.seats import seat_of

router = Router(tags=["network"])
UUID_LETTERS = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class SomebodyOut(BaseModel):
    """A person or an organization by name."""

    id: UUID
    kind: str
    name: str


class ReasonOut(BaseModel):
    """One reason why two are tied."""

    ground: str
    strength: float
    sentence: str
    moments: int
    last_at: datetime | None
    is_cooling: bool


class StepOut(BaseModel):
    """One tie of a way, from who is asked to whom they are asked about."""

    near: UUID
    far: UUID
    strength: float
    evidence: list[ReasonOut]


class PathOut(BaseModel):
    """A way to somebody."""

    people: list[SomebodyOut]
    steps: list[StepOut]
    strength: float
    willingness: float
    score: float


class IntroductionsOut(BaseModel):
    """The best ways, and how many go through people who asked not to be asked."""

    paths: list[PathOut]
    not_used: int


class DegreeOut(BaseModel):
    """How many people are so many ties away."""

    degree: int
    count: int


class DegreesOut(BaseModel):
    """The people who are one, two and three ties away, counted."""

    degrees: list[DegreeOut]


class MutualOut(BaseModel):
    """Whom two people both know, by name."""

    people: list[SomebodyOut]


class BondOut(BaseModel):
    """Two in a picture, and how strong their tie is."""

    one: UUID
    other: UUID
    strength: float


class AroundOut(SomebodyOut):
    """Somebody in a picture, and how near."""

    closeness: float


class EgoOut(BaseModel):
    """Who is around somebody, the nearest first, and the ties among them."""

    people: list[AroundOut]
    ties: list[BondOut]


def _somebody(relation: Relation) -> SomebodyOut:
    return SomebodyOut(id=relation.id, kind=relation.kind, name=relation.name)


def _reason(evidence: Evidence, step: Step, at: datetime) -> ReasonOut:
    return ReasonOut(
        ground=evidence.ground.name.lower(),
        strength=round(evidence.strength, 4),
        sentence=sentence(evidence, step.near.name, step.far.name, at),
        moments=evidence.moments,
        last_at=evidence.last_at,
        is_cooling=evidence.is_cooling,
    )


def _step(step: Step, at: datetime) -> StepOut:
    reasons = [_reason(one, step, at) for one in step.evidence]
    return StepOut(near=step.near.id, far=step.far.id, strength=round(step.strength, 4), evidence=reasons)


def _path(path: Path, at: datetime) -> PathOut:
    return PathOut(
        people=[_somebody(one) for one in path.people],
        steps=[_step(one, at) for one in path.steps],
        strength=round(path.strength, 4),
        willingness=path.willingness,
        score=round(path.score, 4),
    )


@router.get("/network/introductions", response=IntroductionsOut, summary="Ask who can introduce us to somebody")
def read_introductions(
    request: HttpRequest,
    to: Annotated[UUID, Query(description="a person, or an organization: then anybody who works there")],
    from_: Annotated[
        str,
        Query(
            alias="from",
            pattern=f"^({ME}|{COLLEAGUES}|{UUID_LETTERS})$",
            description="whose ties to begin with: `me`, `colleagues` or the id of a relation",
        ),
    ] = ME,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> IntroductionsOut:
    """The best ways of at most four ties, over what you may see and people who may be asked."""
    target = get_object_or_404(Relation.objects, id=to)
    begin = from_ if from_ in (ME, COLLEAGUES) else get_object_or_404(Relation.objects, id=UUID(from_)).id
    found = introductions(Question(target, begin, limit), seat_id=seat_of(request).seat_id)
    audit_look("relation", {one.id: one for path in found.paths for one in path.people}.values(), how="list")
    at = now()
    return IntroductionsOut(paths=[_path(one, at) for one in found.paths], not_used=found.not_used)


@router.get("/network/degrees", response=DegreesOut, summary="Count who is one, two or three ties away")
def read_degrees(request: HttpRequest, of: UUID, depth: Annotated[int, Query(ge=1, le=3)] = 3) -> DegreesOut:
    """People only: nobody is known through an organization."""
    del request
    target = get_object_or_404(Relation.objects, id=of)
    counted = [DegreeOut(degree=one.number, count=one.count) for one in degrees(target.id, depth=depth)]
    return DegreesOut(degrees=counted)


@router.get("/network/mutual", response=MutualOut, summary="Ask whom two people both know")
def read_mutual(request: HttpRequest, a: UUID, b: UUID) -> MutualOut:
    """By name."""
    del request
    one, other = (get_object_or_404(Relation.objects, id=each) for each in (a, b))
    found = list(Relation.objects.filter(id__in=mutual(one.id, other.id)).order_by("sort_name", "id"))
    audit_look("relation", found, how="list")
    return MutualOut(people=[_somebody(each) for each in found])


@router.get("/network/ego/{relation_id}", response=EgoOut, summary="Ask who is around somebody")
def read_ego(request: HttpRequest, relation_id: UUID, limit: Annotated[int, Query(ge=1, le=300)] = 300) -> EgoOut:
    """Within two ties of any kind, the nearest first."""
    del request
    target = get_object_or_404(Relation.objects, id=relation_id)
    around = ego(target.id, limit=limit)
    people = Relation.objects.in_bulk(around.closeness)
    audit_look("relation", people.values(), how="list")
    return EgoOut(
        people=[
            AroundOut(**_somebody(people[one]).model_dump(), closeness=round(closeness, 4))
            for one, closeness in around.closeness.items()
        ],
        ties=[BondOut(one=each.one, other=each.other, strength=round(each.strength, 4)) for each in around.bonds],
    )
