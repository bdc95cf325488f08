# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.forms import Form
from django.http import Http404

from plein.consent.models import Purpose
from plein.consent.queries import purpose_of
from plein.consent.refusals import Refused
from plein.core.audit import audit_look
from plein.relations.models import Relation

UNPROCESSABLE, CONFLICT = 422, 409


def person_at(relation_id: UUID) -> Relation:
    """A person the reader may see; for everything else there is nothing at that address."""
    relation: Relation | None = Relation.objects.filter(id=relation_id).first()
    if relation is None or not relation.is_person:
        raise Http404
    audit_look("relation", [relation])
    return relation


def purpose_at(purpose_id: UUID) -> Purpose:
    """A purpose, with its words."""
    purpose = purpose_of(purpose_id)
    if purpose is None:
        raise Http404
    return purpose


def refuse(form: Form, refusal: Refused) -> None:
    """Put a refusal beside the field it is about."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
