# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the never-contact list and to who may be asked for introductions."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from plein.consent import actions
from plein.consent.api.door import router
from plein.consent.forms import MOST_ADDRESSES
from plein.consent.queries import is_open_to_requests, never_listed, steps_setting
from plein.core.payloads import Invalid, Payload, act, needs
from plein.relations.contact import Contact, ContactError, normalise
from plein.trust.seats import seat_of

Address = Annotated[str, Field(max_length=500)]


class AskedAddresses(Payload):
    """Addresses and numbers, as people write them."""

    addresses: Annotated[list[Address], Field(min_length=1, max_length=MOST_ADDRESSES)]


class ReasonedAddresses(AskedAddresses):
    """Addresses and numbers, and why; the reason holds no name."""

    reason: Annotated[str, Field(max_length=300)]


class ListedCount(BaseModel):
    """How many there were."""

    count: int


class ListedAddresses(BaseModel):
    """Which of them are on the list."""

    items: list[str]


class StepsOut(BaseModel):
    """Who may be asked for introductions in this company, and whether colleagues may ask oneself."""

    steps: str
    is_open: bool


class StepsChange(Payload):
    """Whether people may be asked unless they object, or outsiders only after a yes."""

    steps: Literal["objection", "consent"]


class OwnChoice(Payload):
    """Whether colleagues may ask oneself for introductions."""

    is_open: bool


def _contacts(addresses: list[str]) -> list[Contact]:
    found = []
    for address in addresses:
        try:
            found.append(normalise(address))
        except ContactError as trouble:
            raise Invalid({"addresses": f"{address[:60]}: {trouble}"}) from trouble
    return found


@router.post("/never-contact", response=ListedCount, summary="Never use addresses again")
@needs("manage")
def add_never_contact(request: HttpRequest, payload: ReasonedAddresses) -> ListedCount:
    """Only a keyed hash of each is kept; it outlives what is known of people."""
    contacts = _contacts(payload.addresses)
    with act(request, "add_never_contact"):
        made = actions.add_never_contact(actor=seat_of(request), contacts=contacts, reason=payload.reason)
    return ListedCount(count=len(made))


@router.post("/never-contact/check", response=ListedAddresses, summary="Ask which addresses are never used")
@needs("read")
def check_never_contact(request: HttpRequest, payload: AskedAddresses) -> ListedAddresses:
    """Those of them that are on the list, in their normal form."""
    del request
    listed = never_listed([(one.kind, one.value) for one in _contacts(payload.addresses)])
    return ListedAddresses(items=sorted(value for _kind, value in listed))


@router.post("/never-contact/remove", response=ListedCount, summary="Take addresses off the list")
@needs("manage")
def remove_never_contact(request: HttpRequest, payload: ReasonedAddresses) -> ListedCount:
    """So that they may be used again."""
    with act(request, "remove_never_contact"):
        gone = [
            actions.remove_never_contact(actor=seat_of(request), contact=one, reason=payload.reason)
            for one in _contacts(payload.addresses)
        ]
    if not any(gone):
        raise Invalid({"addresses": _("None of these is on the list.")})
    return ListedCount(count=sum(gone))


@router.get("/introductions", response=StepsOut, summary="Read who may be asked for introductions")
def read_steps(request: HttpRequest) -> StepsOut:
    """For the company, and for oneself."""
    return StepsOut(steps=steps_setting(), is_open=is_open_to_requests(seat_of(request).seat_id))


@router.put("/introductions", response=StepsOut, summary="Choose who may be asked for introductions")
@needs("manage")
def set_steps(request: HttpRequest, payload: StepsChange) -> StepsOut:
    """For the whole company."""
    with act(request, "set_steps"):
        actions.set_steps(actor=seat_of(request), steps=payload.steps)
    return read_steps(request)


@router.put("/introductions/own", response=StepsOut, summary="Choose whether to be asked for introductions")
def set_own_choice(request: HttpRequest, payload: OwnChoice) -> StepsOut:
    """For oneself only."""
    with act(request, "set_step_choice"):
        actions.set_own_choice(actor=seat_of(request), is_open=payload.is_open)
    return read_steps(request)
