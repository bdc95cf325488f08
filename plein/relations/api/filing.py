# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to tags, interests and days that matter; and to acts on many relations at once."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel

from plein.core.payloads import act, checked, needs, sent
from plein.lists.bulk.acts import CannotChange, Perform
from plein.relations import actions
from plein.relations.actions import bulk
from plein.relations.api.door import router
from plein.relations.api.payloads import (
    ManyAssigned,
    ManyIds,
    ManyTagged,
    ManyUntagged,
    NewDate,
    NewInterest,
    NewTag,
)
from plein.relations.api.shapes import ImportantDateOut, InterestOut, TagOut, day_of, found, interest_of
from plein.relations.forms import ImportantDateForm, InterestForm, TagForm
from plein.relations.models import ImportantDate, Interest, Relation
from plein.trust.seats import seat_of


class Counted(BaseModel):
    """How many relations were changed, and under which operation."""

    count: int
    operation: UUID


def _many(request: HttpRequest, verb: str, perform: Perform, ids: list[UUID], values: dict[str, Any]) -> Counted:
    """Do something with those of them that are seen, at once."""
    seen = list(Relation.objects.filter(id__in=ids).values_list("id", flat=True))
    try:
        with act(request, verb) as done:
            outcome = perform(actor=seat_of(request), ids=seen, values=values)
    except CannotChange as refusal:
        raise actions.Refused(str(refusal)) from refusal
    return Counted(count=outcome.changed, operation=done.id)


@router.post("/relations/{relation_id}/tags", response={201: TagOut}, summary="File a relation under a tag")
def tag(request: HttpRequest, relation_id: UUID, payload: NewTag) -> Status[TagOut]:
    """A tag it has already is no error."""
    relation = found(relation_id)
    name = checked(TagForm(sent(payload))).cleaned_data["name"]
    with act(request, "tag"):
        tagging = actions.tag(actor=seat_of(request), relation=relation, name=name)
    return Status(201, TagOut(id=tagging.tag_id, name=tagging.tag.name))


@router.delete("/relations/{relation_id}/tags/{tag_id}", response={204: None}, summary="Take a tag off a relation")
def untag(request: HttpRequest, relation_id: UUID, tag_id: UUID) -> None:
    """A tag it does not have is no error."""
    relation = found(relation_id)
    with act(request, "untag"):
        actions.untag(actor=seat_of(request), relation=relation, tag_id=tag_id)


@router.post("/relations/{relation_id}/interests", response={201: InterestOut}, summary="Note what moves somebody")
def add_interest(request: HttpRequest, relation_id: UUID, payload: NewInterest) -> Status[InterestOut]:
    """In a few words."""
    relation = found(relation_id)
    text = checked(InterestForm(sent(payload))).cleaned_data["text"]
    with act(request, "add_interest"):
        interest = actions.add_interest(actor=seat_of(request), relation=relation, text=text)
    return Status(201, interest_of(interest))


@router.delete("/relations/{relation_id}/interests/{interest_id}", response={204: None}, summary="Forget an interest")
def remove_interest(request: HttpRequest, relation_id: UUID, interest_id: UUID) -> None:
    """It moves them no longer."""
    interest = Interest.objects.filter(id=interest_id, relation=found(relation_id)).first()
    if interest is None:
        raise Http404
    with act(request, "remove_interest"):
        actions.remove_interest(actor=seat_of(request), interest=interest)


@router.post("/relations/{relation_id}/dates", response={201: ImportantDateOut}, summary="Note a day that matters")
def add_important_date(request: HttpRequest, relation_id: UUID, payload: NewDate) -> Status[ImportantDateOut]:
    """A birthday, an anniversary, the end of a contract."""
    relation = found(relation_id)
    values = checked(ImportantDateForm(sent(payload))).cleaned_data
    with act(request, "add_important_date"):
        day = actions.add_important_date(actor=seat_of(request), relation=relation, **values)
    return Status(201, day_of(day))


@router.delete("/relations/{relation_id}/dates/{date_id}", response={204: None}, summary="Forget a day")
def remove_important_date(request: HttpRequest, relation_id: UUID, date_id: UUID) -> None:
    """It matters no longer."""
    day = ImportantDate.objects.filter(id=date_id, relation=found(relation_id)).first()
    if day is None:
        raise Http404
    with act(request, "remove_important_date"):
        actions.remove_important_date(actor=seat_of(request), important_date=day)


@router.post("/relations/tagged", response=Counted, summary="File many relations under a tag")
def tag_relations(request: HttpRequest, payload: ManyTagged) -> Counted:
    """Those that may not be seen are left out, and so are those that have it already."""
    return _many(request, "tag_relations", bulk.tag_many, payload.ids, {"name": payload.name})


@router.post("/relations/untagged", response=Counted, summary="Take a tag off many relations")
def untag_relations(request: HttpRequest, payload: ManyUntagged) -> Counted:
    """Those that do not have it are left out."""
    return _many(request, "untag_relations", bulk.untag_many, payload.ids, {"tag": payload.tag})


@router.post("/relations/assigned", response=Counted, summary="Give many relations an owner")
def assign_relations(request: HttpRequest, payload: ManyAssigned) -> Counted:
    """Or none."""
    return _many(request, "assign_relations", bulk.assign_many, payload.ids, {"owner": payload.owner})


@router.post("/relations/removed", response=Counted, summary="Remove many relations")
@needs("delete")
def delete_relations(request: HttpRequest, payload: ManyIds) -> Counted:
    """Into the recycle bin, as one operation."""
    return _many(request, "delete_relations", bulk.delete_many, payload.ids, {})
