# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what the company uses data for."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel

from plein.consent import actions
from plein.consent.api.door import router
from plein.consent.forms import PurposeForm, initial_of
from plein.consent.models import Purpose, PurposeText
from plein.consent.queries import purpose_of, purposes, versions_of
from plein.core.payloads import Payload, act, changed, checked, needs, of_form, sent
from plein.trust.seats import seat_of


class WordsOut(BaseModel):
    """One version of the words of a purpose, in both languages."""

    id: UUID
    number: int
    name_nl: str
    name_en: str
    what_nl: str
    what_en: str
    benefit_nl: str
    benefit_en: str
    created_at: datetime


class PurposeOut(BaseModel):
    """Something the company uses data for, with the words in force; `version` is what a change is based on."""

    id: UUID
    key: str
    basis: str
    kinds: list[str]
    holds_months: int | None
    keep_months: int | None
    is_retired: bool
    version: int
    words: WordsOut


class PurposeList(BaseModel):
    """Every purpose, in order; retired ones too."""

    items: list[PurposeOut]


class PurposeWordsList(BaseModel):
    """All the words a purpose ever had, the newest first."""

    items: list[WordsOut]


@of_form(PurposeForm)
class NewPurpose(Payload):
    """Something to use data for."""


@of_form(PurposeForm, partial=True)
class PurposeChanges(Payload):
    """What changes; the rest stays. Other words become a new version."""

    version: int


def _words(text: PurposeText) -> WordsOut:
    return WordsOut.model_validate(text, from_attributes=True)


def purpose_out(purpose: Purpose) -> PurposeOut:
    """A purpose as programs read it."""
    return PurposeOut(
        id=purpose.id,
        key=purpose.key,
        basis=purpose.basis,
        kinds=purpose.kinds,
        holds_months=purpose.holds_months,
        keep_months=purpose.keep_months,
        is_retired=purpose.is_retired,
        version=purpose.version,
        words=_words(purpose.wording),
    )


def purpose_at(purpose_id: UUID) -> Purpose:
    """A purpose, or nothing at that address."""
    purpose = purpose_of(purpose_id)
    if purpose is None:
        raise Http404
    return purpose


@router.get("/purposes", response=PurposeList, summary="List what data are used for")
def list_purposes(request: HttpRequest) -> PurposeList:
    """With the ground, the words in both languages, and what people get for it."""
    del request
    return PurposeList(items=[purpose_out(one) for one in purposes(with_retired=True)])


@router.post("/purposes", response={201: PurposeOut}, summary="Begin to use data for something")
@needs("manage")
def add_purpose(request: HttpRequest, payload: NewPurpose) -> Status[PurposeOut]:
    """What people get for it is needed when the ground is their consent."""
    facts = checked(PurposeForm(sent(payload))).facts()
    with act(request, "add_purpose"):
        return Status(201, purpose_out(actions.add_purpose(actor=seat_of(request), facts=facts)))


@router.get("/purposes/{purpose_id}", response=PurposeOut, summary="Read a purpose")
def read_purpose(request: HttpRequest, purpose_id: UUID) -> PurposeOut:
    """With the words in force."""
    del request
    return purpose_out(purpose_at(purpose_id))


@router.patch("/purposes/{purpose_id}", response=PurposeOut, summary="Change a purpose")
@needs("manage")
def change_purpose(request: HttpRequest, purpose_id: UUID, payload: PurposeChanges) -> PurposeOut:
    """Whoever decided on the words of before stays with those."""
    purpose = purpose_at(purpose_id)
    facts = checked(PurposeForm(changed(payload, initial_of(purpose), but="version"))).facts()
    with act(request, "change_purpose"):
        actions.change_purpose(actor=seat_of(request), purpose=purpose, facts=facts, based_on=payload.version)
    return purpose_out(purpose_at(purpose_id))


@router.get("/purposes/{purpose_id}/words", response=PurposeWordsList, summary="Read the words a purpose ever had")
def read_purpose_words(request: HttpRequest, purpose_id: UUID) -> PurposeWordsList:
    """The newest first."""
    del request
    return PurposeWordsList(items=[_words(one.text) for one in versions_of(purpose_at(purpose_id))])


@router.put("/purposes/{purpose_id}/retirement", response=PurposeOut, summary="Retire a purpose")
@needs("manage")
def retire_purpose(request: HttpRequest, purpose_id: UUID) -> PurposeOut:
    """What was decided about it stays."""
    with act(request, "retire_purpose"):
        actions.retire_purpose(actor=seat_of(request), purpose=purpose_at(purpose_id))
    return purpose_out(purpose_at(purpose_id))


@router.delete("/purposes/{purpose_id}/retirement", response=PurposeOut, summary="Bring a purpose back into use")
@needs("manage")
def bring_purpose_back(request: HttpRequest, purpose_id: UUID) -> PurposeOut:
    """With the words it had."""
    with act(request, "bring_purpose_back"):
        actions.bring_purpose_back(actor=seat_of(request), purpose=purpose_at(purpose_id))
    return purpose_out(purpose_at(purpose_id))
