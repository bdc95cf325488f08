# SPDX-License-Identifier: AGPL-3.0-or-later
"""An agenda to follow: a secret address that gives, each time, what its owner may see at that moment."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plein.core.audit import arriving_with
from plein.dav.actions.keys import find_key
from plein.dav.ics_text import write_feed
from plein.dav.queries.agenda import events_of
from plein.trust.actions import is_vouched_for
from plein.trust.addresses import remote_address
from plein.trust.rates import seconds_to_wait
from plein.trust.seats import NoSeat, entered
from plein.trust.zones import zone_of

READS_A_MINUTE = 30
LONGEST_SECRET = 60


def agenda(request: HttpRequest, secret: str) -> HttpResponse:
    """The agenda behind an address, to read and no more; an address that was revoked is one that never was."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    key = find_key(secret, kind="agenda", address=remote_address(request)) if len(secret) <= LONGEST_SECRET else None
    if key is None:
        return HttpResponse(status=404)
    if wait := seconds_to_wait(key.id, most=READS_A_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    user, zone = key.user, zone_of(key.user)
    try:
        with (
            translation.override(user.language or "en"),
            timezone.override(zone),
            arriving_with(key.id),
            entered(user, key.into_workspace, door="dav") as seat,
        ):
            own = replace(seat, scope="read", is_proven=False)
            if own.owes_proof and not is_vouched_for(user):
                return HttpResponse(status=404)
            title = _("Agenda of %(name)s") % {"name": user.name or user.email}
            text = write_feed(events_of(own.seat_id, {}, zone), title)
    except NoSeat:
        return HttpResponse(status=404)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"X-Robots-Tag": "noindex"})
