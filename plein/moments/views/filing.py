# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tags of a moment."""

from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plein.moments import actions
from plein.moments.views.answers import found_moment
from plein.moments.views.moment import moment_page
from plein.relations.refusals import Refused
from plein.trust.answers import Request, act, allow, go


@require_POST
def tag_add(request: Request, moment_id: UUID) -> HttpResponseBase:
    """File a moment under a tag."""
    allow(request)
    one = found_moment(moment_id)
    name = request.POST.get("name", "")
    try:
        with act("tag_moment") as done:
            actions.tag_moment(actor=request.seat, moment=one, name=name)
    except Refused as refusal:
        return moment_page(request, moment_id, status=422, tag_problem=str(refusal), tag_written=name)
    return go(request, reverse("moments:moment", args=[moment_id]), _("Tagged %(tag)s.") % {"tag": name}, done.id)


@require_POST
def tag_remove(request: Request, moment_id: UUID, tag_id: UUID) -> HttpResponseBase:
    """Take a tag off."""
    one = found_moment(moment_id)
    done = actions.untag_moment(actor=request.seat, moment=one, tag_id=tag_id)
    return go(request, reverse("moments:moment", args=[moment_id]), _("Tag taken off."), done.id)
