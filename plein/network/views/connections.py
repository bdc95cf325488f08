# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in a list of one's connections on a network: the list, what came of it, and who is meant by some of it."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.core.sheets import NotRead
from plein.core.toasts import toast_later
from plein.network.actions.connections import Brought, load_connections
from plein.network.connections import Connection, Holds, read_connections
from plein.network.forms.connections import MOST, ConnectionsForm, ConnectionsWishes, Decided, answers, kept_line
from plein.relations.refusals import Refused
from plein.trust.answers import Request, act, allow, page
from plein.trust.views.frame import UNPROCESSABLE


@require_http_methods(["GET", "HEAD", "POST"])
def connections(request: Request) -> HttpResponse:
    """The list comes in; of whom it is not sure who they are, is asked at once. The same list again changes nothing."""
    allow(request, "import")
    if request.method != "POST":
        return _page(request, ConnectionsForm())
    if "decide" in request.POST:
        found, decided = answers(request.POST)
        return _come_in(request, ConnectionsWishes(request.POST), found, decided)
    form = ConnectionsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    try:
        found = read_connections(form.cleaned_data["file"].read())
    except NotRead as trouble:
        form.add_error("file", str(trouble))
        return _page(request, form, status=UNPROCESSABLE)
    return _come_in(request, form, found, {})


def _come_in(request: Request, form: ConnectionsWishes, found: list[Connection], decided: Decided) -> HttpResponse:
    if not form.is_valid():
        return _page(request, ConnectionsForm(request.POST), status=UNPROCESSABLE)
    values = form.cleaned_data
    try:
        with act("load_connections") as done:
            brought = load_connections(
                actor=request.seat,
                connections=found,
                holds=Holds(values["holds"]),
                circle=values["circle"],
                makes_people=values["makes_people"],
                decided=decided,
            )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=UNPROCESSABLE)
    if brought.unsure and not decided:
        return _page(request, form, brought=brought)
    toast_later(request, _told(brought), done.id)
    if brought.elsewhere:
        return HttpResponseRedirect(f"{reverse('moments:job_news')}?brought_by={brought.operation_id}")
    return HttpResponseRedirect(reverse("network:connections"))


def _told(brought: Brought) -> str:
    ties = ngettext("%(count)s tie is new", "%(count)s ties are new", brought.ties) % {"count": brought.ties}
    people = ngettext("%(count)s person was added", "%(count)s people were added", brought.people)
    return _("%(ties)s, %(people)s.") % {"ties": ties, "people": people % {"count": brought.people}}


def _page(
    request: Request, form: ConnectionsWishes, *, brought: Brought | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "brought": brought}
    if brought is not None:
        context |= {
            "told": _told(brought),
            "unsure": [(one, kept_line(one.connection)) for one in brought.unsure[:MOST]],
            "left": max(len(brought.unsure) - MOST, 0),
            "values": form.cleaned_data,
        }
    return page(request, "network/connections.html", context, status=status)
