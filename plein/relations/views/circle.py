# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.relations import actions
from plein.relations.forms import CircleForm
from plein.relations.views.answers import Request, act, allow, back, found
from plein.relations.views.part_form import part_form
from plein.trust.circles import UnknownCircle, everyone


@require_http_methods(["GET", "HEAD", "POST"])
def circle(request: Request, relation_id: UUID) -> HttpResponse:
    """Choose who sees a relation and everything that belongs to it."""
    relation = found(relation_id)
    allow(request)
    title = _("Who sees %(name)s") % {"name": relation.name}
    if request.method != "POST":
        now_in = "everyone" if relation.circle_id == everyone() else ""
        return part_form(request, relation, "seen", title, CircleForm(initial={"audience": now_in}))
    form = CircleForm(request.POST)
    if form.is_valid():
        try:
            with act("change_circle") as done:
                actions.change_circle(actor=request.seat, relation=relation, circle_key=form.cleaned_data["audience"])
        except UnknownCircle:
            form.add_error("audience", _("Choose one of these."))
        else:
            return back(request, relation, "seen", _("Changed who sees %(name)s.") % {"name": relation.name}, done.id)
    return part_form(request, relation, "seen", title, form, status=422)
