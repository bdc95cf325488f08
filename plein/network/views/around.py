# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page around somebody: a picture, the same as a table, and the contacts of their contacts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.network.forms.looking import MOST, USUAL, LensForm
from plein.network.groups import group_of
from plein.network.kinds import PERIODS, TIES
from plein.network.pictures.around import drawn
from plein.network.queries import OPEN, Ego, Lens, ego, members_of
from plein.network.queries.following import this_moment
from plein.network.rows import rows_of
from plein.network.views.asked import PICTURE, TABLE
from plein.network.views.choosing import field_of
from plein.network.views.contacts import CONTACTS, contacts
from plein.relations.models import Relation
from plein.trust.answers import Request, page
from plein.trust.models import Team

TEMPLATE = "network/around.html"


@require_safe
def around_page(request: Request, relation_id: UUID) -> HttpResponse:
    """Who is around a person or an organization, as far as the reader may see."""
    form = LensForm(request.GET)
    group = form.cleaned_data["group"] if form.is_valid() else None
    seen = Relation.objects.in_bulk({relation_id, *([group] if group else [])})
    if (middle := seen.get(relation_id)) is None:
        raise Http404
    audit_look("relation", [middle], how="list")
    view = request.GET.get("view", PICTURE)
    if view == CONTACTS:
        return contacts(request, middle, tabs(middle, CONTACTS, {}))
    view = view if view == TABLE else PICTURE
    chosen = chosen_of(form, seen) if form.is_valid() else Chosen()
    around = ego(middle.id, limit=chosen.most + 1, lens=chosen.lens)
    people = Relation.objects.in_bulk({middle.id, *around.closeness, *around.firms})
    audit_look("relation", (people[one] for one in around.closeness if one in people), how="list")
    context = {
        "middle": middle,
        "view": view,
        "tabs": tabs(middle, view, chosen.address),
        "count": len(around.closeness) - 1,
        "is_open": chosen.lens.is_open,
        "fields": _fields(chosen, [people[one] for one in around.firms if one in people]),
        "problem": "" if form.is_valid() else _("That is no choice here. Choose again below."),
        **_answer(view, around, people, chosen.lens),
    }
    return page(request, TEMPLATE, context, status=200 if form.is_valid() else 422)


def _answer(view: str, around: Ego, people: dict[UUID, Relation], lens: Lens) -> dict[str, Any]:
    if view == TABLE:
        return {"rows": rows_of(around, people, lens)}
    return {"drawing": drawn(around, people)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Through what somebody chose to look, as the page shows it again."""

    lens: Lens = OPEN
    tie: str = ""
    period: str = ""
    group: Relation | Team | None = None
    most: int = USUAL

    @property
    def address(self) -> dict[str, str]:
        """What stands in the address for it."""
        group = str(self.group.id) if self.group else ""
        wanted = {"tie": self.tie, "period": self.period, "group": group, "most": self.many}
        return {name: value for name, value in wanted.items() if value}

    @property
    def many(self) -> str:
        """How many are shown at most, when that is not as usual."""
        return "" if self.most == USUAL else str(self.most)


def chosen_of(form: LensForm, seen: Mapping[UUID, Relation]) -> Chosen:
    """The lens that a form asks for; raises Http404 for a group that the reader does not see."""
    period, wanted = form.period_of(), form.cleaned_data["group"]
    lens = Lens(form.grounds(), period)
    known = seen.get(wanted)
    group = (known if known is not None and not known.is_person else group_of(wanted)) if wanted else None
    if group is not None:
        lens = replace(lens, among=members_of(group, this_moment()))
    asked = form.cleaned_data
    return Chosen(lens, asked["tie"], asked["period"] if period != OPEN.period else "", group, asked["most"] or USUAL)


def tabs(middle: Relation, view: str, address: dict[str, str]) -> list[tuple[str, str, bool]]:
    """The three ways to look at who is around somebody."""
    here = reverse("network:around", args=[middle.id])
    told = []
    for key, words in ((PICTURE, _("Picture")), (TABLE, _("Table")), (CONTACTS, _("Contacts of contacts"))):
        kept = {} if key == CONTACTS else address
        query = urlencode(({} if key == PICTURE else {"view": key}) | kept)
        told.append((words, f"{here}?{query}" if query else here, key == view))
    return told


def _fields(chosen: Chosen, firms: list[Relation]) -> list[dict[str, Any]]:
    """What one can choose by: each a name, its words, and groups of choices with the chosen one marked."""
    group = str(chosen.group.id) if chosen.group else ""
    companies = {str(one.id): one.name for one in firms}
    if isinstance(chosen.group, Relation):
        companies.setdefault(group, chosen.group.name)
    teams = [(str(one.id), one.name) for one in Team.objects.order_by("name", "id")]
    ties = [("", _("All ties")), *((key, words) for key, (words, _grounds) in TIES.items())]
    periods = [("" if key == OPEN.period else key, words) for key, words in PERIODS]
    groups = [("", [("", _("Everybody"))]), (_("Who works at"), list(companies.items())), (_("Team"), teams)]
    many = [("" if number == USUAL else number, words) for number, words in MOST]
    return [
        field_of("tie", _("Ties"), chosen.tie, [("", ties)]),
        field_of("period", _("When"), chosen.period, [("", periods)]),
        field_of("group", _("Whom"), group, groups),
        field_of("most", _("How many"), chosen.many, [("", many)]),
    ]
