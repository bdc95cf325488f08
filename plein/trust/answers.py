# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the pages of every domain answer: a whole page or a part, a refusal, an act as one operation, a next page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from plein.core.models import Operation
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.trust.permissions import Verb, may
from plein.trust.seats import Entrance


class Request(HttpRequest):
    """A request as views see it: from somebody with a seat."""

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


@contextmanager
def act(verb: str) -> Iterator[Operation]:
    """One operation that leaves no trace at all when it is refused."""
    with transaction.atomic(), operation(verb) as done:
        yield done


def go(request: Request, address: str, text: str = "", operation_id: UUID | None = None) -> HttpResponse:
    """After an act that leads to another page: go there, and say what was done, if anything is to be said."""
    if text:
        toast_later(request, text, operation_id)
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
