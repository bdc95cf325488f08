# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.channels.connectors.icalfeed.parse import NoCalendar
from plein.dav.bringing import CHANGED, NEW, PAST, REFUSED, SAME, Brought
from plein.dav.forms import CalendarForm
from plein.dav.looking import WHILE_WAITING, bring_calendar, look_at_calendar, read_file
from plein.trust.answers import Request, allow, page
from plein.trust.rates import UPLOADS, slow_down
from plein.trust.views.frame import UNPROCESSABLE


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: Request) -> HttpResponse:
    """A calendar file comes in, and what became of each appointment is told at once; the same one changes nothing."""
    allow(request, "import")
    if request.method != "POST":
        return _page(request, CalendarForm())
    form = CalendarForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    slow_down("upload", request.seat.user.id, most=UPLOADS)
    try:
        found = read_file(form.cleaned_data["file"].read())
        if len(found) > WHILE_WAITING:
            told = _("At most %(most)s appointments at once; “plein import calendar” takes any number.")
            raise NoCalendar(told % {"most": WHILE_WAITING})
    except NoCalendar as trouble:
        form.add_error("file", str(trouble))
        return _page(request, form, status=UNPROCESSABLE)
    circle, only_looks = form.cleaned_data["circle"], "look" in request.POST
    if only_looks:
        brought = look_at_calendar(actor=request.seat, some=found, circle=circle)
    else:
        with transaction.atomic():
            _operation, brought = bring_calendar(actor=request.seat, some=found, circle=circle)
    again = CalendarForm(initial={"circle": circle})
    return _page(request, again, brought=[_line(one, only_looks=only_looks) for one in brought], only_looks=only_looks)


def _line(one: Brought, *, only_looks: bool) -> dict[str, Any]:
    words = {NEW: _("New"), CHANGED: _("Changed"), SAME: _("The same"), PAST: _("Left out"), REFUSED: _("Unreadable")}
    return {
        "title": one.title,
        "starts": one.starts_at,
        "is_day": "T" not in one.starts,
        "becomes": words[one.becomes],
        "reason": one.reason,
        "moment_id": None if only_looks and one.becomes == NEW else one.moment_id,
    }


def _page(request: Request, form: CalendarForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return page(request, "dav/bring_in.html", {"form": form, "most": WHILE_WAITING, **more}, status=status)
