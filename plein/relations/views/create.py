# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plein.core.toasts import toast_later
from plein.metadata.actions import set_values
from plein.metadata.forms import CustomFieldsForm
from plein.metadata.queries import Catalog, catalog
from plein.metadata.refusals import WrongValues
from plein.relations import actions
from plein.relations.contact import ContactError, email
from plein.relations.forms import NewRelationForm
from plein.relations.models import Relation, RelationValues
from plein.relations.queries import similar_relations
from plein.relations.refusals import Refused
from plein.relations.slots import Heard, who_may_be
from plein.relations.views.answers import address_of, list_address, refuse, sent
from plein.relations.vocabulary import RelationKind
from plein.trust.answers import Request, act, allow, page
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
    known = catalog()
    custom = CustomFieldsForm(sent(request), custom=[one for one in known.shown(kind) if one.is_required])
    if request.method == "POST":
        form = NewRelationForm(request.POST, is_person=is_person)
        if form.is_valid() & custom.is_valid():
            try:
                with act(f"create_{kind}") as done:
                    relation = actions.add_relation(actor=request.seat, kind=kind, values=form.cleaned_data)
                    fill_in(request, relation, custom, known)
            except Refused as refusal:
                refuse(form, refusal)
            except WrongValues as wrong:
                custom.refuse(wrong)
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
    context["custom_form"] = custom
    context["similar"] = similar_relations(name, kind=kind, known=_known(kind, form)) if name else []
    return page(request, "relations/relation_create.html", context, status=status)


def fill_in(
    request: Request,
    relation: Relation,
    custom: CustomFieldsForm,
    known: Catalog,
    based_on: Mapping[UUID, int] | None = None,
) -> None:
    """Fill in the fields that the company added itself."""
    if custom.custom:
        set_values(
            actor=request.seat,
            values_model=RelationValues,
            record=relation,
            values=custom.custom_values(),
            based_on=based_on,
            known=known,
        )


def _known(kind: str, form: NewRelationForm) -> dict[UUID, str]:
    """Who they may be already, by all that was filled in."""
    if kind != RelationKind.PERSON:
        return {}
    told = {name: str(form[name].value() or "")[:200] for name in ("name", "email", "phone", "place")}
    return who_may_be(Heard(**told))


@require_safe
def similar(request: Request) -> HttpResponse:
    """Who is there already under a name or an address like the one being typed."""
    kind = request.GET.get("kind", "")
    if kind not in RelationKind.values:
        raise BadRequest
    name = request.GET.get("name", "")[:200]
    known = _known(kind, NewRelationForm(request.GET, is_person=True))
    try:
        address = email(request.GET.get("email", "")[:200]).value
    except ContactError:
        address = ""
    found = similar_relations(name, kind=kind, contact_value=address, known=known)
    context = {"similar": found, "kind": kind, "name": name, "is_person": kind == RelationKind.PERSON}
    return page(request, "relations/similar.html", context, part="similar")


def uuid_or_none(text: object) -> UUID | None:
    """An id somebody sent, if it is one."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
