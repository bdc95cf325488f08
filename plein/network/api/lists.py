# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to whom we know together."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import BaseModel

from plein.core.audit import audit_look
from plein.network.api.door import SomebodyOut, router, somebody_out
from plein.network.queries.ours import fallen_silent, known_alone, ours, unmet, who_knows
from plein.relations.models import Relation


class UnmetOut(BaseModel):
    """People whom nobody of us knows, or organizations where nobody of us knows anybody, by name."""

    rows: list[SomebodyOut]


class AloneOut(BaseModel):
    """Somebody whom one of us alone knows, and how well."""

    person: SomebodyOut
    colleague: SomebodyOut
    strength: float


class AloneCountOut(BaseModel):
    """How many people one of us alone knows."""

    colleague: SomebodyOut
    count: int


class AllAloneOut(BaseModel):
    """Whom one of us alone knows, the best known first, and how many that are for each of us."""

    counts: list[AloneCountOut]
    rows: list[AloneOut]


class SilentOut(BaseModel):
    """A tie that was strong at the last contact and is cooling since."""

    person: SomebodyOut
    colleague: SomebodyOut
    was: float
    strength: float
    moments: int
    first_at: datetime
    last_at: datetime


class AllSilentOut(BaseModel):
    """Ties that have fallen silent, the once strongest first, and how many there are."""

    count: int
    rows: list[SilentOut]


class KnowerOut(BaseModel):
    """One of us who knows people at an organization: how well together, how many, and the best known."""

    colleague: SomebodyOut
    strength: float
    count: int
    best: list[SomebodyOut]


class KnowersOut(BaseModel):
    """Who of us knows an organization, best first."""

    rows: list[KnowerOut]


LIMIT = Annotated[int, Query(ge=1, le=200)]
OFFSET = Annotated[int, Query(ge=0, le=100_000)]


def _named(ids: Iterable[UUID]) -> dict[UUID, SomebodyOut]:
    """These by id; looked at as in a list."""
    people = Relation.objects.in_bulk(set(ids))
    audit_look("relation", people.values(), how="list")
    return {id: somebody_out(one) for id, one in people.items()}


def _one_of_us(us: list[UUID], who: UUID | None) -> UUID | None:
    if who is not None and who not in us:
        raise Http404
    return who


@router.get("/network/lists/unmet", response=UnmetOut, summary="List whom nobody of us knows")
def read_unmet(
    request: HttpRequest,
    kind: Literal["person", "organization"] = "person",
    limit: LIMIT = 50,
    offset: OFFSET = 0,
) -> UnmetOut:
    """As far as you may see; by name."""
    del request
    found = list(unmet(ours(), kind).order_by("sort_name", "id")[offset : offset + limit])
    audit_look("relation", found, how="list")
    return UnmetOut(rows=[somebody_out(one) for one in found])


@router.get("/network/lists/alone", response=AllAloneOut, summary="List whom one of us alone knows")
def read_alone(request: HttpRequest, of: UUID | None = None, limit: LIMIT = 50, offset: OFFSET = 0) -> AllAloneOut:
    """Of one of us, by the id of the relation, or of all. What is lost when somebody leaves."""
    del request
    us = ours()
    counts, rows = known_alone(us, whose=_one_of_us(us, of), limit=limit, offset=offset)
    named = _named([*counts, *(one.id for one in rows)])
    return AllAloneOut(
        counts=[AloneCountOut(colleague=named[who], count=count) for who, count in counts.items() if who in named],
        rows=[
            AloneOut(person=named[one.id], colleague=named[one.who], strength=round(one.strength, 4))
            for one in rows
            if one.id in named and one.who in named
        ],
    )


@router.get("/network/lists/silent", response=AllSilentOut, summary="List ties that were strong and fell silent")
def read_silent(request: HttpRequest, of: UUID | None = None, limit: LIMIT = 50, offset: OFFSET = 0) -> AllSilentOut:
    """Strong at the last contact, and then no contact for eight times as long as usual."""
    del request
    us = ours()
    count, rows = fallen_silent(us, whose=_one_of_us(us, of), limit=limit, offset=offset)
    named = _named([each for one in rows for each in (one.id, one.who)])
    return AllSilentOut(
        count=count,
        rows=[
            SilentOut(
                person=named[one.id],
                colleague=named[one.who],
                was=round(one.was, 4),
                strength=round(one.strength, 4),
                moments=one.moments,
                first_at=one.first_at,
                last_at=one.last_at,
            )
            for one in rows
            if one.id in named and one.who in named
        ],
    )


@router.get("/network/lists/best", response=KnowersOut, summary="List who of us knows an organization best")
def read_best(request: HttpRequest, organization: UUID) -> KnowersOut:
    """By the ties to who works there today, and to the organization itself, counted together."""
    del request
    firm = get_object_or_404(Relation.objects, id=organization, kind="organization")
    found = who_knows(ours(), firm.id)
    named = _named([each for one in found for each in (one.who, *(id for id, _strength in one.best))])
    return KnowersOut(
        rows=[
            KnowerOut(
                colleague=named[one.who],
                strength=round(one.strength, 4),
                count=one.count,
                best=[named[id] for id, _strength in one.best if id in named],
            )
            for one in found
            if one.who in named
        ]
    )
