# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to two relations that are one."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from pydantic import BaseModel, Field

from plein.core.payloads import Payload, act, needs
from plein.relations import actions
from plein.relations.api.door import router
from plein.relations.api.payloads import Version
from plein.relations.api.shapes import Named, found, kind_of
from plein.relations.models import Relation
from plein.relations.queries.merging import Compared, comparison
from plein.trust.seats import seat_of

Side = Literal["left", "right", "both"]


class Pair(Payload):
    """Which two: `into` stays, `other` goes up in it."""

    into: UUID
    other: UUID


class Merge(Pair):
    """What is kept of each, by the keys of the preview: what is not named is as proposed there."""

    into_version: Version
    other_version: Version
    choices: Annotated[dict[Annotated[str, Field(max_length=60)], Side], Field(max_length=400)] = Field(
        default_factory=dict
    )
    circle: Literal["", "both", "me"] = Field(
        default="", description="Who sees the one; needed when the two are seen by different people."
    )
    values_mark: Annotated[str, Field(max_length=60)] = Field(
        default="", description="That of the preview: who changed an own field since is told as of everything else."
    )


class ComparedOut(BaseModel):
    """One thing of both: what each has in words, which side is proposed, and whether both can be kept."""

    key: str
    label: str
    left: list[str]
    right: list[str]
    proposed: Side
    may_be_both: bool
    is_same: bool


class MovedOut(BaseModel):
    """So many of something go along."""

    count: int
    words: str


class MergePreview(BaseModel):
    """Both side by side: `left` stays, `right` goes up in it."""

    left: Named
    left_version: int
    right: Named
    right_version: int
    compared: list[ComparedOut]
    moved: list[MovedOut]
    is_circle_asked: bool
    values_mark: str


class Merged(BaseModel):
    """The one that is left, and the operation by which it becomes two again."""

    relation: Named
    version: int
    operation: UUID


@router.post("/relations/merge/preview", response=MergePreview, summary="Look at two relations before merging them")
@needs("read")
def preview_merge(request: HttpRequest, payload: Pair) -> MergePreview:
    """Writes nothing."""
    del request
    both = comparison(payload.into, payload.other)
    if both is None:
        raise Http404
    return MergePreview(
        left=_named(both.left),
        left_version=both.left.version,
        right=_named(both.right),
        right_version=both.right.version,
        compared=[_compared(one) for one in (*both.details, *both.custom, *both.groups)],
        moved=[MovedOut(count=one.count, words=one.words) for one in both.moved],
        is_circle_asked=both.meeting.is_asked,
        values_mark=both.values_mark,
    )


@router.post("/relations/merge", response=Merged, summary="Make one relation of two")
@needs("delete")
def merge_relations(request: HttpRequest, payload: Merge) -> Merged:
    """All that belonged to the other belongs to the one that stays; turning the operation back parts them again."""
    into, other = found(payload.into), found(payload.other)
    into.version, other.version = payload.into_version, payload.other_version
    chosen = actions.Choices(payload.choices, payload.circle, payload.values_mark)
    with act(request, "merge_relations"):
        try:
            done = actions.merge_relations(actor=seat_of(request), into=into, other=other, choices=chosen)
        except Relation.DoesNotExist as gone:
            raise Http404 from gone
    kept = found(payload.into)
    return Merged(relation=_named(kept), version=kept.version, operation=done.id)


def _named(relation: Relation) -> Named:
    return Named(id=relation.id, kind=kind_of(relation.kind), name=relation.name)


def _compared(one: Compared) -> ComparedOut:
    return ComparedOut(
        key=one.key,
        label=one.label,
        left=one.left,
        right=one.right,
        proposed=one.proposed,
        may_be_both=one.may_be_both,
        is_same=one.is_same,
    )
