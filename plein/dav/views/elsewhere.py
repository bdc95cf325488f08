# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.channels.models import Connection
from plein.core.toasts import toast_later
from plein.dav.actions.deciding import decide_elsewhere, leave_elsewhere
from plein.dav.queries.mirrored import waiting
from plein.dav.undecided import undecided
from plein.trust.answers import Request
from plein.trust.permissions import permit
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.frame import settings_page

ON_A_PAGE = 20


@require_safe
def elsewhere(request: Request, connection_id: UUID) -> HttpResponse:
    """What both sides changed, and who is not there any more: each waits for a decision."""
    actor = seat_of(request)
    permit(actor, "import")
    found = _own(actor, connection_id)
    rows = waiting(found.id)
    if request.htmx:
        return render(request, "dav/elsewhere.html#notice", {"connection": found, "number": rows.count()})
    context = {"connection": found, "waiting": undecided(actor, rows[:ON_A_PAGE])}
    return settings_page(request, "dav/elsewhere.html", context)


@require_POST
def decide(request: Request, connection_id: UUID, mirrored_id: UUID) -> HttpResponse:
    """Ours goes there, theirs comes here, or somebody stays who is not there any more."""
    actor = seat_of(request)
    permit(actor, "write")
    found = _own(actor, connection_id)
    one = waiting(found.id).filter(id=mirrored_id).first()
    if one is None:
        raise Http404
    if not one.theirs:
        done, words = leave_elsewhere(actor=actor, mirrored=one), _("They stay here.")
    elif request.POST.get("keep") == "mine":
        done, words = decide_elsewhere(actor=actor, mirrored=one, is_mine=True), _("Ours holds, and is written there.")
    else:
        done, words = decide_elsewhere(actor=actor, mirrored=one, is_mine=False), _("Theirs holds.")
    toast_later(request, words, done.id)
    return redirect("dav:elsewhere", connection_id=found.id)


def _own(actor: Entrance, connection_id: UUID) -> Connection:
    """Nobody decides for the account of another."""
    found: Connection | None = Connection.objects.filter(id=connection_id, seat_id=actor.seat_id).first()
    if found is None:
        raise Http404
    return found
