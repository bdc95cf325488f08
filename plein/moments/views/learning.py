# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Plein learned from colleagues, and what it would like to ask them."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.moments import actions
from plein.moments.models import Learned
from plein.moments.queries.learned import ENOUGH, Doubt, doubts, learned_versions, said_since
from plein.moments.recognised_words import LABEL_WORDS
from plein.trust.answers import Request, act, allow, go
from plein.trust.views.frame import settings_page

SHOWN = 240


@dataclass(frozen=True, slots=True)
class Asked:
    """One question about a text, as the page asks it."""

    doubt: Doubt
    words: str
    beginning: str
    percent: int


@dataclass(frozen=True, slots=True)
class Version:
    """What was learned at one time, with what it did on corrections that it did not learn from."""

    learned: Learned
    before: int
    after: int
    judged: int


@require_safe
def learned(request: Request) -> HttpResponse:
    """The versions with their figures, and what Plein is most unsure about."""
    found = learned_versions()
    questions = [_asked(one) for one in doubts()] if request.seat.can_write else []
    context = {
        "versions": [_version(one) for one in found],
        "in_use": next((one for one in found if one.is_in_use), None),
        "since": said_since(found[0] if found else None),
        "enough": ENOUGH,
        "questions": questions,
        "manages": request.seat.is_administrator,
        "can_write": request.seat.can_write,
    }
    return settings_page(request, "moments/learned.html", context)


@require_POST
def choose(request: Request) -> HttpResponseBase:
    """Read texts with another of the versions from now on, or with none."""
    allow(request, "manage")
    number = request.POST.get("number", "")
    chosen = None
    if number != "":
        if not (number.isascii() and number.isdigit() and len(number) < 7):
            raise Http404
        chosen = Learned.objects.filter(number=int(number)).order_by("-id").first()
        if chosen is None:
            raise Http404
    with act("choose_learned") as done:
        actions.choose_learned(actor=request.seat, learned=chosen)
    return go(request, reverse("moments:learned"), _("Texts are read so from now on."), done.id)


def _asked(doubt: Doubt) -> Asked:
    beginning = " ".join(doubt.text.split())
    beginning = beginning[:SHOWN].rstrip() + "…" if len(beginning) > SHOWN else beginning
    return Asked(doubt, str(LABEL_WORDS[doubt.label]), beginning, round(100 * doubt.chance))


def _version(one: Learned) -> Version:
    before, after = (round(100 * one.figures.get(name, 0)) for name in ("right_before", "right_after"))
    return Version(one, before, after, one.figures.get("judged", 0))
