# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages on which administrators make forms and look how they do."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.operations import EditConflict, operation
from plein.core.toasts import toast_later
from plein.trust import letters
from plein.trust.answers import Request, allow
from plein.trust.circles import describe
from plein.trust.views.frame import UNPROCESSABLE, settings_page
from plein.webforms import actions
from plein.webforms.forms import WebFormForm, initial_of
from plein.webforms.models import FormText, WebForm
from plein.webforms.places import address_of, snippet_of
from plein.webforms.queries import confirmed_of, form_of, form_with_versions, forms
from plein.webforms.refusals import CannotForm

CONFLICT = 409


def _with_versions(form_id: UUID) -> tuple[WebForm, list[FormText]]:
    found = form_with_versions(form_id)
    if found is None:
        raise Http404
    return found


def _form(form_id: UUID) -> WebForm:
    found = form_of(form_id)
    if found is None:
        raise Http404
    return found


def _refuse(form: WebFormForm, refusal: CannotForm) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@require_safe
def form_list(request: Request) -> HttpResponse:
    """The forms there are, and how many fill them in."""
    allow(request, "manage")
    return settings_page(request, "webforms/forms.html", {"forms": forms(), "can_send": letters.can_send()})


@require_http_methods(["GET", "HEAD", "POST"])
def form_new(request: Request) -> HttpResponse:
    """Make a form."""
    allow(request, "manage")
    form = WebFormForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic(), operation("add_form") as done:
                made = actions.add_form(actor=request.seat, facts=form.facts())
        except CannotForm as refusal:
            _refuse(form, refusal)
        else:
            toast_later(request, _("The form is open. Put it on your website with the lines below."), done.id)
            return redirect("webforms:form", made.id)
    status = 200 if request.method != "POST" else UNPROCESSABLE
    return settings_page(request, "webforms/new.html", {"form": form, "can_send": letters.can_send()}, status)


@require_http_methods(["GET", "HEAD", "POST"])
def form_change(request: Request, form_id: UUID) -> HttpResponse:
    """A form: how to put it on a website, how it does, and its words; POST changes them."""
    allow(request, "manage")
    found, versions = _with_versions(form_id)
    form = WebFormForm(request.POST if request.method == "POST" else None, initial=initial_of(found), is_new=False)
    if request.method != "POST":
        return _page(request, found, versions, form)
    if not form.is_valid():
        return _page(request, found, versions, form, UNPROCESSABLE)
    try:
        with transaction.atomic(), operation("change_form") as done:
            actions.change_form(actor=request.seat, form=found, facts=form.facts(), based_on=_version(request))
    except CannotForm as refusal:
        _refuse(form, refusal)
        return _page(request, found, versions, form, UNPROCESSABLE)
    except EditConflict:
        return _page(request, *_with_versions(form_id), form, CONFLICT)
    toast_later(request, _("Saved. What people said yes to before stays with the words they saw."), done.id)
    return redirect("webforms:form", found.id)


def _page(
    request: Request, found: WebForm, versions: list[FormText], form: WebFormForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "found": found,
        "form": form,
        "address": address_of(found.key),
        "snippet": snippet_of(found.key, found.wording.title),
        "confirmed": confirmed_of(found),
        "versions": versions,
        "readers": describe(found.circle_id),
        "can_send": letters.can_send(),
        "is_late": status == CONFLICT,
    }
    return settings_page(request, "webforms/form.html", context, status)


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_POST
def form_rest(request: Request, form_id: UUID) -> HttpResponse:
    """Close a form, or open it again."""
    allow(request, "manage")
    found = _form(form_id)
    if found.is_open:
        actions.close_form(actor=request.seat, form=found)
        toast_later(request, _("It is closed. Whoever opens it reads that."))
    else:
        actions.open_form(actor=request.seat, form=found)
        toast_later(request, _("It is open again."))
    return redirect("webforms:form", found.id)


@require_POST
def form_remove(request: Request, form_id: UUID) -> HttpResponse:
    """Take a form away."""
    allow(request, "manage")
    with operation("remove_form") as done:
        actions.remove_form(actor=request.seat, form=_form(form_id))
    toast_later(request, _("Removed. What came in by it stays."), done.id)
    return redirect("webforms:forms")
