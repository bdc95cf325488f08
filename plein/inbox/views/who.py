# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who somebody may be whom we do not know yet: whom they resemble, why, and saying that it is them."""

from uuid import UUID

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.audit import audit_look
from plein.identity.profiles import Profile
from plein.identity.queries import match
from plein.identity.wording import in_brief, verdict_words
from plein.inbox.queries import message_of
from plein.inbox.views.pages import address, tab_of
from plein.moments.actions import rebind_participant
from plein.moments.models import Participant
from plein.relations.models import Relation
from plein.relations.vocabulary import ContactKind
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
    shown = found.candidates[:MOST]
    audit_look("relation", shown, how="search")
    context = {
        "moment_id": moment_id,
        "participant_id": participant_id,
        "words": verdict_words(found.verdict, shown),
        "candidates": [(one, in_brief(one), round(one.probability * 100)) for one in shown],
        "tab": tab_of(request),
    }
    return page(request, "inbox/who.html", context)


def heard(participant: Participant) -> Profile:
    """What was heard of somebody who took part."""
    point, name = participant.contact_point, participant.heard_name
    value = point.value if point is not None else ""
    kind = point.kind if point is not None else ""
    return Profile(
        names=(name,) if name and "@" not in name else (),
        emails=(value,) if kind == ContactKind.EMAIL else (),
        phones=(value,) if kind == ContactKind.PHONE else (),
    )


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
