# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists of whom we know together: nobody yet, one of us alone, silent after having been strong, who knows best,
who connects groups, which ties are the only way, and who brought us whom."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.network.cards import bars_of
from plein.network.forms.looking import ListForm
from plein.network.pictures.around import strength_bars
from plein.network.queries.ours import fallen_silent, known_alone, ours, unmet, who_knows
from plein.network.views.advice import BROUGHT, brought_list
from plein.network.views.asked import typed_name
from plein.network.views.connecting import CONNECTORS, ONLY, between_list, only_list
from plein.network.views.paging import SIZE, here, pages
from plein.relations.models import Relation
from plein.relations.queries import suggestions
from plein.trust.answers import Request, page
from plein.trust.permissions import may
from plein.trust.rates import slow_down_typing

TEMPLATE = "network/lists.html"
UNMET, ALONE, SILENT, BEST = "unmet", "alone", "silent", "best"
#: Further than this nobody counts.
COUNTED = 1000


@require_safe
def lists_page(request: Request) -> HttpResponse:
    """One of the lists."""
    form = ListForm(request.GET)
    if not form.is_valid():
        problem = _("That is no list here. Choose one of these.")
        return page(request, TEMPLATE, {"tabs": _tabs(""), "problem": problem}, status=422)
    wanted = form.cleaned_data["list"] or UNMET
    context = {"list": wanted, "tabs": _tabs(wanted), "number": form.cleaned_data["page"] or 1}
    return page(request, TEMPLATE, context | WAYS[wanted](request, form))


@require_safe
def best_aside(request: Request, relation_id: UUID) -> HttpResponse:
    """Who of us knows an organization best, for its page."""
    firm = organization_of(relation_id)
    context = {"organization": firm, **_knowers(ours(), firm)}
    return page(request, TEMPLATE, context | {"tabs": _tabs(BEST), "list": BEST}, part="best_aside")


def organization_of(relation_id: UUID) -> Relation:
    """An organization that the reader sees; raises Http404."""
    found: Relation | None = Relation.objects.filter(id=relation_id, kind="organization").first()
    if found is None:
        raise Http404
    audit_look("relation", [found], how="list")
    return found


def _tabs(wanted: str) -> list[tuple[str, str, bool]]:
    address = reverse("network:lists")
    words = (
        (UNMET, _("Nobody of us knows them yet")),
        (ALONE, _("Only one of us knows them")),
        (SILENT, _("Once strong, silent now")),
        (BEST, _("Who knows them best")),
        (CONNECTORS, _("Who connects groups")),
        (ONLY, _("Only ties")),
        (BROUGHT, _("Who brings us customers")),
    )
    return [(label, address if key == UNMET else f"{address}?list={key}", key == wanted) for key, label in words]


def _unmet(request: Request, form: ListForm) -> dict[str, Any]:
    us, kind, offset = ours(), form.cleaned_data["kind"] or "person", form.offset(SIZE)
    found = unmet(us, kind).order_by("sort_name", "id")
    people = list(found[offset : offset + SIZE + 1])
    audit_look("relation", people[:SIZE], how="list")
    count = found.order_by()[: COUNTED + 1].count() if us else 0
    address = here(list=UNMET, kind="" if kind == "person" else kind)
    kinds = [(key, words, here(list=UNMET, kind="" if key == "person" else key), key == kind)
             for key, words in (("person", _("People")), ("organization", _("Organizations")))]  # fmt: skip
    asked = urlencode({"f": "known_by:empty"})
    return {
        "people": people[:SIZE] if us else [],
        "count": count,
        "is_many": count > COUNTED,
        "counted": COUNTED,
        "kind": kind,
        "kinds": kinds,
        "nobody_is_ours": not us,
        "list_url": f"{reverse('relations:person_list')}?{asked}" if kind == "person" else "",
        **pages(address, offset, is_more=len(people) > SIZE),
    }


def _alone(request: Request, form: ListForm) -> dict[str, Any]:
    us, offset = ours(), form.offset(SIZE)
    who = _one_of(us, form.cleaned_data["of"])
    counts, rows = known_alone(us, whose=who, limit=SIZE, offset=offset)
    people = _people(us, [one.id for one in rows])
    total = sum(counts.values()) if who is None else counts.get(who, 0)
    chosen = people.get(who) if who else None
    asked = urlencode({"f": f"only_known_by:is:{chosen.seat_id}"}) if chosen else ""
    lines = [
        {"who": people[one.who], "person": people[one.id], "tie": one, "bars": strength_bars(one.strength)}
        for one in rows
        if one.id in people and one.who in people
    ]
    may_take = asked and may(request.seat, "export")
    return {
        "lines": lines,
        "count": total,
        "colleagues": _colleagues(us, people, who, counts),
        "nobody_is_ours": not us,
        "list_url": f"{reverse('relations:person_list')}?{asked}" if asked else "",
        "file_url": f"{reverse('lists:export', args=['person'])}?{asked}" if may_take else "",
        **pages(here(list=ALONE, of=who or ""), offset, is_more=offset + len(rows) < total),
    }


def _silent(request: Request, form: ListForm) -> dict[str, Any]:
    del request
    us, offset = ours(), form.offset(SIZE)
    who = _one_of(us, form.cleaned_data["of"])
    count, rows = fallen_silent(us, whose=who, limit=SIZE, offset=offset)
    people = _people(us, [one.id for one in rows])
    lines = [
        {
            "who": people[one.who],
            "person": people[one.id],
            "tie": one,
            "was": strength_bars(one.was),
            "left": strength_bars(one.strength),
        }
        for one in rows
        if one.id in people and one.who in people
    ]
    return {
        "lines": lines,
        "count": count,
        "colleagues": _colleagues(us, people, who, {}),
        "nobody_is_ours": not us,
        **pages(here(list=SILENT, of=who or ""), offset, is_more=offset + len(rows) < count),
    }


def _one_of(us: list[UUID], who: UUID | None) -> UUID | None:
    if who is not None and who not in us:
        raise Http404
    return who


def _people(us: list[UUID], shown: list[UUID]) -> dict[UUID, Relation]:
    people: dict[UUID, Relation] = Relation.objects.in_bulk({*us, *shown})
    audit_look("relation", people.values(), how="list")
    return people


def _best(request: Request, form: ListForm) -> dict[str, Any]:
    wanted, name = form.cleaned_data["organization"], typed_name(request)
    if wanted is not None:
        firm = organization_of(wanted)
        return {"organization": firm, "typed": "", **_knowers(ours(), firm)}
    choices = []
    if name:
        slow_down_typing(request.seat.user.id)
        found = suggestions(name, kinds=("organization",))
        choices = [(one, here(list=BEST, organization=one.id)) for one in found]
    return {"organization": None, "typed": name, "choices": choices}


def _knowers(us: list[UUID], firm: Relation) -> dict[str, Any]:
    found = who_knows(us, firm.id)
    people = Relation.objects.in_bulk({each for one in found for each in (one.who, *(id for id, _s in one.best))})
    audit_look("relation", people.values(), how="list")
    return {
        "knowers": [
            {
                "who": people[one.who],
                "bars": bars_of(one.strength),
                "strength": one.strength,
                "count": one.count,
                "best": [people[id] for id, _strength in one.best if id in people],
            }
            for one in found
            if one.who in people
        ],
        "nobody_is_ours": not us,
    }


def _colleagues(
    us: list[UUID], people: dict[UUID, Relation], who: UUID | None, counts: dict[UUID, int]
) -> list[dict[str, Any]]:
    """All of us, or those who alone know somebody with how many, to choose from."""
    found = [people[one] for one in us if one in people and (one in counts or one == who or not counts)]
    found.sort(key=lambda one: (-counts.get(one.id, 0), one.sort_name, one.id))
    return [{"who": one, "count": counts.get(one.id), "is_chosen": one.id == who} for one in found]


WAYS = {
    UNMET: _unmet,
    ALONE: _alone,
    SILENT: _silent,
    BEST: _best,
    CONNECTORS: between_list,
    ONLY: only_list,
    BROUGHT: brought_list,
}
