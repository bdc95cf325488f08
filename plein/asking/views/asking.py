# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of who asks: writing it, and where it stands."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.asking import actions
from plein.asking.actions import Wish
from plein.asking.forms import AskForm
from plein.asking.queries import Way, find_way, language_of, refused_by, request_of, requests_of, text_for, turns_of
from plein.asking.refusals import CannotAsk, TooLate
from plein.core.audit import audit_look
from plein.relations.models import Relation
from plein.trust.answers import Request, allow, go, page

UNPROCESSABLE, CONFLICT = 422, 409


@require_safe
def request_list(request: Request) -> HttpResponse:
    """What I asked and where it stands, what I am asked, and about whom I am not."""
    seat = request.seat.seat_id
    context = {"mine": requests_of(seat), "turns": turns_of(seat), "refused": refused_by(seat)}
    return page(request, "asking/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    """Write to the first person on a way, from the ready text."""
    allow(request)
    sent = request.POST if request.method == "POST" else request.GET
    if not sent.get("to"):
        return HttpResponseRedirect(reverse("network:introductions"))
    to = get_object_or_404(Relation.objects, id=_id(sent.get("to", "")))
    people = tuple(_id(one) for one in sent.get("people", "").split(",") if one)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_introduction(actor=request.seat, wish=Wish(to, people, **form.cleaned_data))
        except CannotAsk as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            undoable = made.operation_id if made.is_by_mail else None
            return go(request, reverse("asking:list"), _("Asked. You see here where it stands."), undoable)
    return _ask_page(request, form, to, people)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _ask_page(request: Request, form: AskForm, to: Relation, people: tuple[UUID, ...]) -> HttpResponse:
    way = find_way(request.seat, to, people)
    context: dict[str, Any] = {"to": to, "whom": to, "form": form, "way": way if way and way.asked else None}
    if way is not None and way.asked:
        audit_look("relation", way.path.people, how="list")
        context |= {"whom": way.target, "person": way.asked[0], "is_colleague": way.asked[0].seat_id is not None}
        if not form.is_bound:
            context["form"] = AskForm(initial={"text": _ready(request, way)})
    return page(request, "asking/ask.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _ready(request: Request, way: Way) -> str:
    return text_for(request.seat, way, language_of(way.asked[0]), "")


@require_safe
def one_request(request: Request, introduction_id: UUID) -> HttpResponse:
    """Where a request of mine stands."""
    return _request_page(request, introduction_id)


def _request_page(request: Request, request_id: UUID, problem: str = "", status: int = 200) -> HttpResponse:
    standing = request_of(request_id, request.seat.seat_id)
    if standing is None:
        raise Http404
    return page(request, "asking/request.html", {"one": standing, "problem": problem}, status=status)


@require_POST
def withdraw(request: Request, introduction_id: UUID) -> HttpResponse:
    """Ask no further."""
    allow(request)
    standing = request_of(introduction_id, request.seat.seat_id)
    if standing is None:
        raise Http404
    try:
        actions.withdraw_introduction(actor=request.seat, request=standing.request)
    except TooLate as late:
        return _request_page(request, introduction_id, str(late), CONFLICT)
    return go(request, reverse("asking:list"), _("Withdrawn."))
