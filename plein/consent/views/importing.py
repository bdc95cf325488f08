# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in a list of what people decided: take it in, say which column is what, look, and only then note it."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from plein.consent import actions
from plein.consent.forms import ListForm, WishesForm
from plein.consent.models import ConsentList
from plein.consent.queries import purposes
from plein.consent.refusals import Refused
from plein.consent.views.answers import UNPROCESSABLE, refuse
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.trust.answers import Request, allow, page
from plein.trust.models import Workspace
from plein.trust.permissions import may

SHOWN = 20


def _found(request: Request, list_id: UUID) -> ConsentList:
    kept: ConsentList | None = ConsentList.objects.filter(id=list_id, seat_id=request.seat.seat_id).first()
    if kept is None:
        raise Http404
    return kept


@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: Request) -> HttpResponse:
    """The lists one brought in, and another one."""
    allow(request, "import")
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = actions.keep_list(actor=request.seat, name=file.name or "", data=file.read())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return HttpResponseRedirect(reverse("consent:list", args=[kept.id]))
    mine = ConsentList.objects.filter(seat_id=request.seat.seat_id).defer("rows").order_by("-created_at", "-id")
    context = {"form": form, "lists": list(mine[:SHOWN])}
    return page(request, "consent/lists.html", context, status=200 if request.method != "POST" else UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def one_list(request: Request, list_id: UUID) -> HttpResponse:
    """Say which column is what; look what would come of it; note it."""
    allow(request, "import")
    kept = _found(request, list_id)
    if kept.done_at is not None:
        return page(request, "consent/list_done.html", {"kept": kept})
    sent = request.POST if request.method == "POST" else None
    form = WishesForm(sent, head=kept.head, purposes=purposes(), may_never=may(request.seat, "manage"))
    context = {"kept": kept, "form": form, "first": kept.rows[:3], "total": len(kept.rows)}
    if sent is None:
        return page(request, "consent/list.html", context)
    if not form.is_valid():
        return page(request, "consent/list.html", context, status=UNPROCESSABLE)
    wishes = form.wishes(Workspace.objects.get(id=request.seat.workspace_id).country)
    if sent.get("act") == "go":
        try:
            with transaction.atomic(), operation("import_consents") as done:
                outcome = actions.import_list(actor=request.seat, kept=kept, wishes=wishes)
        except Refused as refusal:
            refuse(form, refusal)
            return page(request, "consent/list.html", context, status=UNPROCESSABLE)
        count = outcome.recorded + outcome.waiting
        words = ngettext("%(count)s decision noted.", "%(count)s decisions noted.", count) % {"count": count}
        toast_later(request, words, done.id)
        return HttpResponseRedirect(reverse("consent:list", args=[kept.id]))
    matched = actions.matched_in(kept.rows, wishes)
    context |= {"matched": matched, "samples": matched.found[:SHOWN], "unknown": matched.unknown[:SHOWN],
                "bad": matched.bad[:SHOWN]}  # fmt: skip
    return page(request, "consent/list.html", context)


@require_POST
def list_discard(request: Request, list_id: UUID) -> HttpResponse:
    """Throw the list away; what was noted from it stays."""
    allow(request, "import")
    actions.discard_list(actor=request.seat, kept=_found(request, list_id))
    toast_later(request, _("The list is gone. What was noted from it stays."))
    return HttpResponseRedirect(reverse("consent:lists"))
