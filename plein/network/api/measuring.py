# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to how strength is measured."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.payloads import Invalid, Payload, act, needs
from plein.network import actions
from plein.network.api.door import router
from plein.network.forms.measuring import FLOOR, HEAVIEST, LARGEST_CROWD, LONGEST_HALF_LIFE, WEIGHT, MeasureForm
from plein.network.queries.effects import effects
from plein.network.queries.measuring import is_own_measure, measure
from plein.network.vocabulary import SHORTEST_HALF_LIFE, Measure
from plein.trust.seats import seat_of


class MeasureOut(BaseModel):
    """How strength is measured: weights by kind of contact, floors by kind of tie, and whether that is Plein's way."""

    half_life: int
    even: float
    reciprocity: float
    crowd: int
    weights: dict[str, float]
    floors: dict[str, float]
    is_own: bool


class MeasureIn(Payload):
    """What is left out stays as it is."""

    half_life: Annotated[int, Field(ge=SHORTEST_HALF_LIFE, le=LONGEST_HALF_LIFE, description="days")] | None = None
    even: Annotated[float, Field(ge=0.01, le=HEAVIEST)] | None = None
    reciprocity: Annotated[float, Field(ge=0, le=1)] | None = None
    crowd: Annotated[int, Field(ge=1, le=LARGEST_CROWD)] | None = None
    weights: dict[str, float] = {}
    floors: dict[str, float] = {}


class MeasureEffectOut(BaseModel):
    """One of my ties, now and as it would be."""

    relation: UUID
    name: str
    strength: float
    would_be: float


class MeasureEffectsOut(BaseModel):
    """What another measure would make of my strongest ties."""

    ties: list[MeasureEffectOut]


def _out(found: Measure) -> MeasureOut:
    return MeasureOut(
        half_life=found.half_life.days,
        even=found.even,
        reciprocity=found.reciprocity,
        crowd=found.crowd,
        weights={str(kind): worth for kind, worth in found.weights.items()},
        floors={ground.name.lower(): floor for ground, floor in found.floors.items()},
        is_own=is_own_measure(),
    )


def _wanted(payload: MeasureIn) -> Measure:
    """What is asked, checked by the form of the page; raises Invalid."""
    form = MeasureForm(measure=measure())
    sent = dict(form.initial)
    for name in ("half_life", "even", "crowd"):
        sent[name] = sent[name] if getattr(payload, name) is None else getattr(payload, name)
    if payload.reciprocity is not None:
        sent["reciprocity"] = round(100 * payload.reciprocity)
    sent |= {WEIGHT + kind: worth for kind, worth in payload.weights.items()}
    sent |= {FLOOR + ground: round(100 * floor) for ground, floor in payload.floors.items()}
    if unknown := sorted(set(sent) - set(form.fields)):
        raise Invalid({unknown[0]: "?"})
    form = MeasureForm(sent)
    if not form.is_valid():
        raise Invalid({name: str(errors[0]) for name, errors in form.errors.items()})
    return form.measure()


@router.get("/network/measure", response=MeasureOut, summary="Read how strength is measured")
def read_measure(request: HttpRequest) -> MeasureOut:
    """Plein's way, or that of this company."""
    del request
    return _out(measure())


@router.put("/network/measure", response=MeasureOut, summary="Choose how strength is measured")
@needs("manage")
def set_measure(request: HttpRequest, payload: MeasureIn) -> MeasureOut:
    """All ties follow at once."""
    wanted = _wanted(payload)
    with act(request, "set_measure"):
        actions.set_measure(actor=seat_of(request), measure=wanted)
    return _out(measure())


@router.delete("/network/measure", response=MeasureOut, summary="Measure strength as Plein does")
@needs("manage")
def measure_as_plein(request: HttpRequest) -> MeasureOut:
    """Whatever that will be in a later version."""
    with act(request, "set_measure"):
        actions.measure_as_plein(actor=seat_of(request))
    return _out(measure())


@router.post("/network/measure/preview", response=MeasureEffectsOut, summary="Look what another measure would do")
@needs("manage")
def preview_measure(request: HttpRequest, payload: MeasureIn) -> MeasureEffectsOut:
    """To my own strongest ties; nothing changes."""
    found = effects(_wanted(payload), seat_of(request).seat_id)
    audit_look("relation", [one.relation for one in found], how="list")
    return MeasureEffectsOut(
        ties=[
            MeasureEffectOut(
                relation=one.relation.id,
                name=one.relation.name,
                strength=round(one.strength, 4),
                would_be=round(one.would_be, 4),
            )
            for one in found
        ]
    )
