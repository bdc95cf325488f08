# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plein.core.toasts import toast_later
from plein.relations import actions
from plein.relations.contact import ContactError, email
from plein.relations.forms import NewRelationForm
from plein.relations.models import Relation
from plein.relations.names import fold_name
from plein.relations.queries import similar_relations, suggestions
from plein.relations.refusals import Refused
from plein.relations.views.answers import Request, act, address_of, allow, page, refuse
from plein.relations.views.lists import list_address
from plein.relations.vocabulary import ContactKind, RelationKind
from plein.trust.circles import UnknownCircle


@require_http_methods(["GET", "HEAD", "POST"])
def person_create(request: Request) -> HttpResponse:
    return new_relation(request, RelationKind.PERSON)


@require_http_methods(["GET", "HEAD", "POST"])
def organization_create(request: Request) -> HttpResponse:
    return new_relation(request, RelationKind.ORGANIZATION)


def new_relation(request: Request, kind: str) -> HttpResponse:
    """The form for somebody new, and what becomes of it."""
    allow(request)
    is_person = kind == RelationKind.PERSON
    if request.method == "POST":
        form = NewRelationForm(request.POST, is_person=is_person)
        if form.is_valid():
            try:
                with act(f"create_{kind}") as done:
                    relation = create(request, kind, form.cleaned_data)
            except Refused as refusal:
                refuse(form, refusal)
            except UnknownCircle:
                form.add_error("audience", _("Choose one of these."))
            else:
                toast_later(request, _("%(name)s added.") % {"name": relation.name}, done.id)
                return HttpResponseRedirect(address_of(relation))
        status = 422
    else:
        form = NewRelationForm(initial={"name": request.GET.get("name", "")[:300]}, is_person=is_person)
        status = 200
    name = str(form["name"].value() or "")
    context = {"form": form, "kind": kind, "is_person": is_person, "here": list_address(kind), "name": name}
    context["similar"] = similar_relations(name, kind=kind) if name else []
    return page(request, "relations/relation_create.html", context, status=status)


def create(request: Request, kind: str, values: dict[str, Any]) -> Relation:
    """Make the relation with its contact points and its first role, all in one operation."""
    make = actions.create_person if kind == RelationKind.PERSON else actions.create_organization
    relation = make(actor=request.seat, name=values["name"], place=values["place"], circle_key=values["audience"])
    for point in (ContactKind.EMAIL, ContactKind.PHONE):
        if values[point]:
            try:
                actions.add_contact_point(actor=request.seat, relation=relation, text=values[point], kind=point)
            except ContactError as trouble:
                raise Refused(str(trouble), str(point)) from trouble
    if values.get("organization"):
        organization = organization_called(request, values["organization"], values["audience"])
        actions.add_membership(
            actor=request.seat, person=relation, organization=organization, role=values.get("role", "")
        )
    return relation


def organization_called(request: Request, name: str, audience: str = "") -> Relation:
    """The one organization of exactly this name, or a new one; raises Refused when several are called so."""
    same = [
        one.id
        for one in suggestions(name, kinds=(RelationKind.ORGANIZATION,), limit=30)
        if fold_name(one.name) == fold_name(name)
    ]
    if len(same) > 1:
        raise Refused(
            _("Several organizations are called so. Leave this empty and choose the right one on the page."),
            "organization",
        )
    if same:
        saved: Relation = Relation.objects.get(id=same[0])
        return saved
    return actions.create_organization(actor=request.seat, name=name, circle_key=audience)


@require_safe
def similar(request: Request) -> HttpResponse:
    """Who is there already under a name or an address like the one being typed."""
    kind = request.GET.get("kind", "")
    if kind not in RelationKind.values:
        raise BadRequest
    name = request.GET.get("name", "")[:200]
    try:
        address = email(request.GET.get("email", "")[:200]).value
    except ContactError:
        address = ""
    found = similar_relations(name, kind=kind, contact_value=address)
    context = {"similar": found, "kind": kind, "name": name, "is_person": kind == RelationKind.PERSON}
    return page(request, "relations/similar.html", context, part="similar")


def uuid_or_none(text: object) -> UUID | None:
    """An id somebody sent, if it is one."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
