# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks about the texts that Plein is not sure of, a few at a time: one transaction reads them and sets budget aside,
none is open while the model answers, and another one keeps what it said. Whoever is stopped goes on another time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.moments.recognised_words import SURE
from plein.moments.vocabulary import Relevance
from plein.opinions.actions import Work, cost, keep_work, target_of
from plein.opinions.asking import (
    BUSINESS,
    LONGEST_TEXT,
    SMALL_TALK,
    NoOpinion,
    Opinion,
    Question,
    Target,
    ask_about,
    tokens_at_most,
)
from plein.opinions.budget import note_spending, spent
from plein.opinions.models import Endpoint
from plein.opinions.queries import LAST, Unsure, endpoint, is_agreed, unsure_texts
from plein.opinions.redaction import Redacted, redacted
from plein.recognition.encoders import has_standard
from plein.recognition.model import LIGHT, STANDARD
from plein.recognition.texts import said
from plein.trust.models import User
from plein.trust.seats import Entrance, NoSeat, entered
from plein.trust.secret_box import Unopenable

#: Texts that are read and set aside for together: few, so that little goes after somebody said stop.
AT_ONCE = 4
#: Places of the words that led to a label.
_MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class _Plan:
    """A few texts to ask about, as they leave, and what was set aside for them."""

    found: Endpoint
    target: Target
    asked: list[tuple[Unsure, Redacted, Question]]
    tokens: int
    place: UUID | None


@dataclass
class Turn:
    """One turn, as the owner who agreed: over the texts that came in since and that they see."""

    user: User
    workspace: int
    should_stop: Callable[[], bool] = lambda: False

    def run(self) -> int:
        """Ask about what may be asked about; returns about how many texts."""
        before: UUID | None = LAST
        done = 0
        while before is not None and not self.should_stop():
            with entered(self.user, self.workspace, door="worker") as actor:
                plan = self._plan(actor, before)
            if plan is None:
                break
            work = _asked(plan)
            with entered(self.user, self.workspace, door="worker") as actor:
                keep_work(actor=actor, found=plan.found, work=work)
            done += len(work.rows)
            before = plan.place if work.trouble is None else None
        return done

    def _plan(self, actor: Entrance, before: UUID) -> _Plan | None:
        """What to ask next, None when nothing may be asked."""
        found = endpoint()
        if found is None or found.agreed_by_id != actor.seat_id or not is_agreed(found):
            return None
        if found.next_try_at is not None and found.next_try_at > now():
            return None
        tiers = (STANDARD,) if has_standard() else (LIGHT, STANDARD)
        texts, place = unsure_texts(found, tiers=tiers, before=before, limit=AT_ONCE)
        try:
            target = target_of(found)
        except Unopenable:
            trouble = NoOpinion(_("Its key cannot be opened any more. Write it again."), is_lasting=True)
            keep_work(actor=actor, found=found, work=Work((), 0, 0, trouble))
            return None
        left, tokens, asked = spent(found).left, 0, []
        for one in texts:
            redaction, question = question_about(one)
            if (price := cost(found, question)) > left:
                # Spent: from here on it is Plein's own word again, until there is more.
                place = None
                break
            left -= price
            tokens += tokens_at_most(target, question)
            asked.append((one, redaction, question))
        note_spending(calls=len(asked), tokens=tokens)
        return _Plan(found, target, asked, tokens, place) if asked or place else None


def question_about(one: Unsure) -> tuple[Redacted, Question]:
    """A text as it leaves: what is said now, without what it names."""
    redaction = redacted(said(one.text)[:LONGEST_TEXT], one.named, one.names)
    return redaction, Question(redaction.text, one.labels, one.kind, one.language)


def _asked(plan: _Plan) -> Work:
    """Ask about each; what was set aside and not needed is given back."""
    rows: list[dict[str, Any]] = []
    tokens, trouble = 0, None
    for one, redaction, question in plan.asked:
        try:
            opinion = ask_about(plan.target, question)
        except NoOpinion as refusal:
            trouble = refusal
            break
        tokens += opinion.tokens
        rows.append(row_of(one, redaction, opinion, plan.found.model))
    # A question that came to nothing counts as one all the same: nobody knows what the other side made of it.
    calls = len(rows) + (trouble is not None)
    return Work(rows, calls - len(plan.asked), tokens - plan.tokens, trouble)


def row_of(one: Unsure, redaction: Redacted, opinion: Opinion, model: str) -> dict[str, Any]:
    """What is kept of an answer: numbers, places in the text, and which model it was. Nothing of the text itself."""
    labels = {label: chance for label, chance in opinion.labels.items() if label not in (BUSINESS, SMALL_TALK)}
    kept: dict[str, Any] = {"by": model, "labels": labels}
    reasons = {label: places_of(one.text, redaction, opinion.words.get(label, ())) for label in labels}
    kept["reasons"] = {label: places for label, places in reasons.items() if places}
    if one.asks_worth and (worth := _worth(opinion)):
        kept["relevance"] = worth
    return {"id": str(one.text_id), "print": one.print, "opinion": kept}


def places_of(text: str, redaction: Redacted, quotes: Any) -> list[list[int]]:
    """Where these words stand in the text as it was."""
    found = []
    for quote in quotes:
        words = redaction.put_back(quote)
        at = text.find(words)
        if at >= 0:
            found.append([at, at + len(words)])
    return sorted(found)[:_MOST_PLACES]


def _worth(opinion: Opinion) -> str:
    """Business or small talk, when it is sure of one and not of the other."""
    business, talk = opinion.labels.get(BUSINESS, 0.5), opinion.labels.get(SMALL_TALK, 0.5)
    if business >= SURE:
        return str(Relevance.BUSINESS)
    return str(Relevance.SMALL_TALK) if talk >= SURE and business <= 1 - SURE else ""


def run_for(user: User, workspace: int, should_stop: Callable[[], bool] = lambda: False) -> int:
    """A turn of somebody who may have lost their seat meanwhile."""
    try:
        return Turn(user, workspace, should_stop).run()
    except NoSeat:
        return 0
