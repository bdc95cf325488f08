# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the hubs of feeds say that there is news: the address names the feed, and only its hub knows the secret."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from plein.channels import actions
from plein.channels.models import Connection, ConnectionState
from plein.channels.websub import Told, agreed, is_signed, told_by
from plein.trust.models import User
from plein.trust.seats import Entrance, NoSeat, entered, user_of_job

#: More than this is no news of a feed that we would read.
LARGEST = 4_000_000
LONGEST_CHALLENGE = 1000


# Nobody's session is asked here, so there is nothing that another page could borrow.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def feed_told(request: HttpRequest, token: str) -> HttpResponse:
    """What a hub asks before it tells us, and its news; what is not signed is taken and not heeded."""
    told = told_by(token)
    if told is None:
        return _nothing()
    try:
        with entered(user_of_job(str(told.user)), told.workspace, door="worker") as actor:
            return _told(request, actor, told, token)
    except (NoSeat, User.DoesNotExist):
        return _nothing()


def _told(request: HttpRequest, actor: Entrance, told: Told, token: str) -> HttpResponse:
    mine = Connection.objects.filter(id=told.connection, seat_id=actor.seat_id, connector="feed")
    found: Connection | None = mine.first()
    if found is None:
        return _nothing(410 if request.method == "POST" else 404)
    if request.method == "POST":
        body = request.read(LARGEST + 1)
        if found.state == ConnectionState.ACTIVE and is_signed(token, request.headers.get("X-Hub-Signature", ""), body):
            actions.heed_hub(actor=actor, connection=found)
        return HttpResponse(status=202)
    asked = {name: request.GET.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge", "lease_seconds")}
    noted = agreed(found, asked["mode"], asked["topic"], asked["lease_seconds"])
    if noted is None or found.state == ConnectionState.PREVIEW:
        return _nothing()
    actions.note_hub(actor=actor, connection=found, noted=noted)
    return HttpResponse(asked["challenge"][:LONGEST_CHALLENGE], content_type="text/plain; charset=utf-8")


def _nothing(status: int = 404) -> HttpResponse:
    return HttpResponse(_("There is nothing at this address."), status=status, content_type="text/plain; charset=utf-8")
