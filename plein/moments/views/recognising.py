# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying what a text is, when Plein saw it wrong."""

import re
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from plein.moments import actions
from plein.moments.models import Moment
from plein.moments.views.answers import found_moment
from plein.moments.views.moment import moment_page
from plein.relations.refusals import Refused
from plein.trust.answers import Request, act, allow, go

#: How the inbox names a list.
_TAB = re.compile(r"[a-z0-9-]{1,60}")


@require_POST
def correct(request: Request, moment_id: UUID) -> HttpResponseBase:
    """One thing about the text of a moment: a kind that holds or not, its worth, its mood or its haste."""
    allow(request)
    one = found_moment(moment_id)
    about, value = request.POST.get("about", ""), request.POST.get("value", "")
    try:
        with act("correct_recognition") as done:
            actions.correct_recognition(actor=request.seat, moment=one, about=about, value=value)
    except Refused as refusal:
        return moment_page(request, moment_id, status=422, heard_problem=str(refusal))
    return go(request, _back(request, moment_id), _("Noted. Plein learns from it."), done.id)


def _back(request: Request, moment_id: UUID) -> str:
    """The page on which it was said."""
    match request.POST.get("from"):
        case "learned":
            return reverse("moments:learned")
        case "inbox":
            tab = request.POST.get("tab", "")
            found = reverse("inbox:message", args=[moment_id])
            return f"{found}?tab={tab}" if _TAB.fullmatch(tab) else found
    return reverse("moments:moment", args=[moment_id])


@require_POST
def refile(request: Request, thread_id: UUID) -> HttpResponseBase:
    """All that belongs together is business, or small talk, after all."""
    allow(request)
    first = Moment.objects.filter(thread_id=thread_id).order_by("-occurred_at", "-id").first()
    if first is None:
        raise Http404
    back = request.POST.get("back", "")
    shown = Moment.objects.filter(thread_id=thread_id, id=back).first() if _is_id(back) else None
    try:
        with act("refile_thread") as done:
            count = actions.refile_thread(
                actor=request.seat, thread_id=thread_id, relevance=request.POST.get("relevance", "")
            )
    except Refused as refusal:
        return moment_page(request, (shown or first).id, status=422, heard_problem=str(refusal))
    words = ngettext("%(count)s moment filed anew.", "%(count)s moments filed anew.", count) % {"count": count}
    return go(request, reverse("moments:moment", args=[(shown or first).id]), words, done.id)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
