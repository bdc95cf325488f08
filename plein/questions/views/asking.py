# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of who asks: writing it, seeing who gets it and what was asked before, and where it stands."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from plein.core.finding import QUESTIONS, WRITTEN, alike
from plein.questions import actions
from plein.questions.actions import Call
from plein.questions.forms import QuestionForm
from plein.questions.queries import (
    Suggestion,
    answered_questions,
    asked_before,
    colleagues,
    questions_of,
    suggestions,
    turns_of,
)
from plein.questions.refusals import CannotAsk
from plein.questions.wording import reason_of
from plein.trust.answers import Request, allow, go, page
from plein.trust.circles import seats_of_audience

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody who would get the question, and why."""

    one: Suggestion
    reason: str
    is_chosen: bool


@require_safe
def question_list(request: Request) -> HttpResponse:
    """What I am asked, what I asked, and what others asked that was answered."""
    seat = request.seat.seat_id
    turns = turns_of(seat)
    context = {
        "waiting": [one for one in turns if one.is_open],
        "turns": [one for one in turns if not one.is_open],
        "mine": questions_of(seat),
        "others": answered_questions(seat),
    }
    return page(request, "questions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    """Write a question, see who would get it, take out whom one does not want to ask, and ask."""
    allow(request)
    sent = request.POST if request.method == "POST" else request.GET
    form = QuestionForm(sent if sent.get("text") or request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return page(request, "questions/ask.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)
    if request.method == "POST" and sent.get("step") == "ask":
        return _ask(request, form)
    return _preview(request, form)


def _ask(request: Request, form: QuestionForm) -> HttpResponse:
    try:
        people = tuple(UUID(one) for one in request.POST.getlist("people"))
        if not people:
            raise CannotAsk(_("Choose at least one colleague to ask."))
        call = Call(form.cleaned_data["text"], people, form.cleaned_data["circle"])
        made = actions.ask_question(actor=request.seat, call=call)
    except ValueError as refusal:
        words = str(refusal) if isinstance(refusal, CannotAsk) else _("Choose one of these colleagues.")
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, words)
        return _preview(request, form, status=UNPROCESSABLE)
    asked = len(people)
    words = ngettext("Asked %(count)s colleague.", "Asked %(count)s colleagues.", asked) % {"count": asked}
    return go(request, reverse("questions:question", args=[made.id]), words, made.operation_id)


def _preview(request: Request, form: QuestionForm, *, status: int = 200) -> HttpResponse:
    """Who would get it, each of whom can be taken out; and what was asked and answered before."""
    seat = request.seat.seat_id
    text, circle = form.cleaned_data["text"], form.cleaned_data["circle"]
    written, questions = alike(text, WRITTEN, QUESTIONS)
    me, people = colleagues(seat)
    inside = seats_of_audience(circle, [one.seat_id for one in people if one.seat_id])
    able = [one for one in people if one.seat_id in inside]
    found = suggestions(me, able, written, seat_id=seat)
    chosen = set(request.POST.getlist("people")) if request.POST.get("step") == "ask" else None
    context: dict[str, Any] = {
        "form": form,
        "is_shown": True,
        "has_colleagues": bool(able),
        "suggested": [
            Shown(one, reason_of(one, written), one.is_known if chosen is None else str(one.person.id) in chosen)
            for one in found
        ],
        "is_guess": bool(found) and not found[0].is_known,
        "before": asked_before(questions),
    }
    return page(request, "questions/ask.html", context, status=status)
