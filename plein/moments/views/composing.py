# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composer as a page shows it, and the timeline under it: alike in a panel, a fragment and a page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import ngettext

from plein.core.isolation import default_circle_id
from plein.moments.forms import MODES, MomentForm
from plein.moments.models import Draft, ToDo
from plein.moments.queries import FILTERS, Cursor, MomentLine, fold_threads, timeline, todos_of_relation
from plein.moments.vocabulary import Relevance
from plein.moments.wording import ShownMoment, shown, then_at
from plein.relations.models import Relation
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Aside:
    """Moments of a day that are folded away, and the words on the fold."""

    words: str
    moments: list[ShownMoment]


@dataclass(frozen=True, slots=True)
class Day:
    """The moments of one day on a timeline."""

    on: date
    moments: list[ShownMoment]
    has_head: bool
    #: What stands aside: small talk, and mail that filed itself.
    aside: tuple["Aside", ...] = ()


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One filter of a timeline: its words, where it leads, and whether it is on."""

    words: str
    href: str
    fragment: str
    is_current: bool


def draft_key(relation_id: UUID) -> str:
    """Under which name a colleague's draft about a relation is kept."""
    return f"relation-{relation_id}"


def letter_address(relation_id: UUID) -> str:
    """Where a mail to a relation is written, once there is such a page."""
    try:
        return reverse("outbox:write", args=[relation_id])
    except NoReverseMatch:
        return ""


def composer_context(
    seat: Entrance, relation: Relation, form: MomentForm | None = None, *, is_noting: bool = False
) -> dict[str, Any]:
    """Everything the composer's template needs; an unsent draft is put back into it.

    Its tab for mail leads to writing one, unless one only wants to note a mail that went another way.
    """
    if form is None:
        kept = Draft.objects.filter(seat_id=seat.seat_id, key=draft_key(relation.id)).first()
        form = MomentForm(initial=dict(kept.content) if kept else {})
    return {
        "form": form,
        "relation": relation,
        "modes": MODES,
        "mode": form.mode,
        "compose_url": reverse("moments:compose", args=[relation.id]),
        "draft_url": reverse("moments:draft", args=[relation.id]),
        "people_url": reverse("moments:people", args=[relation.id]),
        "draft_key": draft_key(relation.id),
        "letter_url": "" if is_noting or form.is_bound else letter_address(relation.id),
        "chosen": form.initial.get("with", []) if not form.is_bound else [],
    }


def days_of(moments: Sequence[MomentLine], *, after: Cursor | None = None) -> list[Day]:
    """Moments under the days they fall on, threads folded; a day that goes on from the page before needs no head.

    Beside each moment stands who worked somewhere else then. Threads of small talk alone, and mail that filed itself,
    stand aside.
    """
    everyone = default_circle_id()
    folded = fold_threads(moments)
    last = timezone.localtime(after.occurred_at).date() if after else None
    days = []
    for day, group in groupby(folded, key=lambda pair: timezone.localtime(pair[0].occurred_at).date()):
        found: dict[str, list[ShownMoment]] = {}
        for one, earlier in group:
            line = replace(shown(one, everyone, earlier), then=then_at(one, day))
            found.setdefault(stands_aside(one, earlier), []).append(line)
        days.append(Day(day, found.pop("", []), has_head=day != last, aside=_asides(found)))
    return days


def stands_aside(moment: MomentLine, earlier: Sequence[MomentLine]) -> str:
    """What a moment is folded away as: nothing when anything in its thread is business, or not sure yet."""
    worths = {one.relevance for one in (moment, *earlier)}
    if worths == {Relevance.FILED}:
        return str(Relevance.FILED)
    return str(Relevance.SMALL_TALK) if worths and worths <= {Relevance.SMALL_TALK, Relevance.FILED} else ""


def _asides(found: dict[str, list[ShownMoment]]) -> tuple[Aside, ...]:
    talk, filed = found.get(Relevance.SMALL_TALK, []), found.get(Relevance.FILED, [])
    words = (
        ngettext("%(count)s small-talk message", "%(count)s small-talk messages", len(talk)),
        ngettext("%(count)s message filed itself", "%(count)s messages filed themselves", len(filed)),
    )
    pairs = zip(words, (talk, filed), strict=True)
    return tuple(Aside(said % {"count": len(moments)}, moments) for said, moments in pairs if moments)


def filter_links(relation_id: UUID, chosen: str, here: str) -> list[FilterLink]:
    """The filters of a timeline as links: the page one is on, and the fragment that replaces the timeline."""
    base = reverse("moments:timeline", args=[relation_id])
    return [
        FilterLink(
            str(words), f"{here}?{query}" if query else here, f"{base}?{query}" if query else base, key == chosen
        )
        for key, (words, _kinds) in FILTERS.items()
        for query in (urlencode({"kinds": key}) if key else "",)
    ]


def timeline_context(
    relation: Relation, *, chosen: str = "", before: Cursor | None = None, here: str = ""
) -> dict[str, Any]:
    """Everything the timeline's template needs, for its first page or a further one."""
    chosen = chosen if chosen in FILTERS else ""
    found = timeline(relation.id, kinds=FILTERS[chosen][1], before=before, with_coming=not chosen)
    base = reverse("moments:timeline", args=[relation.id])
    more = urlencode({**({"kinds": chosen} if chosen else {}), "before": str(found.next)}) if found.next else ""
    everyone = default_circle_id()
    todos: list[ToDo] = todos_of_relation(relation.id) if before is None and not chosen else []
    return {
        "relation": relation,
        "filters": filter_links(relation.id, chosen, here or base),
        "chosen_filter": chosen,
        "coming": [shown(one, everyone) for one in found.coming],
        "todos": todos,
        "days": days_of(found.moments, after=before),
        "more_url": f"{base}?{more}" if more else "",
        "is_first": before is None,
    }
