# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts of contacts: how many are one, two and three ties away, who, and who is in between."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plein.core.audit import audit_look
from plein.network.cards import bars_of
from plein.network.forms.looking import PeopleForm
from plein.network.queries import PeopleFilter, Reach, reach
from plein.relations.models import Relation, Tag
from plein.relations.queries import suggestions
from plein.relations.queries.choices import Choice
from plein.trust.answers import Request, page
from plein.trust.rates import slow_down_typing

CONTACTS = "contacts"
TEMPLATE = "network/contacts.html"
SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody so many ties away."""

    who: Relation
    bars: int
    closeness: float
    between: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody has to work: an organization, or what was typed with those that may be meant."""

    id: UUID | None = None
    name: str = ""
    choices: tuple[Choice, ...] = ()


def contacts(request: Request, middle: Relation, tabs: list[tuple[str, str, bool]]) -> HttpResponse:
    """A page of the people of one degree, the closest first."""
    form = PeopleForm(request.GET)
    is_valid = form.is_valid()
    degree = form.cleaned_data.get("degree") or 2
    where = _works_at(request, form) if is_valid else Where()
    only = form.only(where.id) if is_valid else PeopleFilter()
    offset = form.offset(SIZE) if is_valid else 0
    found = reach(middle.id, depth=3, degree=degree, only=only, limit=SIZE, offset=offset)
    lines, people = lines_of(found)
    audit_look("relation", people.values(), how="list")
    address = _address(request, degree, where.id)
    total = found.counts[degree]
    context = {
        "middle": middle,
        "tabs": tabs,
        "form": form,
        "degree": degree,
        "degrees": [(number, count, address(degree=number)) for number, count in found.counts.items()],
        "lines": lines,
        "total": total,
        "from": offset + 1 if lines else 0,
        "until": offset + len(lines),
        "previous": address(page=offset // SIZE) if offset else "",
        "next": address(page=offset // SIZE + 2) if offset + len(lines) < total else "",
        "tags": list(dict.fromkeys(Tag.objects.order_by("name").values_list("name", flat=True))),
        "organization": where.id,
        "works_at": where.name,
        "choices": [(one, address(organization=one.id)) for one in where.choices],
        "is_unknown": bool(where.name) and where.id is None and not where.choices,
        "is_open": only.is_open,
        "problem": "" if is_valid else _("Look at the fields marked below, then search again."),
    }
    return page(request, TEMPLATE, context, status=200 if is_valid else 422)


def _works_at(request: Request, form: PeopleForm) -> Where:
    """The organization by its id, or by the name that somebody typed, which may be that of several."""
    asked, name = form.cleaned_data["organization"], form.cleaned_data["works_at"]
    present = Relation.objects.filter(id=asked, kind="organization").first() if asked else None
    if asked and present is None:
        raise Http404
    if present is not None and name in ("", present.name) and ("works_at" not in request.GET or name):
        return Where(present.id, present.name)
    if not name:
        return Where()
    slow_down_typing(request.seat.user.id)
    found = suggestions(name, kinds=("organization",))
    exact = [one for one in found if one.name.casefold() == name.casefold()] or found
    if len(exact) == 1:
        return Where(exact[0].id, exact[0].name)
    return Where(None, name, tuple(found))


def lines_of(found: Reach) -> tuple[list[Line], dict[UUID, Relation]]:
    """Those who were found with their names, and with who is in between; one query."""
    ids = {one.id for one in found.rows} | {each for one in found.rows for each in one.between}
    people = Relation.objects.in_bulk(ids)
    lines = [
        Line(
            people[one.id],
            bars_of(one.closeness),
            one.closeness,
            tuple(people[each] for each in one.between if each in people),
        )
        for one in found.rows
        if one.id in people
    ]
    return lines, people


def _address(request: Request, degree: int, organization: UUID | None) -> Any:
    kept: dict[str, object] = {name: request.GET[name] for name in ("place", "role", "tag") if request.GET.get(name)}
    if organization is not None:
        kept["organization"] = organization

    def address(**changes: object) -> str:
        query = {"view": CONTACTS, "degree": degree, **kept, **changes}
        return "?" + urlencode({name: str(value) for name, value in query.items()})

    return address
