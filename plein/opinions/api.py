# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the language model that may be asked."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.payloads import Impossible, Invalid, Payload, checked, needs, of_form
from plein.opinions import actions
from plein.opinions.asking import NoOpinion
from plein.opinions.forms import EndpointForm
from plein.opinions.refusals import CannotAsk
from plein.opinions.telling import standing
from plein.opinions.vocabulary import CONSENT
from plein.trust.seats import seat_of
from plein.trust.secret_box import Unopenable

router = Router(tags=["recognition"])


class EndpointOut(BaseModel):
    """The language model that is asked about texts that Plein is not sure of; without an address nothing leaves.

    Its key is told to nobody. `sentence` is what whoever sets it has to agree with (`agrees`).
    """

    address: str
    model: str
    has_key: bool
    audiences: list[str]
    unit: str
    per_month: int
    per_day: int
    spent_today: int
    spent_this_month: int
    left_today: int
    agreed_at: datetime | None
    is_agreed: bool
    problem: str
    rests_until: datetime | None
    sentence: str


@of_form(EndpointForm)
class EndpointIn(Payload):
    """A language model; without a key the one that is kept stays, for the same address. It asks for a proof."""

    audiences: Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=50)] = ["everyone"]
    unit: Literal["calls", "tokens"] = "calls"
    per_month: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1000
    per_day: Annotated[int, Field(ge=1, le=1_000_000_000)] = 100


class EndpointTried(BaseModel):
    """What it thought of a sentence that nobody wrote, and how many tokens that took."""

    labels: dict[str, float]
    tokens: int


@router.get("/recognition/endpoint", response=EndpointOut, summary="Read which language model is asked")
@needs("manage")
def read_endpoint(request: HttpRequest) -> EndpointOut:
    """And what it took so far. Without one the address is empty: nothing leaves."""
    del request
    found = standing()
    if found is None:
        return EndpointOut(
            address="", model="", has_key=False, audiences=[], unit="calls", per_month=0, per_day=0, spent_today=0,
            spent_this_month=0, left_today=0, agreed_at=None, is_agreed=False, problem="", rests_until=None,
            sentence=str(CONSENT),
        )  # fmt: skip
    one = found.endpoint
    return EndpointOut(
        address=one.address,
        model=one.model,
        has_key=found.has_key,
        audiences=found.audiences,
        unit=one.unit,
        per_month=one.per_month,
        per_day=one.per_day,
        spent_today=found.spent.today,
        spent_this_month=found.spent.month,
        left_today=found.spent.left,
        agreed_at=one.agreed_at,
        is_agreed=found.is_agreed,
        problem=one.problem,
        rests_until=found.rests_until,
        sentence=str(CONSENT),
    )


@router.put("/recognition/endpoint", response=EndpointOut, summary="Let Plein ask a language model")
@needs("own")
def set_endpoint(request: HttpRequest, payload: EndpointIn) -> EndpointOut:
    """About what comes in from now on and Plein is not sure of. `agrees` is that you agree with `sentence`."""
    form = checked(EndpointForm(payload.model_dump()))
    try:
        actions.set_endpoint(actor=seat_of(request), facts=form.facts(), key=form.cleaned_data["key"])
    except CannotAsk as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    return read_endpoint(request)


@router.delete("/recognition/endpoint", response={204: None}, summary="Let Plein ask no language model any more")
@needs("own")
def remove_endpoint(request: HttpRequest) -> None:
    """The key is forgotten."""
    actions.remove_endpoint(actor=seat_of(request))


@router.post("/recognition/endpoint/try", response=EndpointTried, summary="Try the language model")
@needs("own")
def try_endpoint(request: HttpRequest) -> EndpointTried:
    """It is asked about a sentence that nobody wrote; that counts."""
    try:
        opinion = actions.try_endpoint(actor=seat_of(request))
    except (NoOpinion, CannotAsk) as trouble:
        raise Impossible(str(trouble)) from trouble
    except Unopenable as trouble:
        raise Impossible(_("Its key cannot be opened any more. Write it again.")) from trouble
    return EndpointTried(labels=dict(opinion.labels), tokens=opinion.tokens)
