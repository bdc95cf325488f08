# SPDX-License-Identifier: AGPL-3.0-or-later
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from plein.notifications.stream.answer import answer
from plein.notifications.stream.passes import Pass
from plein.trust.answers import Request
from plein.trust.session_store import digest_of_key


@require_safe
def stream(request: Request) -> HttpResponseBase:
    """What is new, as it comes in, for as long as the page is open."""
    seat = request.seat
    session = digest_of_key(request.session.session_key or "")
    # A browser sends the header when it comes back by itself; a page that was opened anew says it in the address.
    last = request.headers.get("Last-Event-ID") or request.GET.get("last", "")
    holder = Pass(seat.user.id, seat.workspace_id, seat.seat_id, session=session)
    return answer(holder, last, is_asked_for=request.method == "GET")
