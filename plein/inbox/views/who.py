# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who somebody may be whom we do not know yet: whom they resemble, why, and saying that it is them."""

from uuid import UUID

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.audit import audit_look
from plein.identity.queries import match
from plein.identity.wording import in_brief, verdict_words, waterfall
from plein.inbox import actions
from plein.inbox.queries import heard, message_of
from plein.inbox.refusals import CannotDo
from plein.inbox.views.pages import address, inbox_page, tab_of
from plein.moments.actions import rebind_participant
from plein.moments.models import Participant
from plein.relations.models import Relation
from plein.relations.refusals import Refused
from plein.trust.answers import Request, act, allow, go, page

MOST = 3


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: Request, moment_id: UUID, participant_id: UUID) -> HttpResponseBase:
    """Whom the writer of a message may be."""
    participants = Participant.objects.select_related("moment", "relation", "contact_point")
    participant = get_object_or_404(participants, id=participant_id, moment_id=moment_id)
    if message_of(moment_id) is None:
        raise Http404
    if request.method == "POST":
        return _bound(request, participant)
    if not request.htmx:
        # Without a script one chooses on the page of the contact moment.
        return HttpResponseRedirect(reverse("moments:bind", args=[moment_id, participant_id]))
    found = match(heard(participant))
    bound = next((one for one in found.candidates if one.id == participant.relation_id), None)
    shown = [one for one in found.candidates if one is not bound][:MOST]
    audit_look("relation", [*shown, *([bound] if bound else [])], how="search")
    context = {
        "moment_id": moment_id,
        "participant_id": participant_id,
        "is_bound": participant.relation_id is not None,
        "bound": bound,
        "why": waterfall(bound) if bound else [],
        "bound_percent": round(bound.probability * 100) if bound else 0,
        "words": verdict_words(found.verdict, shown),
        "candidates": [(one, in_brief(one), round(one.probability * 100)) for one in shown],
        "tab": tab_of(request),
    }
    return page(request, "inbox/who.html", context)


@require_POST
def not_them(request: Request, moment_id: UUID, participant_id: UUID) -> HttpResponseBase:
    """The writer is not whom Plein took them for."""
    allow(request)
    participants = Participant.objects.select_related("moment", "relation", "contact_point")
    participant = get_object_or_404(participants, id=participant_id, moment_id=moment_id)
    if message_of(moment_id) is None:
        raise Http404
    tab = tab_of(request)
    try:
        done = actions.not_them(actor=request.seat, participant=participant, heard=heard(participant))
    except (CannotDo, Refused) as refusal:
        return inbox_page(request, tab, moment_id=moment_id, status=422, offer_problem=str(refusal))
    return go(request, address(tab, moment_id), _("Remembered: this was somebody else."), done.id)


def _bound(request: Request, participant: Participant) -> HttpResponseBase:
    allow(request)
    wanted = request.POST.get("relation", "")
    try:
        relation = get_object_or_404(Relation.objects, id=UUID(wanted)) if wanted else None
    except ValueError as error:
        raise Http404 from error
    with act("rebind_participant") as done:
        rebind_participant(actor=request.seat, participant=participant, relation=relation)
    back = address(tab_of(request), participant.moment_id)
    return go(request, back, _("Noted who this was."), done.id)
