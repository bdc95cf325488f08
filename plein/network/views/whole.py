# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole network: as a picture, as a table of its groups, and as a table of its people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.network.forms.looking import WholeForm
from plein.network.kinds import KNOWING, PERIODS
from plein.network.pictures.islands import Called
from plein.network.pictures.shores import between
from plein.network.pictures.whole import drawn, with_signs
from plein.network.queries import OPEN
from plein.network.queries.everybody import NoGroup, Whole, whole
from plein.network.standing_words import Words
from plein.network.views.asked import PICTURE
from plein.network.views.choosing import field_of
from plein.network.views.paging import SIZE, here, pages
from plein.relations.models import Relation
from plein.trust.answers import Request, page

TEMPLATE = "network/whole.html"
GROUPS, PEOPLE = "groups", "people"
#: So many people of each group are named in the table of groups, so many groups beside it; and of each so many whom
#: they know.
BEST, TIED, NAMED = 5, 3, 5


@require_safe
def whole_page(request: Request) -> HttpResponse:
    """Everybody, or one group, as far as everyone here sees them; with the ties the reader sees."""
    form = WholeForm(request.GET)
    is_clear = form.is_valid()
    try:
        found = whole(group=form.cleaned_data["group"], lens=form.lens()) if is_clear else whole()
    except NoGroup:
        raise Http404 from None
    view = request.GET.get("view", PICTURE)
    view = view if view in (GROUPS, PEOPLE) and not (view == GROUPS and found.group) else PICTURE
    context = {
        "view": view,
        "census": found.census,
        "group": found.group,
        "count": len(found.people),
        "problem": "" if is_clear else _("That is no choice here. Choose again below."),
        **_answer(view, found, form, is_clear=is_clear),
    }
    return page(request, TEMPLATE, context, status=200 if is_clear else 422)


def _answer(view: str, found: Whole, form: WholeForm, *, is_clear: bool) -> dict[str, Any]:
    lens, offset = (form.lens(), form.offset(SIZE)) if is_clear else (OPEN, 0)
    order = sorted(range(len(found.people)), key=lambda number: (found.people[number].group, number))
    shown = order[offset : offset + SIZE] if view == PEOPLE else with_signs(found)
    known = _known(found, shown) if view == PEOPLE else {}
    people = _people(found, [*shown, *_best(found), *(each for those in known.values() for each in those[:NAMED])])
    named = Words((), found.groups)
    words = {one.number: capfirst(named.group(one)) for one in found.groups}
    asked = {
        "tie": form.cleaned_data["tie"] if is_clear else "",
        "period": form.cleaned_data["period"] if is_clear and lens.period != OPEN.period else "",
        "group": "" if found.group is None else str(found.group.number),
    }
    told: dict[str, Any] = {
        "tabs": _tabs(view, asked),
        "fields": _fields(asked, found, words),
        "is_open": lens.is_open,
        "words": words.get(found.group.number, "") if found.group else "",
        "everything": reverse("network:whole") + here(view="" if view == PICTURE else view, group=asked["group"]),
    }
    if view == GROUPS:
        return told | {"rows": _groups(found, words, people)}
    if view == PEOPLE:
        rows = [_person(found, number, known[number], words, people) for number in shown]
        address = here(view=PEOPLE, **asked)
        is_more = offset + SIZE < len(order)
        return told | {"rows": [one for one in rows if one], **pages(address, offset, is_more=is_more)}
    short = {one.number: capfirst(named.label(one)) for one in found.groups}
    called = Called(short if found.group is None else _parts(found, people), short, words, people)
    return told | {"drawing": drawn(found, called, is_open=lens.is_open)}


def _people(found: Whole, numbers: Iterable[int]) -> dict[UUID, Relation]:
    people: dict[UUID, Relation] = Relation.objects.in_bulk({found.people[number].id for number in numbers})
    audit_look("relation", people.values(), how="list")
    return people


def _best(found: Whole) -> list[int]:
    """The best known few of each circle."""
    told: dict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(found.people):
        if len(told[one.group]) < BEST:
            told[one.group].append(number)
    return [number for those in told.values() for number in those]


def _parts(found: Whole, people: Mapping[UUID, Relation]) -> dict[int, str]:
    """What the parts of one group are called: by who is best known in each."""
    told: dict[int, str] = {}
    for one in found.people if len(found.circles) > 1 else ():
        if one.group not in told and one.id in people:
            told[one.group] = _("Around %(name)s") % {"name": people[one.id].name}
    return told


def _known(found: Whole, shown: Sequence[int]) -> dict[int, list[int]]:
    """Whom each of these knows of those who are drawn, the strongest tie first."""
    told: dict[int, list[int]] = {number: [] for number in shown}
    for tie in found.ties:
        for near, far in ((tie.one, tie.other), (tie.other, tie.one)):
            if near in told:
                told[near].append(far)
    return told


def _person(
    found: Whole, number: int, known: Sequence[int], words: Mapping[int, str], people: Mapping[UUID, Relation]
) -> dict[str, Any] | None:
    one = found.people[number]
    if one.id not in people:
        return None
    named = [people[found.people[each].id] for each in known[:NAMED] if found.people[each].id in people]
    group = found.group.number if found.group else one.group
    return {
        "who": people[one.id],
        "group": group,
        "words": words.get(group, ""),
        "joins": [words[each] for each in one.joins if each in words],
        "known": named,
        "count": len(known),
        "more": len(known) - len(named),
    }


def _groups(found: Whole, words: Mapping[int, str], people: Mapping[UUID, Relation]) -> list[dict[str, Any]]:
    tied: dict[int, Counter[int]] = defaultdict(Counter)
    for (one, other), count in between(found).items():
        tied[one][other] += count
        tied[other][one] += count
    best: dict[int, list[Relation]] = defaultdict(list)
    for each in found.people:
        if each.id in people and len(best[each.group]) < BEST:
            best[each.group].append(people[each.id])
    return [
        {
            "group": one,
            "words": words[one.number],
            "best": best[one.number],
            "tied": [(words[each], count) for each, count in tied[one.number].most_common(TIED) if each in words],
        }
        for one in found.groups
    ]


def _tabs(view: str, asked: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    address = reverse("network:whole")
    names = [(PICTURE, _("Picture")), (GROUPS, _("Groups")), (PEOPLE, _("People"))]
    return [
        (words, address + (here(view="" if key == PICTURE else key, **asked) if key != PICTURE or any(asked.values())
                           else ""), key == view)
        for key, words in names if not (key == GROUPS and asked["group"])
    ]  # fmt: skip


def _fields(asked: Mapping[str, str], found: Whole, words: Mapping[int, str]) -> list[dict[str, Any]]:
    ties = [("", _("All ties")), *((key, name) for key, (name, _grounds) in KNOWING.items())]
    periods = [("" if key == OPEN.period else key, name) for key, name in PERIODS]
    groups = [("", _("Everybody")), *((one.number, _sized(words[one.number], one.size)) for one in found.groups)]
    return [
        field_of("tie", _("Ties"), asked["tie"], [("", ties)]),
        field_of("period", _("When"), asked["period"], [("", periods)]),
        field_of("group", _("Group"), asked["group"], [("", groups)]),
    ]


def _sized(words: str, size: int) -> str:
    people = ngettext("%(count)d person", "%(count)d people", size) % {"count": size}
    return f"{words} · {people}"
