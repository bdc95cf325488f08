# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages of this domain share: how they fetch, how they answer, and how an act becomes one operation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from plein.core.models import Operation
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.moments.models import Moment
from plein.relations.models import Relation
from plein.trust.permissions import Verb, may
from plein.trust.seats import Entrance


class Request(HttpRequest):
    """A request as these views see it: from somebody with a seat."""

    seat: Entrance
    htmx: HtmxDetails


def page(
    request: Request, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or one part of it when only that was asked for."""
    name = f"{template}#{part}" if part and request.htmx else template
    response = render(request, name, {"can_write": request.seat.can_write, **context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def allow(request: Request, verb: Verb = "write") -> None:
    """Refuse a form to somebody who may not send it."""
    if not may(request.seat, verb):
        raise PermissionDenied(verb)


def found_relation(relation_id: UUID) -> Relation:
    """A relation the reader may see; for everything else there is nothing at that address."""
    relation = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    return relation


def found_moment(moment_id: UUID) -> Moment:
    """A moment the reader may see; for everything else there is nothing at that address."""
    moment = Moment.objects.filter(id=moment_id).first()
    if moment is None:
        raise Http404
    return moment


def address_of(relation_id: UUID | None) -> str:
    """The page of a relation, or its timeline while there is no such page; Today without one."""
    if relation_id is None:
        return "/"
    try:
        return reverse("relations:relation", args=[relation_id])
    except NoReverseMatch:
        return reverse("moments:timeline", args=[relation_id])


@contextmanager
def act(verb: str) -> Iterator[Operation]:
    """One operation that leaves no trace at all when it is refused."""
    with transaction.atomic(), operation(verb) as done:
        yield done


def go(request: Request, address: str, text: str, operation_id: UUID | None = None) -> HttpResponseBase:
    """After an act that leads to another page: go there, and say what was done."""
    toast_later(request, text, operation_id)
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
