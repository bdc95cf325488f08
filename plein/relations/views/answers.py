# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages of this domain share: how they fetch, how they answer, and how an act becomes one operation."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import NoReverseMatch, reverse

from plein.core.audit import audit_look
from plein.core.toasts import toast_later, toast_now
from plein.relations.forms import MayBeBack
from plein.relations.models import Relation
from plein.relations.picture import details_of, own_facts_of
from plein.relations.queries import picture_of, relation_of
from plein.relations.refusals import IS_BACK, Refused
from plein.relations.slots import facts, notices
from plein.relations.vocabulary import RelationKind
from plein.trust.answers import Request, page


def found(relation_id: UUID) -> Relation:
    """A relation the reader may see; for everything else there is nothing at that address."""
    relation = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    audit_look("relation", [relation])
    relation_now: Relation = relation
    return relation_now


def address_of(relation: Relation) -> str:
    return reverse("relations:relation", args=[relation.id])


def chosen_ids(request: Request) -> list[UUID]:
    """The ids the form sent; what is no id is nobody."""
    ids = []
    for text in request.POST.getlist("ids"):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


def sent(request: Request) -> QueryDict | None:
    """What a form sent, or None when it is only asked for."""
    return request.POST if request.method == "POST" else None


def refuse(form: Form, refusal: Refused) -> None:
    """Put a refusal beside the field it is about."""
    if refusal.field == IS_BACK and isinstance(form, MayBeBack):
        form.ask_whether_they_are_back()
    field = refusal.field if refusal.field in form.fields else next(iter(form.fields), None)
    form.add_error(field, str(refusal))


def back(request: Request, relation: Relation, part: str, text: str, operation_id: UUID | None = None) -> HttpResponse:
    """After an act: the part of the page that changed, or the page, and a sentence that says what was done."""
    if not request.htmx:
        toast_later(request, text, operation_id)
        return HttpResponseRedirect(address_of(relation))
    return toast_now(section_of(request, relation.id, part), text, operation_id)


def record_context(relation_id: UUID) -> dict[str, Any]:
    """What the page of one relation, or any part of it, shows; 404 when there is nothing the reader may see."""
    relation = relation_of(relation_id)
    if relation is None:
        raise Http404
    picture = picture_of(relation)
    return {
        "relation": relation,
        "picture": picture,
        "own_facts": own_facts_of(picture),
        "facts": [fact for fact in (make(relation) for make in facts) if fact and fact.value],
        "notices": [found for notice in notices if (found := notice(relation))],
        "details": details_of(relation),
        "list_url": reverse("relations:person_list" if relation.is_person else "relations:organization_list"),
        "history_url": history_address(relation_id),
    }


def list_address(kind: str) -> str:
    """The list of relations of a kind."""
    return reverse("relations:person_list" if kind == RelationKind.PERSON else "relations:organization_list")


def history_address(relation_id: UUID) -> str:
    """Where the history of one relation is, once there is such a page."""
    try:
        return reverse("web:relation_history", args=[relation_id])
    except NoReverseMatch:
        return ""


def section_of(
    request: Request,
    relation_id: UUID,
    part: str,
    custom: Callable[[Request, dict[str, Any]], object] | None = None,
) -> HttpResponse:
    """One section of the pane as it is now, with the sentence and the facts that may have changed with it."""
    context = {"part_template": f"relations/pane.html#{part}", **record_context(relation_id)}
    if custom is not None:
        context["custom"] = custom(request, context)
    return page(request, "relations/section.html", context)
