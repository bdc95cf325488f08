# SPDX-License-Identifier: AGPL-3.0-or-later
"""The other addresses of a mail account on its page: one to forward to, and those it sends as."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.channels import actions
from plein.channels.connecting import NotUsable
from plein.channels.models import Connection
from plein.channels.post import PostRefused, PostUncertain
from plein.core.toasts import toast_later
from plein.moments.proving import ask_for_proof
from plein.moments.views.imports import allowed
from plein.trust.seats import Entrance
from plein.trust.secret_box import Unopenable
from plein.trust.views.frame import settings_page


@require_POST
def connection_drop(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """A new address to forward to, or none any more."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    try:
        if request.POST.get("act") == "close":
            actions.close_drop_box(actor=actor, connection=found)
            toast_later(request, _("The address to forward to counts no longer."))
        else:
            address = actions.open_drop_box(actor=actor, connection=found)
            toast_later(request, _("Forward mail to %(address)s.") % {"address": address})
    except NotUsable as refusal:
        toast_later(request, str(refusal))
    return _to(found)


@require_POST
def connection_alias(request: HttpRequest, connection_id: UUID) -> HttpResponseBase:
    """Another address to send as, which a letter proves; or one of them no longer."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    address = request.POST.get("address", "")[:320]
    if request.POST.get("act") == "remove":
        actions.drop_alias(actor=actor, connection=found, address=address)
        toast_later(request, _("This account no longer sends as %(address)s.") % {"address": address})
        return _to(found)
    try:
        toast_later(request, _ask(actor, found, address))
    except NotUsable as refusal:
        toast_later(request, str(refusal))
    except (PostRefused, PostUncertain) as refusal:
        toast_later(request, _("The letter did not leave: %(reason)s") % {"reason": refusal.words})
    except Unopenable:
        toast_later(request, _("The password of this account cannot be opened any more. Write it again."))
    return _to(found)


def _ask(actor: Entrance, found: Connection, address: str) -> str:
    wanted = ask_for_proof(actor, found, address)
    return _("A letter is on its way to %(address)s: open the page that it names.") % {"address": wanted}


@require_http_methods(["GET", "HEAD", "POST"])
def connection_proof(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Where the letter leads: whoever reads it says that the address is theirs."""
    actor = allowed(request)
    found = _own(actor, connection_id)
    proof = request.POST.get("proof") or request.GET.get("proof", "")
    refusal = ""
    if request.method == "POST":
        try:
            address = actions.prove_alias(actor=actor, connection=found, proof=proof[:2000])
        except NotUsable as trouble:
            refusal = str(trouble)
        else:
            words = _("%(name)s sends as %(address)s too. Make it a sender under Settings, Senders.")
            toast_later(request, words % {"name": found.name, "address": address})
            return _to(found)
    context = {"connection": found, "proof": proof, "refusal": refusal}
    return settings_page(request, "moments/connection_proof.html", context, 422 if refusal else 200)


def _own(actor: Entrance, connection_id: UUID) -> Connection:
    """A mail account of the actor's own."""
    found: Connection | None = Connection.objects.filter(id=connection_id, seat_id=actor.seat_id).first()
    if found is None or found.connector != "imap":
        raise Http404
    return found


def _to(found: Connection) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("moments:connection", args=[found.id]))
