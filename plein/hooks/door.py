# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of other programs: a call is believed, stored and answered at once; what it means is found out by a job.

Calls come in before the layers of Django (see `gate.py`). This is the same for whoever comes through them.
"""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plein.hooks.payloads import LARGEST_BODY
from plein.hooks.signing import Call
from plein.hooks.taking import Closed, Failed, Knock, NotHere, Outcome, Taken, TurnedAway, take_all
from plein.hooks.vocabulary import Wrong
from plein.trust.addresses import remote_address

#: When to come back to a hook that rests, and when to one that has no room or no database just now.
REST_SECONDS, BUSY_SECONDS = 900, 5
STATUS = {Wrong.LARGE: 413, Wrong.BODY: 400}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program is told: the status, the words, and headers."""

    status: int
    said: dict[str, object]
    headers: dict[str, str] = field(default_factory=dict)


# Nobody's session is asked here, so there is nothing that another page could borrow.
@csrf_exempt
def receive(request: HttpRequest, secret: str) -> HttpResponse:
    """Take a call in."""
    answer = only_by_post()
    if request.method == "POST":
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(headers, request.read(LARGEST_BODY + 1))
        [outcome] = take_all([Knock(secret, call, headers.get("content-type", ""), remote_address(request))])
        answer = answer_to(outcome)
    return JsonResponse(answer.said, status=answer.status, headers=answer.headers)


def answer_to(outcome: Outcome) -> Answer:
    """What to tell whoever called."""
    match outcome:
        case Taken(is_new):
            return Answer(202 if is_new else 200, {"taken": is_new})
        case NotHere():
            return _said(_("There is nothing at this address."), 404)
        case Closed():
            return _said(_("This hook rests. Come back later."), 503, REST_SECONDS)
        case TurnedAway(why, 0):
            return _said(str(why.label), STATUS.get(why, 401))
        case TurnedAway(_why, wait):
            return _said(_("Too many calls that are not right."), 429, wait)
        case Failed(is_away=True):
            return busy()
        case Failed():
            return _said(_("This call could not be stored. Tell whoever runs this Plein; the log says why."), 500)


def only_by_post() -> Answer:
    """For whoever looks instead of telling."""
    return Answer(405, {"message": _("Send it with POST.")}, {"Allow": "POST"})


def busy() -> Answer:
    """For whoever comes while there is no room or no database: nothing was taken."""
    return _said(_("There is no room for this call just now. Send it again in some seconds."), 503, BUSY_SECONDS)


def _said(words: str, status: int, wait: int = 0) -> Answer:
    return Answer(status, {"message": words}, {"Retry-After": str(wait)} if wait else {})
