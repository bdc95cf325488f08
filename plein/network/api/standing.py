# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to how people stand in the network that everyone here sees."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel

from plein.core.audit import audit_look
from plein.network.api.door import SomebodyOut, router, somebody_out
from plein.network.models import Census, Group
from plein.network.queries.connecting import connectors, only_ties
from plein.network.queries.influence import Stands, influences
from plein.network.standing_words import Words
from plein.relations.models import Relation


class NetworkGroupOut(BaseModel):
    """People who know each other rather than others."""

    number: int
    size: int
    words: str


class StandsOut(BaseModel):
    """How somebody stands.

    place        by how well people are known (PageRank), from 1
    core         everybody in their circle knows at least so many others of it
    betweenness  the share of shortest ways between others on which they stand, from a sample
    only_way_to  how many people nobody else leads to
    """

    id: UUID
    name: str
    place: int
    pagerank: float
    core: int
    betweenness: float
    only_way_to: int
    group: NetworkGroupOut | None
    joins: list[NetworkGroupOut]
    sentences: list[str]


class InfluenceOut(BaseModel):
    """What the last night found; nothing where there was none yet."""

    at: datetime | None
    people_counted: int
    ties_counted: int
    people: list[StandsOut]


def _group(group: Group, words: Words) -> NetworkGroupOut:
    return NetworkGroupOut(number=group.number, size=group.size, words=words.group(group))


def _stands(one: Stands, words: Words, census: Census) -> StandsOut:
    return StandsOut(
        id=one.person.id,
        name=one.person.name,
        place=one.figures.place,
        pagerank=one.figures.rank,
        core=one.figures.core,
        betweenness=one.figures.between,
        only_way_to=one.figures.only_way_to,
        group=_group(one.group, words) if one.group else None,
        joins=[_group(group, words) for group in one.joins],
        sentences=words.sentences(one, census),
    )


@router.get("/network/influence", response=InfluenceOut, summary="Read how people stand in the network")
def read_influence(
    request: HttpRequest,
    of: Annotated[UUID | None, Query(description="only this person, or who works at this organization")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> InfluenceOut:
    """Made each night of what everyone here sees, about people who may be asked; the best known first."""
    del request
    about = get_object_or_404(Relation.objects, id=of) if of is not None else None
    only = {} if about is None else {"of" if about.is_person else "at": about.id}
    found = influences(**only, limit=limit, offset=offset)
    census = found.census
    if census is None:
        return InfluenceOut(at=None, people_counted=0, ties_counted=0, people=[])
    audit_look("relation", [one.person for one in found.people], how="list")
    words = Words(found.people)
    people = [_stands(one, words, census) for one in found.people]
    return InfluenceOut(at=census.at, people_counted=census.people, ties_counted=census.ties, people=people)


class ConnectorsOut(BaseModel):
    """Who connects groups, those on most of the shortest ways first; nothing where there was no night yet."""

    at: datetime | None
    count: int
    rows: list[StandsOut]


class OnlyTieOut(BaseModel):
    """A tie that is the only way from one to the other, behind whom so many are, themselves included."""

    near: SomebodyOut
    far: SomebodyOut
    beyond: int


class OnlyTiesOut(BaseModel):
    """Ties that are the only way, those that cut off most first."""

    at: datetime | None
    count: int
    rows: list[OnlyTieOut]


GROUP = Annotated[int | None, Query(ge=0, le=2_000_000_000, description="only of this group, by its number")]
LIMIT = Annotated[int, Query(ge=1, le=200)]
OFFSET = Annotated[int, Query(ge=0, le=100_000)]


@router.get("/network/lists/between", response=ConnectorsOut, summary="List who connects groups")
def read_between(request: HttpRequest, group: GROUP = None, limit: LIMIT = 50, offset: OFFSET = 0) -> ConnectorsOut:
    """Who knows several people in groups beside their own; made each night of what everyone here sees."""
    del request
    found = connectors(group=group, limit=limit, offset=offset)
    census = found.census
    if census is None:
        return ConnectorsOut(at=None, count=0, rows=[])
    audit_look("relation", [one.person for one in found.people], how="list")
    words = Words(found.people)
    return ConnectorsOut(at=census.at, count=found.count, rows=[_stands(one, words, census) for one in found.people])


@router.get("/network/lists/only", response=OnlyTiesOut, summary="List ties that are the only way to others")
def read_only(request: HttpRequest, group: GROUP = None, limit: LIMIT = 50, offset: OFFSET = 0) -> OnlyTiesOut:
    """Without such a tie those behind it would be cut off; of the last night, as far as the ties still hold."""
    del request
    found = only_ties(group=group, limit=limit, offset=offset)
    audit_look("relation", [each for one in found.ties for each in (one.near, one.far)], how="list")
    return OnlyTiesOut(
        at=found.census.at if found.census else None,
        count=found.count,
        rows=[
            OnlyTieOut(near=somebody_out(one.near), far=somebody_out(one.far), beyond=one.beyond) for one in found.ties
        ],
    )
