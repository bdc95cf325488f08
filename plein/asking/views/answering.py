# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of who is asked, and the company's choice of how long."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.asking import actions
from plein.asking.forms import DaysForm, ReplyForm
from plein.asking.models import Turn
from plein.asking.queries import turn_of, waiting_days
from plein.asking.refusals import CannotAsk, TooLate
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.relations.models import Relation
from plein.trust.answers import Request, allow, go, page
from plein.trust.views.frame import settings_page

UNPROCESSABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: Request, turn_id: UUID) -> HttpResponse:
    """What a colleague asks me, and my answer."""
    found = turn_of(turn_id, request.seat.seat_id)
    if found is None or found.id != turn_id:
        raise Http404
    form = ReplyForm(request.POST if request.method == "POST" else None, is_last=found.is_last)
    if request.method != "POST":
        return _turn_page(request, found, form)
    allow(request)
    if not form.is_valid():
        return _turn_page(request, found, form, UNPROCESSABLE)
    try:
        actions.answer_introduction(actor=request.seat, turn=found, **form.cleaned_data)
    except CannotAsk as refusal:
        form.add_error("answer", str(refusal))
        return _turn_page(request, found, form, UNPROCESSABLE)
    except TooLate as late:
        form.add_error(None, str(late))
        return _turn_page(request, found, form, CONFLICT)
    return go(request, reverse("asking:list"), _("Thank you. That is all they need."))


def _turn_page(request: Request, found: Turn, form: ReplyForm, status: int = 200) -> HttpResponse:
    return page(request, "asking/turn.html", {"turn": found, "form": form}, status=status)


@require_POST
def allow_again(request: Request, relation_id: UUID) -> HttpResponse:
    """Let others ask me about this person again."""
    allow(request)
    target = get_object_or_404(Relation.objects, id=relation_id)
    actions.allow_again(actor=request.seat, target=target)
    return go(request, reverse("asking:list"), _("You may be asked about %(name)s again.") % {"name": target.name})


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponse:
    """How long a request waits."""
    allow(request, "manage")
    form = DaysForm(request.POST if request.method == "POST" else None, initial={"days": waiting_days()})
    if request.method == "POST" and form.is_valid():
        with operation("set_waiting_days") as done:
            actions.set_waiting_days(actor=request.seat, days=form.cleaned_data["days"])
        toast_later(request, _("Saved."), done.id)
        return HttpResponseRedirect(reverse("asking:settings"))
    return settings_page(request, "asking/settings.html", {"form": form}, UNPROCESSABLE if form.is_bound else 200)
