# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which networks our customers use, to choose channels by."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plein.lists.conditions import BadFilter
from plein.lists.kinds import kind_of
from plein.lists.models import SavedView
from plein.lists.query import ViewQuery, ids, open_view
from plein.moments.answer_words import name_of, speed_of
from plein.moments.queries.channels import channels_used
from plein.trust.answers import Request, page

#: The periods one may look at, in days; the second is the usual one.
PERIODS = (30, 90, 365)
#: Of so many relations of a filter the figures are made; so many saved views are offered.
MOST, MOST_VIEWS = 5000, 50


@require_safe
def used(request: Request) -> HttpResponse:
    """A picture and its table: how many use each, how soon they answer; of everybody, or of a filter of their list."""
    kind = "organization" if request.GET.get("kind") == "organization" else "person"
    wanted = request.GET.get("days", "")
    days = int(wanted) if wanted in map(str, PERIODS) else PERIODS[1]
    kept = {name: request.GET[name] for name in ("f", "q") if request.GET.get(name)}
    among, problem = _among(request, kind)
    total, channels = channels_used(days, kind, among[:MOST] if among is not None else None)
    here = reverse("listening:channels")
    context: dict[str, Any] = {
        "periods": [
            (
                ngettext("%(count)s day", "%(count)s days", one) % {"count": one},
                f"{here}?{urlencode({'days': one, 'kind': kind} | kept)}",
                one == days,
            )
            for one in PERIODS
        ],
        "kinds": [
            (words, f"{here}?{urlencode({'days': days, 'kind': one})}", one == kind)
            for one, words in (("person", _("People")), ("organization", _("Organizations")))
        ],
        "views": _views(kind, here, days),
        "is_narrowed": among is not None,
        "whole": f"{here}?{urlencode({'days': days, 'kind': kind})}",
        "is_cut": among is not None and len(among) > MOST,
        "most": MOST,
        "problem": problem,
        "total": total,
        "channels": [(name_of(one.kind, one.network), one, speed_of(one.waited)) for one in channels],
    }
    return page(request, "listening/channels.html", context)


def _among(request: Request, kind: str) -> tuple[list[UUID] | None, str]:
    """Whom the filter in the address is about, nobody in particular without one; and what is wrong with it."""
    if not (request.GET.get("f") or request.GET.get("q")):
        return None, ""
    try:
        view = open_view(ViewQuery.read(kind_of(kind), request.GET), request.seat)
    except BadFilter as trouble:
        return [], str(trouble)
    return ids(view, limit=MOST + 1), ""


def _views(kind: str, here: str, days: int) -> list[tuple[str, str]]:
    """The saved views of this kind that the reader sees: each is a segment to look at."""
    saved = SavedView.objects.filter(kind=kind).order_by("name", "id")[:MOST_VIEWS]
    return [(one.name, f"{here}?{urlencode({'days': days, 'kind': kind})}&{one.query}") for one in saved]
