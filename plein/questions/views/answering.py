# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of one question: where it stands for who asked, and the answer of who is asked."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.operations import operation
from plein.questions import actions
from plein.questions.forms import AnswerForm, PassForm
from plein.questions.models import Answer, Turn
from plein.questions.queries import Standing, colleagues, question_of, turn_of
from plein.questions.refusals import CannotAsk, TooLate
from plein.questions.vocabulary import State
from plein.trust.answers import Request, allow, go, page
from plein.trust.circles import describe

UNPROCESSABLE, CONFLICT = 422, 409


@require_safe
def question(request: Request, question_id: UUID) -> HttpResponse:
    """One question with its answers."""
    return _page(request, question_id)


def _page(request: Request, question_id: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    found = question_of(question_id, request.seat.seat_id)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "one": found,
        "is_mine": found.question.seat_id == request.seat.seat_id,
        "readers": describe(found.question.circle_id),
        "can_choose": _can_choose(request, found),
    }
    if found.turn is not None and found.turn.is_open and request.seat.can_write:
        context |= {"answer": AnswerForm(), "passing": _pass_form(request, found)}
    return page(request, "questions/question.html", {**context, **more}, status=status)


def _can_choose(request: Request, found: Standing) -> bool:
    is_mine = found.question.seat_id == request.seat.seat_id
    return is_mine and request.seat.can_write and found.question.state != State.WITHDRAWN


def _pass_form(request: Request, found: Standing, data: Any = None) -> PassForm:
    _me, people = colleagues(request.seat.seat_id)
    others = [(one.id, one.name) for one in people if one.seat_id != found.question.seat_id]
    return PassForm(data, people=sorted(others, key=lambda one: one[1].casefold()))


def _turn(request: Request, question_id: UUID) -> Turn:
    found = turn_of(question_id, request.seat.seat_id)
    if found is None:
        raise Http404
    return found


@require_POST
def answer(request: Request, question_id: UUID) -> HttpResponse:
    """Answer what I am asked."""
    allow(request)
    turn = _turn(request, question_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, question_id, status=UNPROCESSABLE, answer=form)
    try:
        with operation("answer_question") as done:
            actions.answer_question(actor=request.seat, turn=turn, text=form.cleaned_data["text"])
    except CannotAsk as refusal:
        form.add_error("text", str(refusal))
        return _page(request, question_id, status=UNPROCESSABLE, answer=form)
    except TooLate as late:
        return _page(request, question_id, status=CONFLICT, problem=str(late), kept=form.cleaned_data["text"])
    return go(request, reverse("questions:question", args=[question_id]), _("Thank you."), done.id)


@require_POST
def pass_on(request: Request, question_id: UUID) -> HttpResponse:
    """Have it asked of somebody I name, or of others."""
    allow(request)
    turn = _turn(request, question_id)
    found = question_of(question_id, request.seat.seat_id)
    if found is None:
        raise Http404
    form = _pass_form(request, found, request.POST)
    if not form.is_valid():
        return _page(request, question_id, status=UNPROCESSABLE, passing=form)
    person = UUID(form.cleaned_data["person"]) if form.cleaned_data["person"] else None
    try:
        actions.pass_question(actor=request.seat, turn=turn, person=person, remark=form.cleaned_data["remark"])
    except CannotAsk as refusal:
        form.add_error("person", str(refusal))
        return _page(request, question_id, status=UNPROCESSABLE, passing=form)
    except TooLate as late:
        return _page(request, question_id, status=CONFLICT, problem=str(late))
    return go(request, reverse("questions:list"), _("Passed on."))


@require_POST
def decline(request: Request, question_id: UUID) -> HttpResponse:
    """Put it aside, without a reason."""
    allow(request)
    turn = _turn(request, question_id)
    try:
        actions.decline_question(actor=request.seat, turn=turn)
    except TooLate as late:
        return _page(request, question_id, status=CONFLICT, problem=str(late))
    return go(request, reverse("questions:list"), _("Put aside. Nobody is told."))


@require_POST
def best(request: Request, question_id: UUID, answer_id: UUID) -> HttpResponse:
    """Keep an answer as the best."""
    allow(request)
    found = get_object_or_404(Answer.objects.select_related("question"), id=answer_id, question_id=question_id)
    try:
        with operation("mark_best_answer") as done:
            actions.mark_best(actor=request.seat, answer=found)
    except TooLate as late:
        return _page(request, question_id, status=CONFLICT, problem=str(late))
    words = _("Kept as the answer. Whoever asks the like finds it.")
    return go(request, reverse("questions:question", args=[question_id]), words, done.id)


@require_POST
def withdraw(request: Request, question_id: UUID) -> HttpResponse:
    """Ask no further."""
    allow(request)
    found = question_of(question_id, request.seat.seat_id)
    if found is None or found.question.seat_id != request.seat.seat_id:
        raise Http404
    try:
        actions.withdraw_question(actor=request.seat, question=found.question)
    except TooLate as late:
        return _page(request, question_id, status=CONFLICT, problem=str(late))
    return go(request, reverse("questions:list"), _("Withdrawn."))
