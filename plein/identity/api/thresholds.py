# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to when somebody is taken for somebody we know."""

from dataclasses import asdict
from typing import Annotated

from django.http import HttpRequest
from pydantic import BaseModel, Field

from plein.core.payloads import Payload, act, changed, checked, needs
from plein.identity import actions
from plein.identity.api.door import router
from plein.identity.forms import LEAST, MOST, ThresholdsForm
from plein.identity.queries import is_own_threshold, thresholds
from plein.trust.seats import seat_of

Bits = Annotated[float, Field(ge=LEAST, le=MOST, allow_inf_nan=False)]


class MatchThresholdsOut(BaseModel):
    """In bits, and whether they are this company's own."""

    automatic: float
    strong: float
    ahead: float
    review: float
    is_own: bool


class MatchThresholdsIn(Payload):
    """What is left out stays as it is."""

    automatic: Bits | None = None
    strong: Bits | None = None
    ahead: Bits | None = None
    review: Bits | None = None


def _out() -> MatchThresholdsOut:
    return MatchThresholdsOut(**asdict(thresholds()), is_own=is_own_threshold())


@router.get("/match/thresholds", response=MatchThresholdsOut, summary="Read when people are recognised")
def read_thresholds(request: HttpRequest) -> MatchThresholdsOut:
    """Plein's, or those of this company."""
    del request
    return _out()


@router.put("/match/thresholds", response=MatchThresholdsOut, summary="Choose when people are recognised")
@needs("manage")
def set_thresholds(request: HttpRequest, payload: MatchThresholdsIn) -> MatchThresholdsOut:
    """From now on; what was decided before stays."""
    form = checked(ThresholdsForm(changed(payload, asdict(thresholds()))))
    with act(request, "set_thresholds"):
        actions.set_thresholds(actor=seat_of(request), chosen=form.thresholds())
    return _out()


@router.delete("/match/thresholds", response=MatchThresholdsOut, summary="Recognise people as Plein does")
@needs("manage")
def thresholds_as_plein(request: HttpRequest) -> MatchThresholdsOut:
    """Whatever that will be in a later version."""
    with act(request, "set_thresholds"):
        actions.thresholds_as_plein(actor=seat_of(request))
    return _out()
