# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the kinds of tie."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.payloads import Payload, act, changed, checked, needs, of_form, refuse_missing, sent
from plein.relations import actions
from plein.relations.api.door import router
from plein.relations.api.payloads import Version
from plein.relations.models import TieType
from plein.relations.queries.ties import TieSort, built_in_sorts, sort_of, tie_types
from plein.relations.tie_forms import BecomesForm, TieTypeForm, initial_of_type
from plein.trust.seats import seat_of

Ends = Literal["", "person", "organization"]


class TieTypeOut(BaseModel):
    """A kind of tie. What Plein has itself has no id; a tie is noted with its `key` and `:out` or `:in`."""

    id: UUID | None = None
    key: str
    words: str
    inverse: str
    is_directed: bool
    one_kind: Ends
    other_kind: Ends
    may_introduce: bool
    strength: Literal["", "none", "weak", "ordinary", "strong", "exact"] = ""
    percent: int | None = None
    name_nl: str = ""
    name_en: str = ""
    inverse_nl: str = ""
    inverse_en: str = ""
    is_retired: bool = False
    version: int | None = None


class TieTypeList(BaseModel):
    """Every kind of tie: those Plein has itself, then the company's own, retired ones too."""

    items: list[TieTypeOut]


@of_form(TieTypeForm)
class NewTieType(Payload):
    """A kind of tie. It reads the same both ways when no inverse is given."""


@of_form(TieTypeForm, without="one_kind other_kind", partial=True)
class TieTypeChanges(Payload):
    """How it reads and what it is worth; what is left out stays, and so do its ends and its direction."""

    version: Version


class Becomes(Payload):
    """The key of the kind that its ties become."""

    into: Annotated[str, Field(max_length=40)]


def _sort(sort: TieSort) -> dict[str, object]:
    return {
        "key": sort.key,
        "words": sort.words,
        "inverse": sort.inverse,
        "is_directed": sort.is_directed,
        "one_kind": sort.one_kind,
        "other_kind": sort.other_kind,
        "may_introduce": sort.may_introduce,
    }


def _own(type: TieType) -> TieTypeOut:
    own = ("id", "strength", "percent", "name_nl", "name_en", "inverse_nl", "inverse_en", "is_retired", "version")
    return TieTypeOut.model_validate(_sort(sort_of(type)) | {name: getattr(type, name) for name in own})


def _found(type_id: UUID) -> TieType:
    type: TieType | None = TieType.objects.filter(id=type_id).first()
    if type is None:
        raise Http404
    return type


@router.get("/tie-types", response=TieTypeList, summary="List the kinds of tie")
def list_tie_types(request: HttpRequest) -> TieTypeList:
    """With how each reads from both its ends, and what it is worth."""
    del request
    built_in = [TieTypeOut.model_validate(_sort(one)) for one in built_in_sorts()]
    return TieTypeList(items=[*built_in, *(_own(one) for one in tie_types(with_retired=True))])


@router.post("/tie-types", response={201: TieTypeOut}, summary="Make a kind of tie")
@needs("manage")
def add_tie_type(request: HttpRequest, payload: NewTieType) -> Status[TieTypeOut]:
    """Beside those that Plein has itself."""
    facts = checked(TieTypeForm(sent(payload))).facts()
    with act(request, "add_tie_type"):
        return Status(201, _own(actions.add_tie_type(actor=seat_of(request), facts=facts)))


@router.patch("/tie-types/{type_id}", response=TieTypeOut, summary="Change a kind of tie")
@needs("manage")
def change_tie_type(request: HttpRequest, type_id: UUID, payload: TieTypeChanges) -> TieTypeOut:
    """Every tie of this kind goes by it at once."""
    type = _found(type_id)
    form = TieTypeForm(changed(payload, initial_of_type(type), but="version"), type=type)
    refuse_missing(form, payload, but="version")
    with act(request, "change_tie_type"):
        return _own(
            actions.change_tie_type(
                actor=seat_of(request), type=type, facts=checked(form).facts(), based_on=payload.version
            )
        )


@router.put("/tie-types/{type_id}/retirement", response=TieTypeOut, summary="Retire a kind of tie")
@needs("manage")
def retire_tie_type(request: HttpRequest, type_id: UUID) -> TieTypeOut:
    """It is offered no longer; the ties there are keep it."""
    with act(request, "retire_tie_type"):
        actions.retire_tie_type(actor=seat_of(request), type=_found(type_id))
    return _own(_found(type_id))


@router.delete("/tie-types/{type_id}/retirement", response=TieTypeOut, summary="Bring a kind of tie back into use")
@needs("manage")
def bring_tie_type_back(request: HttpRequest, type_id: UUID) -> TieTypeOut:
    """It is offered again."""
    with act(request, "bring_tie_type_back"):
        actions.bring_tie_type_back(actor=seat_of(request), type=_found(type_id))
    return _own(_found(type_id))


@router.post("/tie-types/{type_id}/become", response={204: None}, summary="Let one kind of tie become another")
@needs("manage")
def remove_tie_type(request: HttpRequest, type_id: UUID, payload: Becomes) -> None:
    """Every tie of this kind is of the other one then, and this one is gone."""
    type = _found(type_id)
    into = checked(BecomesForm(sent(payload), type=type)).cleaned_data["into"]
    with act(request, "remove_tie_type"):
        actions.remove_tie_type(actor=seat_of(request), type=type, into=into)
