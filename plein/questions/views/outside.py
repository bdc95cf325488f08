# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which who asked also asks people from outside, and notes what these answered."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.finding import WRITTEN, alike
from plein.core.operations import operation
from plein.questions import actions
from plein.questions.forms import NoteForm
from plein.questions.models import Question
from plein.questions.queries import asked_outside, from_outside
from plein.questions.refusals import CannotAsk, TooLate
from plein.questions.wording import reason_of
from plein.trust.answers import Request, allow, go, page

UNPROCESSABLE, CONFLICT = 422, 409


def _mine(request: Request, question_id: UUID) -> Question:
    found: Question = get_object_or_404(Question.objects, id=question_id)
    if found.seat_id != request.seat.seat_id:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def outside(request: Request, question_id: UUID) -> HttpResponse:
    """Who from outside may know and lets us ask; nobody is chosen beforehand."""
    allow(request)
    question = _mine(request, question_id)
    if request.method != "POST":
        return _page(request, question)
    try:
        people = [UUID(one) for one in request.POST.getlist("people")]
        with operation("ask_outside") as done:
            actions.ask_outside(actor=request.seat, question=question, people=people)
    except TooLate as late:
        return _page(request, question, str(late), CONFLICT)
    except ValueError as refusal:
        words = str(refusal) if isinstance(refusal, CannotAsk) else _("Choose one of these people.")
        return _page(request, question, words, UNPROCESSABLE)
    return go(request, reverse("questions:question", args=[question.id]), _("Your mail leaves in a moment."), done.id)


def _page(request: Request, question: Question, problem: str = "", status: int = 200) -> HttpResponse:
    [written] = alike(question.text, WRITTEN)
    found = from_outside(written, question=question, seat_id=request.seat.seat_id)
    chosen = request.POST.getlist("people")
    shown = [(one.person, reason_of(one, written), str(one.person.id) in chosen) for one in found]
    context: dict[str, Any] = {"question": question, "shown": shown, "problem": problem}
    return page(request, "questions/outside.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: Request, question_id: UUID) -> HttpResponse:
    """Note what somebody from outside answered by mail."""
    allow(request)
    question = _mine(request, question_id)
    people = [(one.id, one.name) for one in asked_outside(question)]
    form = NoteForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            with operation("note_answer") as done:
                person = UUID(form.cleaned_data["person"])
                text = form.cleaned_data["text"]
                actions.note_answer(actor=request.seat, question=question, person=person, text=text)
        except CannotAsk as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return go(request, reverse("questions:question", args=[question.id]), _("Noted."), done.id)
    context = {"question": question, "form": form, "people": people}
    return page(request, "questions/note.html", context, status=UNPROCESSABLE if form.is_bound else 200)
