# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking what erasing somebody takes, and giving the word."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.audit import audit_look
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.erasure import actions
from plein.erasure.forms import EraseForm
from plein.erasure.queries import weigh
from plein.erasure.refusals import Refused
from plein.relations.models import Relation
from plein.trust.permissions import may
from plein.trust.proving import ask_for_proof
from plein.trust.seats import seat_of

TEMPLATE, UNPROCESSABLE = "erasure/erase.html", 422


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """What goes, what stays as a stub, what is kept and why; then it is done, and not turned back."""
    seat = seat_of(request)
    person = _person(relation_id)
    if not may(seat, "manage"):
        raise PermissionDenied("manage")
    if request.method != "POST":
        audit_look("relation", [person])
        weight = weigh(person)
        form = EraseForm(wanted=person.name, initial={"never_contact": weight.wants_silence})
        return render(request, TEMPLATE, {"relation": person, "form": form, "weight": weight})
    form = EraseForm(request.POST, wanted=person.name)
    if not form.is_valid():
        return _again(request, person, form)
    if asked := ask_for_proof(request):
        return asked
    try:
        with operation("erase_subject"):
            _erase(request, person, form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _again(request, person, form)
    toast_later(request, _("Done. Nothing of them is kept here but what you read on the page before."))
    return HttpResponseRedirect(reverse("relations:person_list"))


def _erase(request: HttpRequest, person: Relation, form: EraseForm) -> None:
    seat = seat_of(request)
    subject = actions.subject_of(actor=seat, relation_id=person.id)
    if subject is None:
        raise Http404
    actions.erase_subject(actor=seat, subject_id=subject, never_contact=form.cleaned_data["never_contact"])


def _person(relation_id: UUID) -> Relation:
    """A person the reader may see; for everything else there is nothing at that address."""
    found: Relation | None = Relation.objects.filter(id=relation_id).first()
    if found is None or not found.is_person:
        raise Http404
    return found


def _again(request: HttpRequest, person: Relation, form: EraseForm) -> HttpResponse:
    """The page once more, with what is not right."""
    context: dict[str, Any] = {"relation": person, "form": form, "weight": weigh(person)}
    return render(request, TEMPLATE, context, status=UNPROCESSABLE)
