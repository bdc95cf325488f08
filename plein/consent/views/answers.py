# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from plein.consent.models import Purpose
from plein.consent.queries import purpose_of
from plein.consent.refusals import Refused
from plein.core.audit import audit_look
from plein.relations.models import Relation
from plein.trust.permissions import Verb, may
from plein.trust.seats import Entrance

UNPROCESSABLE, CONFLICT = 422, 409


class Request(HttpRequest):
    """A request as these views see it: from somebody with a seat."""

    seat: Entrance
    htmx: HtmxDetails


def page(
    request: Request, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or one part of it when only that was asked for."""
    name = f"{template}#{part}" if part and request.htmx else template
    about = {"can_write": request.seat.can_write, "is_administrator": request.seat.is_administrator}
    response = render(request, name, {**about, **context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def allow(request: Request, verb: Verb = "write") -> None:
    """Refuse a form to somebody who may not send it."""
    if not may(request.seat, verb):
        raise PermissionDenied(verb)


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
