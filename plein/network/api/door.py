# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the network: who can introduce us, degrees, mutual contacts, and who is around somebody."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.ids import now
from plein.network.groups import group_of
from plein.network.kinds import TIES
from plein.network.queries import (
    COLLEAGUES,
    ME,
    Evidence,
    Lens,
    Path,
    PeopleFilter,
    Period,
    Question,
    Step,
    ego,
    introductions,
    members_of,
    mutual,
    reach,
)
from plein.network.queries.following import this_moment
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
    """The best ways, and how many go through people who may not be asked."""

    paths: list[PathOut]
    not_used: int


class DegreeOut(BaseModel):
    """How many people are so many ties away."""

    degree: int
    count: int


class ReachedOut(BaseModel):
    """Somebody of one degree: how close, and who of the degree before is in between, the best first."""

    id: UUID
    name: str
    closeness: float
    between: list[SomebodyOut]


class DegreesOut(BaseModel):
    """The people who are one, two and three ties away, counted; and those of one degree, where that was asked."""

    degrees: list[DegreeOut]
    people: list[ReachedOut]


class MutualOut(BaseModel):
    """Whom two people both know, by name."""

    people: list[SomebodyOut]


class BondOut(BaseModel):
    """Two in a picture: how strong their tie is, what makes it, the strongest first, and whether all of it is over."""

    one: UUID
    other: UUID
    strength: float
    grounds: list[str]
    is_over: bool


class AroundOut(SomebodyOut):
    """Somebody in a picture: how near, whether by a tie of their own, and through whom otherwise or nearer still."""

    closeness: float
    is_direct: bool
    through: UUID | None


class EgoOut(BaseModel):
    """Who is around somebody, the nearest first, and the ties among them."""

    people: list[AroundOut]
    ties: list[BondOut]


class DegreesIn(BaseModel):
    """Of whom, how far, and whom is counted: who works where and as what, in which place, under which tag."""

    of: UUID
    depth: int = Field(3, ge=1, le=3)
    degree: int | None = Field(
        None, ge=1, le=3, description="of which degree to name the people; no further than depth"
    )
    organization: UUID | None = None
    place: str = Field("", max_length=120)
    role: str = Field("", max_length=160, description="words of it")
    tag: str = Field("", max_length=60, description="its name")
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000)


class EgoIn(BaseModel):
    """How many, and through what one looks."""

    limit: int = Field(300, ge=1, le=300)
    tie: str = Field("", pattern=f"^({'|'.join(TIES)})?$", description=f"only ties of a kind: {', '.join(TIES)}")
    period: Period = Period.NOW
    group: UUID | None = Field(None, description="an organization, or a team of ours")


def somebody_out(relation: Relation) -> SomebodyOut:
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
        people=[somebody_out(one) for one in path.people],
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
def read_degrees(request: HttpRequest, asked: Annotated[DegreesIn, Query()]) -> DegreesOut:
    """People only: nobody is known through an organization. What one asks for chooses whom is counted, not the ways."""
    del request
    target = get_object_or_404(Relation.objects, id=asked.of)
    if asked.organization is not None:
        get_object_or_404(Relation.objects, id=asked.organization, kind="organization")
    only = PeopleFilter(asked.organization, asked.place, asked.role, asked.tag)
    limit = asked.limit if asked.degree else 0
    found = reach(
        target.id,
        depth=asked.depth,
        degree=min(asked.degree or 1, asked.depth),
        only=only,
        limit=limit,
        offset=asked.offset,
    )
    people = Relation.objects.in_bulk({each for one in found.rows for each in (one.id, *one.between)})
    audit_look("relation", people.values(), how="list")
    return DegreesOut(
        degrees=[DegreeOut(degree=number, count=count) for number, count in found.counts.items()],
        people=[
            ReachedOut(
                id=one.id,
                name=people[one.id].name,
                closeness=round(one.closeness, 4),
                between=[somebody_out(people[each]) for each in one.between if each in people],
            )
            for one in found.rows
            if one.id in people
        ],
    )


@router.get("/network/mutual", response=MutualOut, summary="Ask whom two people both know")
def read_mutual(request: HttpRequest, a: UUID, b: UUID) -> MutualOut:
    """By name."""
    del request
    one, other = (get_object_or_404(Relation.objects, id=each) for each in (a, b))
    found = list(Relation.objects.filter(id__in=mutual(one.id, other.id)).order_by("sort_name", "id"))
    audit_look("relation", found, how="list")
    return MutualOut(people=[somebody_out(each) for each in found])


@router.get("/network/ego/{relation_id}", response=EgoOut, summary="Ask who is around somebody")
def read_ego(request: HttpRequest, relation_id: UUID, asked: Annotated[EgoIn, Query()]) -> EgoOut:
    """Within two ties, the nearest first; of a group only its members, with who is in between."""
    del request
    target = get_object_or_404(Relation.objects, id=relation_id)
    lens = Lens(TIES[asked.tie][1] if asked.tie else (), asked.period)
    if asked.group is not None:
        lens = replace(lens, among=members_of(group_of(asked.group), this_moment()))
    around = ego(target.id, limit=asked.limit, lens=lens)
    people = Relation.objects.in_bulk(around.closeness)
    audit_look("relation", people.values(), how="list")
    return EgoOut(
        people=[
            AroundOut(
                **somebody_out(people[one]).model_dump(),
                closeness=round(closeness, 4),
                is_direct=one in around.direct,
                through=around.through.get(one),
            )
            for one, closeness in around.closeness.items()
        ],
        ties=[
            BondOut(
                one=each.one,
                other=each.other,
                strength=round(each.strength, 4),
                grounds=[ground.name.lower() for ground in each.grounds],
                is_over=each.is_over,
            )
            for each in around.bonds
        ],
    )
