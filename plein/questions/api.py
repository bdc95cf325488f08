# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to questions to the square: who may know, asking, answering, passing on, and the best answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.finding import QUESTIONS, WRITTEN, Weighed, alike
from plein.core.payloads import Impossible, Invalid, Payload, act
from plein.questions import actions
from plein.questions.actions import Call
from plein.questions.models import Answer, Question, Turn
from plein.questions.queries import (
    GivenAnswer,
    Standing,
    Suggestion,
    answered_questions,
    asked_before,
    colleagues,
    from_outside,
    question_of,
    questions_of,
    suggestions,
    turn_of,
    turns_of,
)
from plein.questions.refusals import CannotAsk, TooLate
from plein.questions.vocabulary import AT_ONCE, LONGEST_ANSWER, LONGEST_QUESTION
from plein.questions.wording import reason_of
from plein.relations.models import Relation
from plein.trust.audience import Circle
from plein.trust.circles import LONGEST_KEY, UnknownCircle, seats_of_audience
from plein.trust.seats import seat_of

router = Router(tags=["questions"])


class PersonOut(BaseModel):
    """A colleague by name."""

    id: UUID
    name: str


class AnswerOut(BaseModel):
    """An answer: by whom, when, what they said, the contact moment it is, and whether it is kept as the best."""

    id: UUID
    name: str
    text: str
    moment: UUID
    is_best: bool
    answered_at: datetime


class QuestionOut(BaseModel):
    """A question with its answers; whom its asker asked is for them alone."""

    id: UUID
    text: str
    asker: str
    is_mine: bool
    state: str
    stands: str
    answers: list[AnswerOut]
    asked: list[PersonOut]
    asked_at: datetime
    expires_at: datetime


class QuestionList(BaseModel):
    """Questions, the latest first."""

    items: list[QuestionOut]


class AskedOut(BaseModel):
    """What one is asked: the question, from whom it comes, and what one did with it oneself."""

    question: UUID
    text: str
    asker: str
    previous: str
    remark: str
    state: str
    is_open: bool
    asked_at: datetime
    expires_at: datetime


class AskedList(BaseModel):
    """What one is asked, what waits first."""

    items: list[AskedOut]


class SuggestionOut(BaseModel):
    """Somebody who may know, and why, as far as one may see it oneself."""

    person: PersonOut
    reason: str
    is_known: bool
    score: float


class SuggestionList(BaseModel):
    """Who may know, best first, and what was asked and answered before."""

    items: list[SuggestionOut]
    asked_before: list[QuestionOut]


class QuestionPayload(Payload):
    """What one would like to know, of whom, and who may read it."""

    text: Annotated[str, Field(description=f"at most {LONGEST_QUESTION} letters")]
    people: list[UUID] = Field(
        default_factory=list,
        max_length=AT_ONCE,
        description="colleagues as relations; without it the best that `GET /questions/suggestions` gives",
    )
    circle: Circle = ""


class AnswerPayload(Payload):
    """What one answers."""

    text: Annotated[str, Field(description=f"at most {LONGEST_ANSWER} letters")]


class OutsidePayload(Payload):
    """Whom to ask by mail who do not work here."""

    people: Annotated[list[UUID], Field(min_length=1, max_length=AT_ONCE)]


class NotedPayload(Payload):
    """What somebody from outside answered."""

    person: UUID
    text: Annotated[str, Field(description=f"at most {LONGEST_ANSWER} letters")]


class PeopleList(BaseModel):
    """Who may know, best first."""

    items: list[SuggestionOut]


class PassPayload(Payload):
    """To whom it is passed on, with a word along; without anybody to the next ring."""

    person: UUID | None = None
    remark: Annotated[str, Field(max_length=1000)] = ""


def _person(relation: Relation) -> PersonOut:
    return PersonOut(id=relation.id, name=relation.name)


def _answer(one: GivenAnswer) -> AnswerOut:
    return AnswerOut(
        id=one.answer.id,
        name=one.name,
        text=one.text,
        moment=one.answer.moment_id,
        is_best=one.answer.is_best,
        answered_at=one.answer.created_at,
    )


def _question(one: Standing, request: HttpRequest) -> QuestionOut:
    return QuestionOut(
        id=one.question.id,
        text=one.question.text,
        asker=one.asker,
        is_mine=one.question.seat_id == seat_of(request).seat_id,
        state=one.state,
        stands=one.words,
        answers=[_answer(each) for each in one.answers],
        asked=[_person(each.person) for each in one.asked],
        asked_at=one.question.created_at,
        expires_at=one.question.expires_at,
    )


def _suggestion(one: Suggestion, written: Weighed) -> SuggestionOut:
    return SuggestionOut(
        person=_person(one.person), reason=reason_of(one, written), is_known=one.is_known, score=one.score
    )


def _asked(one: Turn) -> AskedOut:
    question = one.question
    return AskedOut(
        question=question.id,
        text=question.text,
        asker=question.seat.user.name if question.seat else "",
        previous=one.previous_name,
        remark=one.remark,
        state=one.state,
        is_open=one.is_open,
        asked_at=one.asked_at,
        expires_at=question.expires_at,
    )


def _found(request: HttpRequest, question_id: UUID) -> Standing:
    found = question_of(question_id, seat_of(request).seat_id)
    if found is None:
        raise Http404
    return found


def _turn(request: HttpRequest, question_id: UUID) -> Turn:
    found = turn_of(question_id, seat_of(request).seat_id)
    if found is None:
        raise Http404
    return found


@router.post("/questions", response={201: QuestionOut}, summary="Shout a question across the square")
def ask_question(request: HttpRequest, payload: QuestionPayload) -> Status[QuestionOut]:
    """To at most five colleagues who probably know; each finds it on their list."""
    call = Call(payload.text, tuple(payload.people), payload.circle)
    try:
        with act(request, "ask_question"):
            made = actions.ask_question(actor=seat_of(request), call=call)
    except CannotAsk as refusal:
        raise Invalid({refusal.field or "people": str(refusal)}) from refusal
    return Status(201, _question(_found(request, made.id), request))


@router.get("/questions", response=QuestionList, summary="List one's own questions")
def list_questions(request: HttpRequest) -> QuestionList:
    """The latest hundred, with their answers."""
    return QuestionList(items=[_question(one, request) for one in questions_of(seat_of(request).seat_id)])


@router.get("/questions/answered", response=QuestionList, summary="List what others asked and was answered")
def list_answered(request: HttpRequest) -> QuestionList:
    """The latest hundred that one may read."""
    return QuestionList(items=[_question(one, request) for one in answered_questions(seat_of(request).seat_id)])


@router.get("/questions/asked", response=AskedList, summary="List the questions one is asked oneself")
def list_asked_questions(request: HttpRequest) -> AskedList:
    """What waits first."""
    return AskedList(items=[_asked(one) for one in turns_of(seat_of(request).seat_id)])


@router.get("/questions/suggestions", response=SuggestionList, summary="Read who may know, and what was asked before")
def list_suggestions(
    request: HttpRequest,
    text: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION)],
    circle: Annotated[str, Query(max_length=LONGEST_KEY, description="who may read it, as asking takes it")] = "",
) -> SuggestionList:
    """For a question that is not asked yet. Asks nobody."""
    seat, (written, questions) = seat_of(request).seat_id, alike(text, WRITTEN, QUESTIONS)
    me, people = colleagues(seat)
    try:
        inside = seats_of_audience(circle, [one.seat_id for one in people if one.seat_id])
    except UnknownCircle as unknown:
        raise Invalid({"circle": str(unknown)}) from unknown
    found = suggestions(me, [one for one in people if one.seat_id in inside], written, seat_id=seat)
    return SuggestionList(
        items=[_suggestion(one, written) for one in found],
        asked_before=[_question(one, request) for one in asked_before(questions)],
    )


@router.get("/questions/{question_id}", response=QuestionOut, summary="Read a question with its answers")
def read_question(request: HttpRequest, question_id: UUID) -> QuestionOut:
    """Of anybody, as far as one may read it."""
    return _question(_found(request, question_id), request)


@router.post("/questions/{question_id}/answer", response=QuestionOut, summary="Answer a question one is asked")
def answer_question(request: HttpRequest, question_id: UUID, payload: AnswerPayload) -> QuestionOut:
    """Once; it becomes a contact moment."""
    turn = _turn(request, question_id)
    try:
        with act(request, "answer_question"):
            actions.answer_question(actor=seat_of(request), turn=turn, text=payload.text)
    except CannotAsk as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    except TooLate as late:
        raise Impossible(str(late)) from late
    return _question(_found(request, question_id), request)


@router.post("/questions/{question_id}/pass", response={204: None}, summary="Pass a question on")
def pass_question(request: HttpRequest, question_id: UUID, payload: PassPayload) -> None:
    """To a colleague one names, or to the next ring."""
    turn = _turn(request, question_id)
    try:
        actions.pass_question(actor=seat_of(request), turn=turn, person=payload.person, remark=payload.remark)
    except CannotAsk as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    except TooLate as late:
        raise Impossible(str(late)) from late


@router.post("/questions/{question_id}/decline", response={204: None}, summary="Put a question aside")
def decline_question(request: HttpRequest, question_id: UUID) -> None:
    """Without a reason; nobody is told."""
    turn = _turn(request, question_id)
    try:
        actions.decline_question(actor=seat_of(request), turn=turn)
    except TooLate as late:
        raise Impossible(str(late)) from late


@router.post("/questions/{question_id}/best/{answer_id}", response=QuestionOut, summary="Keep an answer as the best")
def mark_best(request: HttpRequest, question_id: UUID, answer_id: UUID) -> QuestionOut:
    """Of one's own question; nobody need answer any more."""
    found = get_object_or_404(Answer.objects.select_related("question"), id=answer_id, question_id=question_id)
    try:
        with act(request, "mark_best_answer"):
            actions.mark_best(actor=seat_of(request), answer=found)
    except TooLate as late:
        raise Impossible(str(late)) from late
    return _question(_found(request, question_id), request)


def _own(request: HttpRequest, question_id: UUID) -> Question:
    found: Question = get_object_or_404(Question.objects, id=question_id)
    if found.seat_id != seat_of(request).seat_id:
        raise Http404
    return found


@router.get("/questions/{question_id}/outside", response=PeopleList, summary="Read who from outside may know")
def list_outside(request: HttpRequest, question_id: UUID) -> PeopleList:
    """Only who lets us ask them; of one's own question. Asks nobody."""
    question = _own(request, question_id)
    [written] = alike(question.text, WRITTEN)
    found = from_outside(written, question=question, seat_id=seat_of(request).seat_id)
    return PeopleList(items=[_suggestion(one, written) for one in found])


@router.post("/questions/{question_id}/outside", response=QuestionOut, summary="Ask people from outside by mail")
def ask_outside(request: HttpRequest, question_id: UUID, payload: OutsidePayload) -> QuestionOut:
    """In one's own name, after ten seconds in which it can be turned back."""
    question = _own(request, question_id)
    try:
        with act(request, "ask_outside"):
            actions.ask_outside(actor=seat_of(request), question=question, people=payload.people)
    except CannotAsk as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    except TooLate as late:
        raise Impossible(str(late)) from late
    return _question(_found(request, question_id), request)


@router.post("/questions/{question_id}/noted", response=QuestionOut, summary="Note what somebody from outside answered")
def note_answer(request: HttpRequest, question_id: UUID, payload: NotedPayload) -> QuestionOut:
    """Of those whom one asked by mail; it becomes a note."""
    question = _own(request, question_id)
    try:
        with act(request, "note_answer"):
            actions.note_answer(actor=seat_of(request), question=question, person=payload.person, text=payload.text)
    except CannotAsk as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    return _question(_found(request, question_id), request)


@router.post("/questions/{question_id}/withdraw", response=QuestionOut, summary="Withdraw a question")
def withdraw_question(request: HttpRequest, question_id: UUID) -> QuestionOut:
    """Of one's own; whoever is asked need not answer."""
    found = _found(request, question_id)
    if not found.question.seat_id == seat_of(request).seat_id:
        raise Http404
    try:
        actions.withdraw_question(actor=seat_of(request), question=found.question)
    except TooLate as late:
        raise Impossible(str(late)) from late
    return _question(_found(request, question_id), request)
