# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a colleague who is asked does with it: answer, have it asked further, put it aside; and the best answer."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.actions import Part, record_moment, tick_todo
from plein.moments.models import ToDo
from plein.moments.queries.agenda import person_of
from plein.moments.vocabulary import Direction, MomentKind, ParticipantRole
from plein.questions.actions.asking import end_question
from plein.questions.actions.turns import open_turn
from plein.questions.events import QuestionAnswered, QuestionPassed
from plein.questions.models import Answer, Question, Turn
from plein.questions.queries.keeper import ASKED, LATE, call
from plein.questions.queries.suggesting import colleagues
from plein.questions.refusals import CannotAsk, TooLate
from plein.questions.vocabulary import LONGEST_ANSWER, State, TurnState
from plein.relations.models import Relation
from plein.trust.circles import circle_key, people_key, seats_within
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def answer_question(*, actor: Entrance, turn: Turn, text: str) -> Answer:
    """Answer what one is asked: a contact moment for whoever may read the question. Raises CannotAsk and TooLate."""
    permit(actor, "write")
    text = words_of_answer(text)
    question = turn.question
    with transaction.atomic(), operation("answer_question"):
        _take(turn, TurnState.ANSWERED)
        moment = record_moment(
            actor=actor,
            kind=MomentKind.CHAT,
            direction=Direction.INTERNAL,
            participants=_parts(actor, question),
            subject=question.title,
            text=text,
            circle=circle_of_answer(question, actor.seat_id),
        )
        answer: Answer = Answer.objects.create(question=question, moment=moment, seat_id=actor.seat_id)
        _off_the_list(actor, turn)
        user = _user_of(question)
        if user is not None:
            publish(QuestionAnswered(workspace_id(), user, answer.id))
    return answer


def words_of_answer(text: str) -> str:
    """An answer as it is kept; raises CannotAsk when it is none."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise CannotAsk(_("Write your answer."), "text")
    if len(text) > LONGEST_ANSWER:
        raise CannotAsk(_("Keep your answer to %(most)s letters.") % {"most": LONGEST_ANSWER}, "text")
    return text


def _parts(actor: Entrance, question: Question) -> list[Part]:
    """From who answers to who asked, as far as they are people here."""
    mine = person_of(actor.seat_id)
    theirs = person_of(question.seat_id) if question.seat_id is not None else None
    parts = ((mine, ParticipantRole.FROM), (theirs, ParticipantRole.TO))
    return [Part(one.id, role) for one, role in parts if one is not None]


def circle_of_answer(question: Question, seat: UUID) -> str:
    """For whom an answer is: whoever may read the question, or who asked and who answers."""
    return circle_key(question.circle_id) or people_key(one for one in (question.seat_id, seat) if one)


def _user_of(question: Question) -> UUID | None:
    if question.seat_id is None:
        return None
    found: UUID | None = Seat.objects.filter(id=question.seat_id).values_list("user_id", flat=True).first()
    return found


def _take(turn: Turn, state: TurnState) -> None:
    """Note what one does with a question: once. Raises TooLate when it was done, or is over."""
    late = TooLate(_("You answered it already, or it is not asked any more."))
    question = Question.objects.filter(id=turn.question_id).first()
    if question is None or not question.is_underway:
        raise late
    mine = Turn.objects.filter(id=turn.id, state=TurnState.ASKED)
    if not mine.update(state=state, answered_at=now()):
        raise late


def _off_the_list(actor: Entrance, turn: Turn) -> None:
    todo: ToDo | None = ToDo.objects.filter(id=turn.todo_id, done_at__isnull=True).first()
    if todo is not None:
        tick_todo(actor=actor, todo=todo)


def decline_question(*, actor: Entrance, turn: Turn) -> None:
    """Put it aside, without a reason. It leaves no trace for anybody else; raises TooLate."""
    permit(actor, "write")
    with transaction.atomic(), operation("set_aside_question"):
        _take(turn, TurnState.DECLINED)
        _off_the_list(actor, turn)


def pass_question(*, actor: Entrance, turn: Turn, person: UUID | None = None, remark: str = "") -> None:
    """Have it asked of a colleague one names, with a word along, or of the next ring. Raises CannotAsk and TooLate."""
    permit(actor, "write")
    question = turn.question
    with transaction.atomic(), operation("set_aside_question"):
        _take(turn, TurnState.PASSED)
        if person is not None:
            _to(actor, question, person, turn.ring, remark)
        elif (user := _user_of(question)) is not None:
            publish(QuestionPassed(workspace_id(), user, question.id, turn.ring))
        _off_the_list(actor, turn)


def _to(actor: Entrance, question: Question, person: UUID, ring: int, remark: str) -> None:
    _me, people = colleagues(actor.seat_id)
    found: Relation | None = next((one for one in people if one.id == person), None)
    if found is None or found.seat_id == question.seat_id or not seats_within([question.circle_id], _seats(found)):
        raise CannotAsk(_("They may not read this question, or do not work here now. Choose another."), "person")
    outcome = open_turn(question, found, ring, actor.user.name, remark.strip()[:1000])
    if outcome == LATE:
        raise TooLate(_("You answered it already, or it is not asked any more."))
    if outcome != ASKED:
        words = _("%(name)s has it already, or was asked twice this week. Choose another.")
        raise CannotAsk(words % {"name": found.name}, "person")


def _seats(person: Relation) -> list[UUID]:
    return [person.seat_id] if person.seat_id else []


def mark_best(*, actor: Entrance, answer: Answer) -> None:
    """Keep an answer to a question of one's own as the best; nobody need answer any more. Raises TooLate."""
    permit(actor, "write")
    question = answer.question
    if question.seat_id != actor.seat_id:
        raise TooLate(_("Only who asked chooses the best answer."))
    with transaction.atomic(), operation("mark_best_answer"):
        Answer.objects.filter(question=question, is_best=True).exclude(id=answer.id).update(is_best=False)
        Answer.objects.filter(id=answer.id).update(is_best=True)
        if question.state == State.UNDERWAY:
            end_question(actor=actor, question=question, state=State.ANSWERED)


def take_back_answer(undone: Operation) -> None:
    """Before an answer is turned back, by whoever may: who gave it may answer again."""
    call("SELECT plein_questions_reopen(%s)", undone.id)
