# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of what we say is dialogue."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plein.inbox.vocabulary import CHANNELS
from plein.listening.queries import Dialogue, dialogue
from plein.listening.queries.measuring import FEWEST
from plein.listening.wording import time_taken
from plein.trust.answers import Request, page

#: The periods one may look at, in days; the second is the usual one.
PERIODS = (30, 90, 365)


@require_safe
def measured(request: Request) -> HttpResponse:
    """Both ways or one way, how soon we answer, and where nobody did."""
    wanted = request.GET.get("days", "")
    days = int(wanted) if wanted in map(str, PERIODS) else PERIODS[1]
    channels, teams = dialogue(days)
    base = reverse("listening:dialogue")
    context: dict[str, Any] = {
        "periods": [
            (ngettext("%(count)s day", "%(count)s days", one) % {"count": one}, f"{base}?days={one}", one == days)
            for one in PERIODS
        ],
        "channels": [_line(one, str(CHANNELS.get(one.name, one.name))) for one in channels],
        "teams": [_line(one, one.name) for one in teams] if request.seat.can_write else [],
        "fewest": FEWEST,
    }
    return page(request, "listening/dialogue.html", context)


def _line(one: Dialogue, name: str) -> tuple[str, Dialogue, str]:
    return name, one, time_taken(one.first_answer) if one.first_answer is not None else _("nothing answered")
