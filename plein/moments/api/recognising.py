# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what was recognised in the text of a moment, and to saying what it is instead."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.payloads import Invalid, Payload, act
from plein.moments import actions
from plein.moments.api.door import router
from plein.moments.api.shapes import found_moment
from plein.moments.models import Moment
from plein.moments.queries import Heard, heard_in
from plein.relations.refusals import Refused
from plein.trust.seats import seat_of

About = Literal[
    "question",
    "request",
    "complaint",
    "praise",
    "buying_intent",
    "churn_threat",
    "job_change",
    "introduction_request",
    "referral",
    "idea",
    "appointment",
    "payment_promise",
    "payment_dispute",
    "relevance",
    "sentiment",
    "urgency",
]
#: A topic is named by its id.
type AboutTopic = Annotated[str, Field(pattern=r"^topic:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class HeardMentionOut(BaseModel):
    """A stretch of the text that names something: code points, the end exclusive."""

    type: str
    start: int
    end: int


class SaidOut(BaseModel):
    """What a colleague said of it, and who."""

    value: str
    seat: UUID | None


class OpinionOut(BaseModel):
    """Which language model was asked where our own was not sure, and the labels of which it said something."""

    by: str
    labels: list[str]


class HeardOut(BaseModel):
    """What is in a text. `probabilities` are the model's own, but for the labels that `opinion` names, which a language
    model was asked about; `labels`, `relevance`, `sentiment` and `urgency` are what
    holds, after what colleagues `said`. Spans count code points of the whole text; `version` is empty where no model
    looked yet.
    """

    moment: UUID
    version: str
    tier: str
    language: str
    labels: list[str]
    probabilities: dict[str, float]
    relevance: str
    filed_as: str
    sentiment: str
    urgency: int
    entities: list[HeardMentionOut]
    small_talk_spans: list[list[int]]
    reasons: dict[str, list[list[int]]]
    topics: dict[UUID, float]
    said: dict[str, SaidOut]
    opinion: OpinionOut | None


class NewCorrection(Payload):
    """What a text is: a label and `yes` or `no`; `relevance` and `business` or `small_talk`; `sentiment` and
    `negative`, `neutral` or `positive`; `urgency` and `0`, `1` or `2`; `topic:` with its id, and `yes` or `no`.
    """

    about: About | AboutTopic
    value: Literal["yes", "no", "business", "small_talk", "negative", "neutral", "positive", "0", "1", "2"]


class Refiling(Payload):
    """What all of a conversation is after all."""

    relevance: Literal["business", "small_talk"]


class Refiled(BaseModel):
    """How many moments were filed anew."""

    count: int


@router.get("/moments/{moment_id}/recognition", response=HeardOut, summary="Read what is in a text")
def read_recognition(request: HttpRequest, moment_id: UUID) -> HeardOut:
    """Labels, mood, haste, mentions and small talk, and the places of the words that led to each label."""
    del request
    return _read(found_moment(moment_id))


@router.post("/moments/{moment_id}/corrections", response={201: HeardOut}, summary="Say what a text is")
def correct_recognition(request: HttpRequest, moment_id: UUID, payload: NewCorrection) -> Status[HeardOut]:
    """It goes before what a model made of it, and Plein learns from it. Turning the operation back takes it back."""
    moment = found_moment(moment_id)
    try:
        with act(request, "correct_recognition"):
            actions.correct_recognition(actor=seat_of(request), moment=moment, about=payload.about, value=payload.value)
    except Refused as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    return Status(201, _read(moment))


@router.delete(
    "/moments/{moment_id}/corrections/{about}", response={204: None}, summary="Take back what was said of a text"
)
def withdraw_correction(request: HttpRequest, moment_id: UUID, about: About | AboutTopic) -> None:
    """It is again what a model makes of it."""
    moment = found_moment(moment_id)
    with act(request, "withdraw_correction"):
        actions.withdraw_correction(actor=seat_of(request), moment=moment, about=about)


@router.post("/threads/{thread_id}/refile", response=Refiled, summary="File a conversation anew")
def refile_thread(request: HttpRequest, thread_id: UUID, payload: Refiling) -> Refiled:
    """All of it that you may read is business, or small talk, after all: one operation."""
    if not Moment.objects.filter(thread_id=thread_id).exists():
        raise Http404
    with act(request, "refile_thread"):
        count = actions.refile_thread(actor=seat_of(request), thread_id=thread_id, relevance=payload.relevance)
    return Refiled(count=count)


def _read(moment: Moment) -> HeardOut:
    heard = heard_in([moment.id]).get(moment.id)
    if heard is None:
        raise Http404
    audit_look("moment", [moment])
    return recognition_of(heard)


def recognition_of(heard: Heard) -> HeardOut:
    """What is in a text as the door shows it."""
    return HeardOut(
        moment=heard.moment_id,
        version=heard.version,
        tier=heard.tier,
        language=heard.language,
        labels=heard.labels,
        probabilities=dict(heard.probabilities),
        relevance=heard.relevance,
        filed_as=heard.filed_as,
        sentiment=heard.sentiment,
        urgency=heard.urgency,
        entities=[HeardMentionOut(type=kind, start=start, end=end) for kind, start, end in heard.mentions],
        small_talk_spans=[list(span) for span in heard.small_talk],
        reasons={label: [list(span) for span in places] for label, places in heard.reasons.items()},
        topics={UUID(one): heard.topic_chance(one) for one in heard.topics},
        said={about: SaidOut(value=said.value, seat=said.seat_id) for about, said in heard.said.items()},
        opinion=OpinionOut(by=heard.opinion_by, labels=sorted(heard.opined)) if heard.opined else None,
    )
