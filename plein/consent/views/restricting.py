# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping somebody's data without using them, and using them again."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.consent import actions
from plein.consent.forms import RestrictionForm
from plein.consent.queries import restriction_of
from plein.consent.refusals import Refused
from plein.consent.views.answers import UNPROCESSABLE, person_at, refuse
from plein.consent.views.person import back_to_panel
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.trust.answers import Request, allow, page


@require_http_methods(["GET", "HEAD", "POST"])
def restriction(request: Request, relation_id: UUID) -> HttpResponse:
    """Use nothing of somebody for now; or, for administrators, use it again."""
    relation = person_at(relation_id)
    present = restriction_of(relation.id)
    is_lifting = request.POST.get("act") == "lift" if request.method == "POST" else present is not None
    allow(request, "manage" if is_lifting else "write")
    form = RestrictionForm(request.POST if request.method == "POST" and not is_lifting else None)
    if request.method == "POST" and (is_lifting or form.is_valid()):
        try:
            return _act(request, relation, form, is_lifting=is_lifting)
        except Refused as refusal:
            # Somebody did it meanwhile; a form that is sent without anything can say so too.
            form = form if form.is_bound else RestrictionForm({"reason": "-"})
            refuse(form, refusal)
    context = {"relation": relation, "restriction": present, "form": form}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return page(request, "consent/restriction.html", context, part="form", status=status)


def _act(request: Request, relation: Relation, form: RestrictionForm, *, is_lifting: bool) -> HttpResponse:
    if is_lifting:
        with transaction.atomic(), operation("lift_restriction") as done:
            actions.lift_restriction(actor=request.seat, relation=relation)
        words = _("What we have of %(name)s is used again.")
    else:
        with transaction.atomic(), operation("restrict_person") as done:
            actions.restrict(actor=request.seat, relation=relation, **form.cleaned_data)
        words = _("Nothing goes out to %(name)s any more. Only an administrator can lift that.")
    return back_to_panel(request, relation, words % {"name": relation.name}, done.id)
