# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to recognition: what is in a text that is sent along. Nothing is kept."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from plein.core.payloads import Payload, needs
from plein.moments.queries.topics import names_of_topics, topics_in_use
from plein.recognition.recognise import Incoming, recognise
from plein.recognition.telling import as_row

router = Router(tags=["recognition"])
#: Characters of a text: the longest letter, not a book.
LONGEST_TEXT = 50_000


class TextIn(Payload):
    """A message. `language` (BCP 47) is what the writer usually writes; it decides about very short texts."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    channel: Annotated[str, Field(max_length=20)] = ""
    language: Annotated[str, Field(max_length=10)] = ""
    tier: Literal["light", "standard"] = "standard"


class EntityOut(BaseModel):
    """A mention: code points of the text, the end exclusive."""

    type: str
    start: int
    end: int
    text: str


class RecognitionOut(BaseModel):
    """What was recognised; probabilities 0 ... 1. `reasons` are the words that spoke most for each label that holds."""

    labels: dict[str, float]
    sentiment: Literal["negative", "neutral", "positive"]
    sentiments: dict[str, float]
    urgency: Annotated[int, Field(ge=0, le=2, description="0 none, 1 within days, 2 now")]
    language: str
    language_confidence: float
    relevance: Literal["business", "small_talk", "unsure"]
    entities: list[EntityOut]
    small_talk_spans: list[tuple[int, int]]
    reasons: dict[str, list[str]]
    topics: Annotated[dict[str, float], Field(description="by name, those of the workspace that it is about")]
    tier: str
    version: str


@router.post("/recognise", response=RecognitionOut, summary="Tell what is in a text")
@needs("read")
def recognise_text(request: HttpRequest, payload: TextIn) -> RecognitionOut:
    """Labels, sentiment, urgency, language, mentions, small talk and topics. The text is looked at and not kept."""
    found = recognise(
        [Incoming(payload.text, payload.channel, payload.language)], tier=payload.tier, topics=topics_in_use()
    )[0]
    return RecognitionOut.model_validate(as_row(found, names_of_topics()))
