# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of other programs: a call is believed, stored and answered at once; what it means is found out by a job."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plein.hooks.payloads import LARGEST_BODY
from plein.hooks.signing import Call
from plein.hooks.taking import Closed, NotHere, TurnedAway, take
from plein.hooks.vocabulary import Wrong
from plein.trust.addresses import remote_address

#: When to come back to a hook that rests.
REST_SECONDS = 900
STATUS = {Wrong.LARGE: 413, Wrong.BODY: 400}


# Nobody's session is asked here, so there is nothing that another page could borrow.
@csrf_exempt
def receive(request: HttpRequest, secret: str) -> HttpResponse:
    """Take a call in."""
    if request.method != "POST":
        return _said(_("Send it with POST."), 405, Allow="POST")
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Call(headers, request.read(LARGEST_BODY + 1))
    try:
        taken = take(secret, call, request.headers.get("Content-Type", ""), remote_address(request))
    except NotHere:
        return _said(_("There is nothing at this address."), 404)
    except Closed:
        return _said(_("This hook rests. Come back later."), 503, **{"Retry-After": str(REST_SECONDS)})
    except TurnedAway as refusal:
        if refusal.wait:
            return _said(_("Too many calls that are not right."), 429, **{"Retry-After": str(refusal.wait)})
        return _said(str(refusal.why.label), STATUS.get(refusal.why, 401))
    return JsonResponse({"taken": taken.is_new}, status=202 if taken.is_new else 200)


def _said(words: str, status: int, **headers: str) -> HttpResponse:
    return JsonResponse({"message": words}, status=status, headers=headers)
