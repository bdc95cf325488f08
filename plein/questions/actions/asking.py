# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking the square, asking one ring further, and asking no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plein.asking.queries import waiting_days
from plein.core.events import publish
from plein.core.finding import WRITTEN, alike
from plein.core.ids import new_id, now
from plein.core.isolation import workspace_id
from plein.core.models import Operation
from plein.core.operations import operation
from plein.questions.actions.turns import ask_ring, close_turns
from plein.questions.events import RingAsked
from plein.questions.models import Answer, Asked, Question
from plein.questions.queries.suggesting import colleagues, suggestions
from plein.questions.refusals import CannotAsk, TooLate
from plein.questions.vocabulary import AT_ONCE, LONGEST_QUESTION, RING, RINGS, State
from plein.relations.models import Relation
from plein.trust.circles import UnknownCircle, circle_for_new, seats_within
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody asks the square: of whom (the best five when it names nobody), and who may read it."""

    text: str
    people: tuple[UUID, ...] = ()
    circle: str = ""


def ask_question(*, actor: Entrance, call: Call) -> Question:
    """Ask at most five colleagues who may know; raises CannotAsk. Each finds it on their list."""
    permit(actor, "write")
    text = _checked(call.text)
    same = Question.objects.filter(seat_id=actor.seat_id, state=State.UNDERWAY, expires_at__gt=now())
    if text in same.values_list("text", flat=True):
        raise CannotAsk(_("You asked this already. Wait for the answers, or withdraw it."), "text")
    with transaction.atomic(), operation("ask_question") as done:
        try:
            circle = circle_for_new(call.circle)
        except UnknownCircle as unknown:
            raise CannotAsk(
                _("Choose one of the circles you are in, or colleagues who work here."), "circle"
            ) from unknown
        people = _chosen(actor, text, call.people, circle)
        moment = now()
        question: Question = Question.objects.create(
            id=new_id(),
            circle_id=circle,
            seat_id=actor.seat_id,
            text=text,
            ring_until=moment + RING,
            operation_id=done.id,
            created_at=moment,
            expires_at=moment + timedelta(days=waiting_days()),
        )
        if not ask_ring(question, people, 1):
            raise CannotAsk(
                _("They were asked twice this week already. Choose others, or try again in a week."), "people"
            )
        _watch(actor, question)
    return question


def _checked(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise CannotAsk(_("Write what you would like to know."), "text")
    if len(text) > LONGEST_QUESTION:
        raise CannotAsk(
            _("Keep it to %(most)s letters: a few lines are read sooner.") % {"most": LONGEST_QUESTION}, "text"
        )
    return text


def _chosen(actor: Entrance, text: str, chosen: Sequence[UUID], circle: int) -> list[Relation]:
    """Whom to ask: the named ones, or the best."""
    me, people = colleagues(actor.seat_id)
    inside = seats_within([circle], [one.seat_id for one in people if one.seat_id])
    able = {one.id: one for one in people if one.seat_id in inside}
    if len(set(chosen)) > AT_ONCE:
        raise CannotAsk(_("Choose at most %(most)s people.") % {"most": AT_ONCE}, "people")
    if chosen:
        if set(chosen) - able.keys():
            raise CannotAsk(
                _("Somebody you chose may not read this, or does not work here now. Choose others."), "people"
            )
        return [able[one] for one in dict.fromkeys(chosen)]
    if not able:
        raise CannotAsk(_("There is nobody else who may read this. Choose a wider circle."), "circle")
    best = suggestions(me, list(able.values()), *alike(text, WRITTEN), seat_id=actor.seat_id)
    if not best:
        raise CannotAsk(_("Everybody was asked twice this week already. Try again in a week."), "people")
    return [one.person for one in best]


def _watch(actor: Entrance, question: Question) -> None:
    """Let the next ring be asked when nobody answers; a job does so."""
    publish(RingAsked(workspace_id(), actor.user.id, question.id, question.ring, question.ring_until))


def widen_question(*, actor: Entrance, question_id: UUID, ring: int, is_passed: bool) -> bool:
    """Ask the next five, when the ring passed it on or did not answer in time. Doing so twice does it once."""
    permit(actor, "write")
    with transaction.atomic():
        mine = Question.objects.select_for_update(of=("self",)).filter(id=question_id, seat_id=actor.seat_id)
        question = mine.first()
        if question is None or not _may_widen(question, ring, is_passed=is_passed):
            return False
        with operation("widen_question"):
            _widen(actor, question)
    return True


def _may_widen(question: Question, ring: int, *, is_passed: bool) -> bool:
    if not question.is_underway or question.ring != ring or ring >= RINGS:
        return False
    return is_passed or (question.ring_until <= now() and not Answer.objects.filter(question=question).exists())


def _widen(actor: Entrance, question: Question) -> None:
    me, people = colleagues(actor.seat_id)
    known = set(Asked.objects.filter(question=question).values_list("person_id", flat=True))
    inside = seats_within([question.circle_id], [one.seat_id for one in people if one.seat_id])
    able = [one for one in people if one.seat_id in inside and one.id not in known]
    best = suggestions(me, able, *alike(question.text, WRITTEN), seat_id=actor.seat_id)
    question.ring, question.ring_until = question.ring + 1, now() + RING
    Question.objects.filter(id=question.id).update(ring=question.ring, ring_until=question.ring_until)
    ask_ring(question, [one.person for one in best], question.ring)
    _watch(actor, question)


def withdraw_question(*, actor: Entrance, question: Question) -> None:
    """Ask no further; whoever is asked need not answer. Raises TooLate when it is over already."""
    permit(actor, "write")
    with transaction.atomic(), operation("withdraw_question"):
        end_question(actor=actor, question=question, state=State.WITHDRAWN)


def end_question(*, actor: Entrance, question: Question, state: State) -> None:
    """A question of one's own is over; raises TooLate when it was already."""
    permit(actor, "write")
    mine = Question.objects.filter(id=question.id, seat_id=actor.seat_id, state=State.UNDERWAY)
    if not mine.update(state=state, ended_on=timezone.localdate()):
        raise TooLate(_("It is over already."))
    close_turns(question.id)


def take_back_question(undone: Operation) -> None:
    """Before the operation of asking is turned back: whoever is asked need not answer."""
    question = Question.objects.filter(operation_id=undone.id).first()
    if question is not None:
        close_turns(question.id)
