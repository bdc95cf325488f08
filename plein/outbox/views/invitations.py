# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plein.moments.models import Moment
from plein.moments.vocabulary import Answer
from plein.outbox import actions
from plein.outbox.refusals import CannotSend
from plein.trust.answers import Request, allow, go


@require_POST
def answer_invitation(request: Request, moment_id: UUID) -> HttpResponse:
    """Accept, decline, or say that one may come; the toast takes it back before it leaves."""
    allow(request)
    found: Moment | None = Moment.objects.filter(id=moment_id).first()
    if found is None:
        raise Http404
    there = reverse("moments:moment", args=[moment_id])
    said = request.POST.get("answer", "")
    if said not in Answer.values:
        raise BadRequest
    try:
        done = actions.answer_invitation(actor=request.seat, moment=found, answer=Answer(said))
    except CannotSend as refusal:
        return go(request, there, str(refusal))
    return go(request, there, _("Your answer leaves in ten seconds."), done.id)
