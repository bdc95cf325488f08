# SPDX-License-Identifier: AGPL-3.0-or-later
"""The best of what was heard, within the minutes of the day, and what one does with it in its place."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from plein.listening import actions
from plein.listening.models import Search
from plein.listening.queries import (
    Day,
    Spent,
    about_topic,
    best_of,
    day_of,
    heard_by,
    in_minutes,
    searches_and_topics,
    standing_of,
)
from plein.listening.refusals import CannotListen
from plein.listening.views.showing import counted, items_shown
from plein.listening.vocabulary import OFFERED_MINUTES, SHOWN
from plein.listening.wording import network_words
from plein.moments.models import Moment
from plein.trust.answers import Request, act, allow, go, page

#: So many topics one may choose from.
MOST_TOPICS = 12


@require_safe
def overview(request: Request) -> HttpResponse:
    """What is listened for, and what of it deserves attention first: today, on whichever device, as far as one was."""
    listened, named = searches_and_topics()
    found = heard_by(listened)
    names, topic = {one.id: one.name for one in listened}, request.GET.get("topic", "")
    topic = topic if topic in named else ""
    day = day_of(request.seat.seat_id) if request.seat.can_write else Day()
    ids = about_topic(found.ids, UUID(topic)) if topic else found.ids
    best, spent = best_of([one for one in ids if one not in day.done]), list[Spent]()
    standing = standing_of((item.moment.id for item in best), request.seat.seat_id)
    if day.minutes:
        best, spent = in_minutes(best, standing.networks, day.minutes, day.spent)
    context = {
        "searches": [(one, counted(len(found.by[one.id]))) for one in listened],
        "items": items_shown(request, best[:SHOWN], standing, found, names),
        "spent": [(network_words(one.network), one) for one in spent],
        "is_done": bool(day.done),
        "periods": _periods(day.minutes),
        "topics": _topics(named, topic),
        "back": topic,
        "is_day": True,
    }
    return page(request, "listening/overview.html", context)


def _periods(minutes: int) -> list[tuple[str, int, bool]]:
    offered = [
        (ngettext("%(count)s minute", "%(count)s minutes", one) % {"count": one}, one, one == minutes)
        for one in OFFERED_MINUTES
    ]
    return [*offered, (pgettext("minutes to read", "All of it"), 0, not minutes)]


def _topics(named: Mapping[str, str], topic: str) -> list[tuple[str, str, bool]]:
    base = reverse("listening:overview")
    about = [(name, f"{base}?topic={one}", one == topic) for one, name in list(named.items())[:MOST_TOPICS]]
    return [(pgettext("topics", "Anything"), base, not topic), *about] if about else []


@require_POST
def minutes(request: Request) -> HttpResponse:
    """How many minutes a day one listens on each network."""
    allow(request)
    wanted = request.POST.get("minutes", "")
    chosen = int(wanted) if wanted in map(str, OFFERED_MINUTES) else 0
    actions.set_minutes(actor=request.seat, minutes=chosen)
    return go(request, reverse("listening:overview"))


@require_POST
def do(request: Request, moment_id: UUID) -> HttpResponse:
    """Do something with a post in its place."""
    allow(request)
    moment = get_object_or_404(Moment.objects, id=moment_id, kind="post")
    back = _way_back(request.POST.get("back", ""))
    try:
        with act("do_with_heard") as done:
            actions.do_with(actor=request.seat, moment=moment, doing=request.POST.get("doing", ""))
    except CannotListen as refusal:
        return go(request, back, str(refusal))
    return go(request, back, _("Done."), done.id)


def _way_back(said: str) -> str:
    """To the page it was shown on: of a search, else of everything or of one topic."""
    try:
        named = UUID(said)
    except ValueError:
        return reverse("listening:overview")
    if Search.objects.filter(id=named).exists():
        return reverse("listening:search", args=[named])
    return f"{reverse('listening:overview')}?topic={named}"
