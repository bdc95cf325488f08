# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long data are kept: the rules, what they would come to, and the queue that asks."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.consent import actions
from plein.consent.forms import RetentionForm
from plein.consent.queries.retention import Due, asked_for, due_of, looked_at, rules
from plein.consent.refusals import Refused
from plein.consent.views.answers import UNPROCESSABLE, refuse
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.trust.answers import Request, allow
from plein.trust.views.frame import settings_page


def _due(key: str) -> Due:
    due = due_of(key)
    if due is None:
        raise Http404
    return due


@require_http_methods(["GET", "HEAD"])
def retention(request: Request) -> HttpResponse:
    """The rules, and with `asked` what waits for one's word."""
    allow(request, "manage")
    is_asked = bool(request.GET.get("asked"))
    context = {"rules": rules(), "queue": asked_for() if is_asked else [], "is_asked": is_asked}
    return settings_page(request, "consent/retention.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: Request, key: str) -> HttpResponse:
    """One rule: how long, whether it is on, and what it would come to."""
    allow(request, "manage")
    due = _due(key)
    sent = request.POST if request.method == "POST" else None
    form = RetentionForm(sent, initial={"months": due.months, "is_on": due.is_on})
    if sent is not None and form.is_valid():
        try:
            with transaction.atomic(), operation("set_retention") as done:
                actions.set_retention(actor=request.seat, due=due, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            toast_later(request, _("Saved. Nothing is deleted before you say so."), done.id)
            return HttpResponseRedirect(reverse("consent:rule", args=[key]))
    return _page(request, due, form, 200 if sent is None else UNPROCESSABLE)


def _page(request: Request, due: Due, form: forms.Form, status: int, **more: Any) -> HttpResponse:
    return settings_page(request, "consent/rule.html", {"due": looked_at(due), "form": form, **more}, status)


@require_POST
def rule_delete(request: Request, key: str) -> HttpResponse:
    """Delete what is due: the word of an administrator, for what they looked at."""
    allow(request, "manage")
    due = _due(key)
    text = request.POST.get("expected", "")
    expected = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    try:
        with transaction.atomic():
            removed = actions.delete_due(actor=request.seat, due=due, expected=expected)
    except Refused as refusal:
        form = RetentionForm(initial={"months": due.months, "is_on": due.is_on})
        return _page(request, due, form, UNPROCESSABLE, refusal=str(refusal))
    words = _("%(count)s deleted.") if removed.run_id is None else _("%(count)s are being deleted.")
    toast_later(request, words % {"count": removed.count}, removed.operation_id)
    if removed.run_id is not None:
        return HttpResponseRedirect(reverse("lists:bulk_run", args=[removed.run_id]))
    return HttpResponseRedirect(reverse("consent:retention"))


@require_POST
def rule_put_off(request: Request, key: str) -> HttpResponse:
    """Keep it for now."""
    allow(request, "manage")
    with operation("put_off_retention") as done:
        actions.put_off(actor=request.seat, due=_due(key))
    toast_later(request, _("It stays. Plein asks again in three months."), done.id)
    return HttpResponseRedirect(reverse("consent:retention"))
