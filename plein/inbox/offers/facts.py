# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one has to know of a message and of who wrote it to suggest anything."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from plein.core.ids import now
from plein.inbox.queries import writer_of
from plein.moments.models import MomentText, Participant, ToDo
from plein.moments.queries import Heard, heard_in
from plein.recognition.mentions.days import Meant, meant_by
from plein.relations.models import ContactPointLink, Membership, Relation

#: A sentence ends at a full stop, a question or exclamation mark, or a line.
_END = re.compile(r"(?<=[.!?])\s+|\n+")
#: Where a letter is signed, when nobody marked that.
_SIGNED = re.compile(
    r"^[ \t]*(?:--|(?:with )?(?:kind |best |warm )?regards|cheers|yours|mvg"
    r"|(?:met )?(?:vriendelijke |hartelijke )?groet\w*)\b[^\n]{0,40}$",
    re.IGNORECASE | re.MULTILINE,
)
#: Letters of a sentence that are shown.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Stretch:
    """A mention: its kind, its words, where it stands, and the sentence around it."""

    kind: str
    text: str
    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A message, who wrote it as far as we know, and what is there already."""

    moment_id: UUID
    text: str
    signature_from: int
    said_on: date
    today: date
    heard: Heard
    sender: Participant | None
    person: Relation | None
    jobs: Sequence[Membership]
    points: frozenset[str]
    todos: frozenset[str]
    is_report: bool

    @property
    def said(self) -> str:
        """The text without what it quotes and without the signature."""
        return self.text[: self.signature_from]

    @property
    def name(self) -> str:
        """Who wrote it: whom we know, else as heard."""
        if self.person is not None:
            return self.person.name
        return self.sender.heard_name if self.sender is not None else ""

    @property
    def address(self) -> str:
        """The e-mail address it came from, or nothing."""
        point = self.sender.contact_point if self.sender is not None else None
        return point.value if point is not None and point.kind == "email" else ""

    def sentence(self, place: int) -> str:
        """The sentence around a place."""
        return sentence_at(self.text, place)

    def stretches(self, *kinds: str) -> Iterator[Stretch]:
        """The mentions of these kinds, each in its sentence."""
        for kind, start, end in self.heard.mentions:
            if kind in kinds and end <= len(self.text):
                yield Stretch(kind, self.text[start:end], start, end, sentence_at(self.text, start))

    def days(self) -> Iterator[tuple[Stretch, Meant]]:
        """The days that are mentioned and are still to come, in what was said."""
        for one in self.stretches("date"):
            if one.start >= self.signature_from:
                continue
            found = meant_by(
                f"{self.text[max(0, one.start - 8) : one.start].split(chr(10))[-1]}{one.text}", self.said_on
            )
            if found is not None and (found.day >= self.today or found.is_month):
                yield one, found


def sentence_at(text: str, place: int) -> str:
    """The sentence around a place, on one line."""
    start = max((one.end() for one in _END.finditer(text, 0, place)), default=0)
    following = _END.search(text, place)
    found = " ".join(text[start : following.start() if following else len(text)].split())
    return found if len(found) <= SHOWN else found[:SHOWN].rstrip() + "…"


def facts_of(moment_id: UUID) -> Facts | None:
    """Everything that suggestions for a message are made from; None without a text that the reader may see."""
    body = MomentText.objects.filter(moment_id=moment_id).select_related("moment").order_by("id").first()
    if body is None:
        return None
    heard = heard_in([moment_id]).get(moment_id)
    if heard is None:
        return None
    end = body.quote_from if body.quote_from is not None else len(body.text)
    sender = writer_of(moment_id)
    person = sender.relation if sender is not None and sender.relation and sender.relation.is_person else None
    text = body.text[:end]
    return Facts(
        moment_id=moment_id,
        text=text,
        signature_from=_signed_at(text, body.signature_from),
        said_on=timezone.localtime(body.moment.occurred_at).date(),
        today=timezone.localdate(now()),
        heard=heard,
        sender=sender,
        person=person,
        jobs=jobs_of(person) if person is not None else (),
        points=points_of(person) if person is not None else frozenset(),
        todos=frozenset(ToDo.objects.filter(moment_id=moment_id).values_list("title", flat=True)),
        is_report=body.moment.nature in ("bounce", "auto_reply"),
    )


def _signed_at(text: str, marked: int | None) -> int:
    if marked is not None and marked < len(text):
        return marked
    found = list(_SIGNED.finditer(text))
    return found[-1].start() if found else len(text)


def jobs_of(person: Relation) -> list[Membership]:
    """Where somebody works today."""
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate(now()))
    return list(
        Membership.objects.filter(going_on, person_id=person.id).select_related("organization").order_by("id")[:20]
    )


def points_of(person: Relation) -> frozenset[str]:
    """How somebody can be reached, in normal form; also what was said not to be theirs."""
    found = ContactPointLink.objects.filter(relation_id=person.id)
    return frozenset(found.values_list("contact_point__value", flat=True))
