# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a page shows what was recognised in a text: kinds with how sure they are, and the words that led to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from plein.moments.queries.recognised import Heard
from plein.moments.recognised_words import (
    LABEL_WORDS,
    MENTION_ICONS,
    MENTION_WORDS,
    NO,
    RELEVANCE,
    SENTIMENT,
    URGENCY,
    YES,
    certainty,
)
from plein.moments.vocabulary import FiledAs, Haste, Mood, Relevance

#: So many kinds of text have a key: 1 to 9.
KEYS = 9


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of text: how sure Plein is of it, who said so if anybody, and what one may say of it instead."""

    key: str
    words: str
    sure: str
    said_by: str
    other: str
    command: str
    holds: bool
    percent: int = 0
    #: Which key says that it is right or wrong.
    place: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a text names: what kind it is, in words too, and how it is named."""

    kind: str
    icon: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class Pick:
    """One of a few answers: the one that holds, and the one that its key goes on to."""

    value: str
    words: str
    is_current: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class HeardPage:
    """Everything that the page of a moment says about its text."""

    was_looked_at: bool
    relevance: str
    worth: str
    worth_by: str
    why: str
    is_filed: bool
    holding: list[KindLine]
    others: list[KindLine]
    moods: list[Pick]
    mood_by: str
    hastes: list[Pick]
    haste_by: str
    other_relevance: str
    #: What we wrote ourselves: whether it is business is asked, what somebody wants of us is not.
    is_ours: bool
    #: Which language model was asked besides, as a sentence.
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: what it names, which kinds it led to, and whether it is small talk."""

    text: str
    leads_to: str = ""
    mention: str = ""
    is_talk: bool = False
    kind: str = ""

    @property
    def is_marked(self) -> bool:
        return bool(self.leads_to or self.mention or self.is_talk)

    @property
    def classes(self) -> str:
        """How it looks: what leads to a kind shows when one points at that kind."""
        names = {"leads": self.leads_to, "names": self.mention, f"is-{self.kind}": self.kind, "talk": self.is_talk}
        return " ".join(name for name, holds in names.items() if holds)


def heard_page(heard: Heard, reader: UUID, *, is_ours: bool = False) -> HeardPage:
    """What was recognised, for the page of its moment."""
    order = [*heard.labels, *sorted(set(LABEL_WORDS) - set(heard.labels), key=lambda label: -heard.chance(label))]
    lines = [_line(heard, label, place, reader) for place, label in enumerate(order, 1)]
    relevance = heard.relevance
    return HeardPage(
        was_looked_at=bool(heard.version),
        relevance=relevance,
        worth=str(Relevance(relevance).label).capitalize() if relevance else "",
        worth_by=_said_by(heard, RELEVANCE, reader),
        why=_why(heard),
        is_filed=relevance == Relevance.FILED,
        holding=[line for line in lines if line.holds and not is_ours],
        others=[line for line in lines if not line.holds],
        moods=_picks(Mood.choices, heard.sentiment),
        mood_by=_said_by(heard, SENTIMENT, reader),
        hastes=_picks(Haste.choices, str(heard.urgency) if heard.version or URGENCY in heard.said else ""),
        haste_by=_said_by(heard, URGENCY, reader),
        other_relevance=Relevance.SMALL_TALK if relevance == Relevance.BUSINESS else Relevance.BUSINESS,
        is_ours=is_ours,
        asked=_asked(heard),
    )


def _asked(heard: Heard) -> str:
    """Whom Plein asked what it was not sure of itself, as a sentence."""
    if not heard.opined:
        return ""
    return _("Plein was not sure of all of it and asked a language model: %(model)s.") % {"model": heard.opinion_by}


def _sure(heard: Heard, label: str) -> str:
    """How sure one is of a label, or who else thinks so."""
    if label in heard.said:
        return ""
    if label in heard.opined:
        return _("a language model thinks so") if heard.holds(label) else _("a language model thinks it is not")
    return str(certainty(heard.chance(label)))


def _line(heard: Heard, label: str, place: int, reader: UUID) -> KindLine:
    holds = heard.holds(label)
    return KindLine(
        key=label,
        words=str(LABEL_WORDS[label]),
        sure=_sure(heard, label),
        said_by=_said_by(heard, label, reader),
        other=NO if holds else YES,
        command=f"label-{place}" if place <= KEYS else "",
        holds=holds,
        percent=round(100 * heard.chance(label)),
        place=place,
    )


def _said_by(heard: Heard, about: str, reader: UUID) -> str:
    if about not in heard.said:
        return ""
    return _("you said") if heard.said[about].seat_id == reader else _("a colleague said")


def _why(heard: Heard) -> str:
    """Why a mail filed itself, as a sentence."""
    if heard.relevance != Relevance.FILED or not heard.filed_as:
        return ""
    return _("It filed itself: it is %(what)s.") % {"what": FiledAs(heard.filed_as).label}


def _picks(choices: Sequence[tuple[str, str | Promise]], current: str) -> list[Pick]:
    values = [value for value, _words in choices]
    place = values.index(current) if current in values else -1
    following = values[(place + 1) % len(values)]
    return [Pick(value, str(words), value == current, value == following) for value, words in choices]


def pieces_of(text: str, start: int, heard: Heard | None) -> list[Piece]:
    """A part of a text, which begins at `start`, cut where marks begin and end."""
    if heard is None:
        return [Piece(text)]
    end = start + len(text)
    spans = [(a - start, b - start, what) for a, b, what in _spans(heard) if a >= start and b <= end and a < b]
    cuts = sorted({0, len(text), *(place for a, b, _what in spans for place in (a, b))})
    return [_piece(text, a, b, spans) for a, b in zip(cuts, cuts[1:], strict=False)]


def _spans(heard: Heard) -> Iterable[tuple[int, int, tuple[str, str]]]:
    for label in heard.labels:
        for start, end in heard.reasons.get(label, ()):
            yield start, end, ("leads", label)
    for kind, start, end in heard.mentions:
        yield start, end, ("names", kind)
    for start, end in heard.small_talk:
        yield start, end, ("talk", "")


def _piece(text: str, start: int, end: int, spans: Sequence[tuple[int, int, tuple[str, str]]]) -> Piece:
    covering = [what for a, b, what in spans if a <= start and end <= b]
    leads = dict.fromkeys(label for kind, label in covering if kind == "leads")
    names = [mention for kind, mention in covering if kind == "names"]
    words = str(MENTION_WORDS.get(names[0], "")) if names else ""
    return Piece(text[start:end], " ".join(leads), words, ("talk", "") in covering, names[0] if words else "")


def named_in(text: str, heard: Heard | None) -> list[Named]:
    """What a whole text names, each once, for who does not see the marks."""
    spans = heard.mentions if heard is not None else ()
    found = (
        Named(kind, MENTION_ICONS[kind], str(MENTION_WORDS[kind]), " ".join(text[start:end].split()))
        for kind, start, end in spans
        if kind in MENTION_WORDS and end <= len(text)
    )
    return list(dict.fromkeys(found))
