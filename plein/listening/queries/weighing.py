# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which posts deserve attention first: by what they are, who wrote them, and how long ago."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Value

from plein.channels.speaking import may_speak
from plein.core.ids import now
from plein.inbox.models import Message
from plein.listening.vocabulary import MOST_WEIGHED
from plein.moments.models import MomentSource, Participant
from plein.moments.queries import Heard, MomentLine, PartLine, heard_in, moments_named
from plein.moments.vocabulary import Relevance

#: How much each kind of text asks for somebody; what cannot wait weighs most.
WORTH: dict[str, float] = {
    "buying_intent": 3.0,
    "churn_threat": 3.0,
    "complaint": 2.5,
    "introduction_request": 2.0,
    "job_change": 2.0,
    "referral": 2.0,
    "question": 1.5,
    "request": 1.5,
    "praise": 1.0,
    "idea": 1.0,
    "payment_dispute": 1.0,
    "appointment": 0.5,
    "payment_promise": 0.5,
}
#: Business, somebody we know, and small talk; after so many days a post weighs half.
BUSINESS, KNOWN, TALK, HALF_LIFE = 1.0, 1.5, 0.25, 7.0
#: Words read in a minute, and what looking at one post takes besides, in minutes.
SPEED, LOOK = 200, 0.25


@dataclass(frozen=True, slots=True)
class Item:
    """A post that was heard: what it weighs, what kind it most is, who wrote it, how long it takes, in minutes."""

    moment: MomentLine
    weight: float
    kind: str
    mood: str
    writer: PartLine | None
    minutes: float

    @property
    def is_known(self) -> bool:
        return self.writer is not None and self.writer.relation_id is not None


def best_of(ids: Sequence[UUID]) -> list[Item]:
    """The newest of these posts, those that deserve attention most first: three statements."""
    chosen = list(ids[:MOST_WEIGHED])
    return weigh(moments_named(chosen), heard_in(chosen), now()) if chosen else []


@dataclass(frozen=True, slots=True)
class Standing:
    """Of posts: which stand in the inbox, which an account of the reader heard so that they may answer, and where each
    was written, when its writer has a name there.
    """

    waiting: frozenset[UUID] = frozenset()
    answerable: frozenset[UUID] = frozenset()
    networks: Mapping[UUID, str] = field(default_factory=dict)


def standing_of(ids: Iterable[UUID], seat_id: UUID) -> Standing:
    """How these posts stand for this reader: one statement."""
    wanted = list(ids)
    if not wanted:
        return Standing()
    waiting = Message.objects.filter(moment_id__in=wanted).values_list("moment_id", Value("waiting"), Value(""))
    accounts = may_speak(seat_id).order_by().values("id")
    heard = MomentSource.objects.filter(moment_id__in=wanted, gone_at__isnull=True, import_id__in=accounts)
    written = Participant.objects.filter(moment_id__in=wanted, role="from", contact_point__network__gt="")
    rows = set(
        waiting.union(
            heard.values_list("moment_id", Value("heard"), Value("")),
            written.values_list("moment_id", Value("written"), "contact_point__network"),
        )
    )
    found: dict[str, dict[UUID, str]] = {"waiting": {}, "heard": {}, "written": {}}
    for moment_id, what, network in sorted(rows):
        found[what][moment_id] = network
    return Standing(frozenset(found["waiting"]), frozenset(found["heard"]), found["written"])


def minutes_of(text: str) -> float:
    """How long one post takes."""
    return LOOK + len(text.split()) / SPEED


def weigh(lines: Iterable[MomentLine], heard: Mapping[UUID, Heard], at: datetime) -> list[Item]:
    """Posts in the order in which they deserve attention."""
    items = [_item(line, heard.get(line.id), at) for line in lines]
    return sorted(items, key=lambda item: (-item.weight, -item.moment.occurred_at.timestamp(), item.moment.id))


def _item(line: MomentLine, heard: Heard | None, at: datetime) -> Item:
    writer = next((part for part in line.parts if part.role == "from"), None)
    labels = heard.labels if heard is not None else []
    kind = max(labels, key=lambda label: WORTH[label] * heard.chance(label), default="") if heard is not None else ""
    weight = 1.0 + (sum(WORTH[label] * heard.chance(label) for label in labels) if heard is not None else 0.0)
    if writer is not None and writer.relation_id is not None:
        weight += KNOWN
    if heard is not None and heard.relevance == Relevance.BUSINESS:
        weight += BUSINESS
    if heard is not None and heard.relevance == Relevance.SMALL_TALK:
        weight *= TALK
    days = max((at - line.occurred_at).total_seconds(), 0) / 86_400
    minutes = minutes_of(line.text)
    mood = heard.sentiment if heard is not None else ""
    return Item(line, weight * 0.5 ** (days / HALF_LIFE), kind, mood, writer, minutes)
