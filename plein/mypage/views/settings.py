# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do about people's own pages: choose how they are offered, and send somebody a link to theirs."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.mypage import actions
from plein.mypage.actions import CannotAnswer, CannotOpen
from plein.mypage.forms import AnswerForm, LaterForm, OwnPagesForm
from plein.mypage.queries import circles_to_answer, request_of, requests, settings_of_pages
from plein.mypage.vocabulary import Wish
from plein.relations.models import Relation
from plein.trust.permissions import Verb, may
from plein.trust.seats import seat_of
from plein.trust.views.frame import settings_page

UNPROCESSABLE, SHOWN = 422, 50


def _allow(request: HttpRequest, verb: Verb) -> None:
    if not may(seat_of(request), verb):
        raise PermissionDenied(verb)


@require_http_methods(["GET", "HEAD", "POST"])
def own_pages(request: HttpRequest) -> HttpResponse:
    """Choose whether people may open their own page, and whether mail offers it."""
    _allow(request, "manage")
    now_chosen = settings_of_pages()
    chosen = {"is_open": now_chosen.is_open, "in_footer": now_chosen.in_footer}
    chosen["names_readers"] = now_chosen.names_readers
    form = OwnPagesForm(request.POST if request.method == "POST" else None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        with operation("set_own_pages") as done:
            actions.set_own_pages(actor=seat_of(request), **form.choices())
        toast_later(request, _("Saved."), done.id)
        return HttpResponseRedirect(reverse("mypage:settings"))
    status = 200 if request.method != "POST" else UNPROCESSABLE
    return settings_page(request, "mypage/settings.html", {"form": form}, status)


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """What people asked and wait for, and what was answered last."""
    circles = circles_to_answer(seat_of(request))
    if circles == set():
        raise PermissionDenied("manage")
    context = {"waiting": requests(circles), "answered": requests(circles, is_open=False)[:SHOWN]}
    return settings_page(request, "mypage/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What somebody asked; answer it, or say why it takes longer."""
    found = request_of(seat_of(request), request_id)
    if found is None:
        _allow(request, "manage")
        raise Http404
    is_later = request.POST.get("act") == "later"
    sent = request.POST if request.method == "POST" else None
    can_erase = found.is_open and found.kind == Wish.ERASE and found.subject.relation is not None
    answer = AnswerForm(None if is_later else sent, can_erase=can_erase)
    later = LaterForm(sent if is_later else None)
    form: AnswerForm | LaterForm = later if is_later else answer
    if sent is not None and form.is_valid():
        try:
            if is_later:
                actions.extend_request(actor=seat_of(request), request=found, **form.cleaned_data)
            else:
                actions.answer_request(actor=seat_of(request), request=found, **form.cleaned_data)
        except CannotAnswer as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            toast_later(request, _("Saved. They read it on their page."))
            return HttpResponseRedirect(reverse("mypage:requests"))
    context: dict[str, Any] = {"one": found, "answer": answer, "later": later, "can_erase": can_erase}
    context["is_restriction"] = found.kind == Wish.RESTRICT
    context["may_erase"] = may(seat_of(request), "manage")
    return settings_page(request, "mypage/request.html", context, 200 if sent is None else UNPROCESSABLE)


@require_POST
def send(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """Send somebody a link to their own page."""
    _allow(request, "write")
    relation: Relation | None = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    try:
        actions.send_page(actor=seat_of(request), relation=relation)
    except CannotOpen as refusal:
        toast_later(request, str(refusal))
    else:
        toast_later(request, _("The link is on its way to %(name)s.") % {"name": relation.name})
    return HttpResponseRedirect(reverse("relations:relation", args=[relation.id]))
