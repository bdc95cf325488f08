# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the topics of a company: what texts are about here, and what might be a topic."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.payloads import Invalid, Payload, act
from plein.moments import actions
from plein.moments.actions.topics import LONGEST_EXAMPLE, LONGEST_WORD, MOST_LINES
from plein.moments.models import Topic, TopicSuggestion
from plein.moments.models.topics import LONGEST_NAME
from plein.moments.queries import moments_about, topics, weeks_about
from plein.moments.queries.topic_groups import possible_topics
from plein.relations.refusals import Refused
from plein.trust.seats import seat_of

router = Router(tags=["moments"])
type Words = Annotated[list[Annotated[str, Field(max_length=LONGEST_WORD)]], Field(max_length=MOST_LINES)]
type Examples = Annotated[list[Annotated[str, Field(max_length=LONGEST_EXAMPLE)]], Field(max_length=MOST_LINES)]


class TopicOut(BaseModel):
    """A topic: a text with one of `words` is about it, and so is one that is like its examples."""

    id: UUID
    name: str
    words: list[str]
    examples: list[str]
    owner: UUID | None
    version: int


class TopicList(BaseModel):
    """The topics, by name."""

    items: list[TopicOut]


class TopicWeekOut(BaseModel):
    """A week, by its Monday, and how many moments were about it, as far as one may read them."""

    begin: date
    count: int


class TopicRead(TopicOut):
    """A topic with its weeks, the oldest first, and the latest moments about it."""

    weeks: list[TopicWeekOut]
    moments: list[UUID]


class PossibleTopicOut(BaseModel):
    """Texts that everyone may read, are alike and have no topic: the words that stand out, the most typical of them."""

    id: UUID
    count: int
    words: list[str]
    moments: list[UUID]


class PossibleTopicList(BaseModel):
    """What might be a topic, the largest first."""

    items: list[PossibleTopicOut]


class NewTopic(Payload):
    """What a topic is called and known by: at least one word or example."""

    name: Annotated[str, Field(max_length=LONGEST_NAME)]
    words: Words = []
    examples: Examples = []


class TopicChanges(Payload):
    """What is otherwise; `version` is the one that this is based on."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    words: Words | None = None
    examples: Examples | None = None


@router.get("/topics", response=TopicList, summary="List the topics")
def list_topics(request: HttpRequest) -> TopicList:
    """What texts are about here."""
    del request
    return TopicList(items=[_out(one) for one in topics()])


@router.post("/topics", response={201: TopicOut}, summary="Name a topic")
def save_topic(request: HttpRequest, payload: NewTopic) -> Status[TopicOut]:
    """It is looked for in what comes in, and in a few minutes in what came in the last three months."""

    def save() -> Topic:
        return actions.save_topic(
            actor=seat_of(request),
            name=payload.name,
            words="\n".join(payload.words),
            examples="\n".join(payload.examples),
        )

    return Status(201, _out(_done(request, "save_topic", save)))


@router.get("/topics/possible", response=PossibleTopicList, summary="List what might be a topic")
def list_possible_topics(request: HttpRequest) -> PossibleTopicList:
    """Found at night."""
    del request
    found = possible_topics()
    audit_look("moment", [sample for one in found for sample in one.samples], how="list")
    return PossibleTopicList(
        items=[
            PossibleTopicOut(id=one.id, count=one.count, words=one.words, moments=[each.id for each in one.samples])
            for one in found
        ]
    )


@router.delete("/topics/possible/{suggestion_id}", response={204: None}, summary="Say that it is no topic")
def refuse_suggestion(request: HttpRequest, suggestion_id: UUID) -> None:
    """It is not suggested again."""
    one = TopicSuggestion.objects.filter(id=suggestion_id).first()
    if one is None:
        raise Http404
    with act(request, "refuse_suggestion"):
        actions.refuse_suggestion(actor=seat_of(request), suggestion=one)


@router.get("/topics/{topic_id}", response=TopicRead, summary="Read a topic")
def read_topic(request: HttpRequest, topic_id: UUID) -> TopicRead:
    """How much was written about it each week, and the latest of that."""
    del request
    one = _found(topic_id)
    moments = moments_about(one.id)
    audit_look("moment", moments, how="list")
    return TopicRead(
        **_out(one).model_dump(),
        weeks=[TopicWeekOut(begin=week.begin, count=week.count) for week in weeks_about(one.id)],
        moments=[line.id for line in moments],
    )


@router.patch("/topics/{topic_id}", response=TopicOut, summary="Change a topic")
def change_topic(request: HttpRequest, topic_id: UUID, payload: TopicChanges) -> TopicOut:
    """By who named it, or an administrator."""
    one = _found(topic_id)
    sent = payload.model_dump(exclude_unset=True, exclude={"version"}, exclude_none=True)
    changes = {key: "\n".join(value) if isinstance(value, list) else str(value) for key, value in sent.items()}

    def change() -> Topic:
        return actions.change_topic(actor=seat_of(request), topic=one, based_on=payload.version, **changes)

    return _out(_done(request, "change_topic", change))


@router.delete("/topics/{topic_id}", response={204: None}, summary="Remove a topic")
def remove_topic(request: HttpRequest, topic_id: UUID) -> None:
    """The texts stay."""
    one = _found(topic_id)
    with act(request, "remove_topic"):
        actions.remove_topic(actor=seat_of(request), topic=one)


def _found(topic_id: UUID) -> Topic:
    topic: Topic | None = Topic.objects.filter(id=topic_id).first()
    if topic is None:
        raise Http404
    return topic


def _out(one: Topic) -> TopicOut:
    return TopicOut(
        id=one.id,
        name=one.name,
        words=one.words.splitlines(),
        examples=one.examples.splitlines(),
        owner=one.owner_id,
        version=one.version,
    )


def _done(request: HttpRequest, verb: str, write: Callable[[], Topic]) -> Topic:
    try:
        with act(request, verb):
            return write()
    except Refused as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
