# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Plein suggests to do with a message, and doing the ones that are ticked."""

from uuid import UUID

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.core.audit import audit_look
from plein.inbox import actions
from plein.inbox.offers import facts_of, offers_in
from plein.inbox.refusals import CannotDo
from plein.inbox.views.acts import found
from plein.inbox.views.pages import Place, address, inbox_page, tab_of
from plein.relations.contact import ContactError
from plein.relations.refusals import Refused
from plein.trust.answers import Request, act, allow, go, page


@require_http_methods(["GET", "HEAD", "POST"])
def offers(request: Request, moment_id: UUID) -> HttpResponseBase:
    """The suggestions as ticks; a POST does those that are ticked."""
    tab = tab_of(request)
    if request.method == "POST":
        return _done(request, moment_id, tab)
    message = found(moment_id)
    if not request.htmx:
        # They are a part of the page of the message.
        return HttpResponseRedirect(address(tab, moment_id))
    facts = facts_of(message.moment_id)
    suggested = offers_in(facts) if facts is not None and request.seat.can_write else []
    if facts is not None:
        audit_look("relation", [facts.person, *(job.organization for job in facts.jobs)], how="list")
    return page(request, "inbox/offers.html", {"offers": suggested, "moment_id": moment_id, "tab": tab})


def _done(request: Request, moment_id: UUID, tab: Place) -> HttpResponseBase:
    allow(request)
    message, wanted = found(moment_id), request.POST.getlist("do")
    if not wanted:
        return inbox_page(
            request, tab_of(request), moment_id=moment_id, status=422, offer_problem=_("Tick what is to be done first.")
        )
    try:
        with act("do_offered") as done:
            taken = actions.do_offered(actor=request.seat, message=message, keys=wanted)
    except (CannotDo, Refused, ContactError) as refusal:
        return inbox_page(request, tab_of(request), moment_id=moment_id, status=422, offer_problem=str(refusal))
    words = ngettext("%(count)s suggestion done.", "%(count)s suggestions done.", len(taken)) % {"count": len(taken)}
    return go(request, address(tab, moment_id), words, done.id)
