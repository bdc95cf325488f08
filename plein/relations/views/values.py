# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fields that a company added itself, on the page of a relation."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from plein.metadata.models import Field
from plein.metadata.queries import values_found
from plein.metadata.views.values import AddressOf, Place, ShownGroup, answer, fields_on, grouped
from plein.relations.models import Relation, RelationValues, Tagging
from plein.relations.views.answers import address_of, found
from plein.relations.views.create import uuid_or_none
from plein.trust.answers import Request


def address_in(relation_id: UUID) -> AddressOf:
    """Where each value of a relation is changed."""

    def address(field: Field) -> str:
        return reverse("relations:value", args=[relation_id, field.id])

    return address


def own_groups(request: Request, context: dict[str, Any]) -> list[ShownGroup]:
    """The fields of a relation by group, for a context that `record_context` made: it read them too."""
    relation = context["relation"]
    known, cells = values_found(relation.own_fields)
    tags = [UUID(str(tag["id"])) for tag in context["picture"].tags]
    fields = fields_on(known, cells, relation.kind, tags, uuid_or_none(request.GET.get("view")))
    return grouped(fields, cells, address_in(relation.id))


def tags_of(relation: Relation) -> list[UUID]:
    """The tags a relation is filed under."""
    return list(Tagging.objects.filter(relation=relation).values_list("tag_id", flat=True))


@require_http_methods(["GET", "HEAD", "POST"])
def value(request: Request, relation_id: UUID, field_id: UUID) -> HttpResponse:
    """One value of a relation."""
    relation = found(relation_id)
    edit = reverse("relations:edit", args=[relation.id])
    place = Place(RelationValues, relation, address_in(relation.id), address_of(relation), edit)
    return answer(request, place, field_id)
