# SPDX-License-Identifier: AGPL-3.0-or-later
"""The administrator's pages: what data are used for, whom never to write, and how people are asked."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.consent import actions
from plein.consent.forms import NeverForm, PurposeForm, StepsForm, initial_of
from plein.consent.models import NeverContact, Purpose
from plein.consent.queries import is_open_to_requests, purposes, steps_setting, versions_of
from plein.consent.refusals import Refused
from plein.consent.views.answers import CONFLICT, UNPROCESSABLE, purpose_at, refuse
from plein.core.operations import EditConflict, operation
from plein.core.toasts import toast_later
from plein.trust.answers import Request, allow
from plein.trust.permissions import may
from plein.trust.views.frame import settings_page

SHOWN = 50


def _to(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"consent:{name}"))


@require_http_methods(["GET", "HEAD"])
def purpose_list(request: Request) -> HttpResponse:
    """What this company uses data for."""
    allow(request, "manage")
    known = purposes(with_retired=True)
    context = {
        "used": [one for one in known if not one.is_retired],
        "retired": [one for one in known if one.is_retired],
    }
    return settings_page(request, "consent/purposes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def purpose_new(request: Request) -> HttpResponse:
    """Begin to use data for something."""
    allow(request, "manage")
    form = PurposeForm(request.POST if request.method == "POST" else None, initial={"kinds": ["email"]})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic(), operation("add_purpose") as done:
                made = actions.add_purpose(actor=request.seat, facts=form.facts())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            toast_later(request, _("“%(name)s” is there.") % {"name": made.name}, done.id)
            return _to("purposes")
    status = 200 if request.method != "POST" else UNPROCESSABLE
    return settings_page(request, "consent/purpose.html", {"form": form}, status)


@require_http_methods(["GET", "HEAD", "POST"])
def purpose_change(request: Request, purpose_id: UUID) -> HttpResponse:
    """Change a purpose; other words become a new version."""
    allow(request, "manage")
    purpose = purpose_at(purpose_id)
    form = PurposeForm(request.POST if request.method == "POST" else None, initial=initial_of(purpose))
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                with transaction.atomic(), operation("change_purpose") as done:
                    based_on = _version(request)
                    actions.change_purpose(actor=request.seat, purpose=purpose, facts=form.facts(), based_on=based_on)
            except Refused as refusal:
                refuse(form, refusal)
            except EditConflict:
                status, purpose = CONFLICT, purpose_at(purpose_id)
            else:
                toast_later(request, _("Saved. What people decided before stays with the words they saw."), done.id)
                return _to("purposes")
    context = {"form": form, "purpose": purpose, "versions": versions_of(purpose), "is_late": status == CONFLICT}
    return settings_page(request, "consent/purpose.html", context, status)


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_POST
def purpose_retire(request: Request, purpose_id: UUID) -> HttpResponse:
    """Use data for this no longer."""
    allow(request, "manage")
    purpose: Purpose = purpose_at(purpose_id)
    with operation("retire_purpose") as done:
        actions.retire_purpose(actor=request.seat, purpose=purpose)
    words = _("“%(name)s” is no longer in use. What was decided about it stays.")
    toast_later(request, words % {"name": purpose.name}, done.id)
    return _to("purposes")


@require_POST
def purpose_back(request: Request, purpose_id: UUID) -> HttpResponse:
    """Use data for this again."""
    allow(request, "manage")
    purpose = purpose_at(purpose_id)
    with operation("bring_purpose_back") as done:
        actions.bring_purpose_back(actor=request.seat, purpose=purpose)
    toast_later(request, _("“%(name)s” is in use again.") % {"name": purpose.name}, done.id)
    return _to("purposes")


@require_http_methods(["GET", "HEAD", "POST"])
def never(request: Request) -> HttpResponse:
    """The addresses that are never used; only their keyed hashes are kept."""
    allow(request, "manage")
    form = NeverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "remove":
            return _taken_off(request, form)
        contacts = form.cleaned_data["addresses"]
        with operation("add_never_contact") as done:
            made = actions.add_never_contact(actor=request.seat, contacts=contacts, reason=form.cleaned_data["reason"])
        words = _("%(count)s added. Nothing goes there any more.") if made else _("They were on the list already.")
        toast_later(request, words % {"count": len(made)}, done.id if made else None)
        return _to("never")
    return _never_page(request, form, 200 if request.method != "POST" else UNPROCESSABLE)


def _never_page(request: Request, form: NeverForm, status: int) -> HttpResponse:
    lines = list(NeverContact.objects.select_related("seat__user").order_by("-created_at", "-id")[:SHOWN])
    context = {"form": form, "lines": lines, "total": NeverContact.objects.count()}
    return settings_page(request, "consent/never.html", context, status)


def _taken_off(request: Request, form: NeverForm) -> HttpResponse:
    with transaction.atomic(), operation("remove_never_contact") as done:
        found = [
            one
            for one in form.cleaned_data["addresses"]
            if actions.remove_never_contact(actor=request.seat, contact=one, reason=form.cleaned_data["reason"])
        ]
    if not found:
        form.add_error("addresses", _("None of these is on the list."))
        return _never_page(request, form, UNPROCESSABLE)
    toast_later(request, _("%(count)s taken off the list.") % {"count": len(found)}, done.id)
    return _to("never")


@require_http_methods(["GET", "HEAD", "POST"])
def introductions(request: Request) -> HttpResponse:
    """Whether colleagues may ask oneself; and, for administrators, how others are asked."""
    manages = may(request.seat, "manage")
    sent = request.POST if request.method == "POST" else None
    form = StepsForm(sent if sent and "steps" in sent else None, initial={"steps": steps_setting()})
    if sent is not None and "steps" in sent:
        allow(request, "manage")
        if form.is_valid():
            with operation("set_steps") as done:
                actions.set_steps(actor=request.seat, steps=form.cleaned_data["steps"])
            toast_later(request, _("Saved."), done.id)
            return _to("introductions")
    elif sent is not None:
        with operation("set_step_choice") as done:
            actions.set_own_choice(actor=request.seat, is_open=sent.get("is_open") == "1")
        toast_later(request, _("Saved."), done.id)
        return _to("introductions")
    context = {"form": form if manages else None, "is_open": is_open_to_requests(request.seat.seat_id)}
    return settings_page(request, "consent/introductions.html", context, 200 if sent is None else UNPROCESSABLE)
